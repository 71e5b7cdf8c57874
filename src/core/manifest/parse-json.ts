import { isList, isObject, type Json } from "../model/json.ts";
import { scanJson } from "./json-scan.ts";
import {
  describeExceeded,
  findSizeViolation,
  gitFileLimits,
  limitProblem,
  lineAt,
  type LimitViolation,
  type ManifestLimits,
} from "./limits.ts";
import type { ManifestProblem } from "./problem.ts";
import { readStrictJson } from "./strict-json.ts";

/** What came of a JSON text: the value, or why it has none. */
export type JsonResult =
  | { readonly type: "parsed"; readonly value: Json }
  | { readonly type: "refused"; readonly problem: ManifestProblem };

/** The limits that concern JSON. */
export type JsonLimits = Pick<ManifestLimits, "bytes" | "depth" | "nodes">;

/**
 * Reads one JSON value (RFC 8259; a byte order mark is skipped). Integers that a double cannot hold exactly become
 * `bigint`; `__proto__` stays a key like any other; a key that occurs twice in one mapping is refused, because
 * readers disagree on which one counts. Never throws and never overflows the stack, whatever the text.
 */
export function parseJson(text: string, limits: JsonLimits = gitFileLimits): JsonResult {
  const tooLarge = findSizeViolation(text, limits);
  if (tooLarge !== undefined) return refuse(tooLarge);
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const scan = scanJson(json, limits);
  if (scan.exceeded !== undefined)
    return refuse(describeExceeded(scan.exceeded, json, limits[scan.exceeded.limit]));
  const value = scan.hasUnsafeNumber ? undefined : parseFast(json);
  if (value !== undefined && countKeys(value) === scan.keys) return { type: "parsed", value };
  const strict = readStrictJson(json);
  if (strict.type === "parsed") return { type: "parsed", value: strict.value };
  return { type: "refused", problem: { ...strict.problem, line: lineAt(json, strict.offset) } };
}

function refuse(violation: LimitViolation): JsonResult {
  return { type: "refused", problem: limitProblem(violation) };
}

/** What JSON.parse makes of the text, undefined where it refuses: its message may quote a secret and names no line. */
function parseFast(text: string): Json | undefined {
  try {
    // JSON.parse gives nothing but Json; the declared type is `any`.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The number of keys of all mappings. Fewer than colons in the text: a key occurred twice. */
function countKeys(value: Json): number {
  let keys = 0;
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isList(next)) {
      for (const item of next) if (typeof item === "object" && item !== null) open.push(item);
    } else if (isObject(next)) {
      const names = Object.keys(next);
      keys += names.length;
      for (const name of names) {
        const child = next[name];
        if (typeof child === "object" && child !== null) open.push(child);
      }
    }
  }
  return keys;
}
