import type { core } from "zod";
import { isList, isObject, type Json } from "../core/model/json.ts";
import type { RawPath } from "../core/model/path.ts";
import { closest, didYouMean } from "../core/model/closest.ts";
import type { Problem } from "./problem.ts";
import { type KnownKeys, knownKeys } from "./schema.ts";
import { credentialsRefused } from "./schema-words.ts";

/** What the schema has to say, as problems: each with what stands there and what is expected. */
export function explainIssues(issues: readonly core.$ZodIssue[], value: Json): Problem[] {
  return issues.flatMap((issue) => explain(issue, value, []));
}

function explain(issue: core.$ZodIssue, root: Json, prefix: RawPath): Problem[] {
  const path: RawPath = [...prefix, ...issue.path.map((part) => (typeof part === "symbol" ? "" : part))];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key]));
  if (issue.code === "invalid_key") {
    return [{ path, at: "key", message: issue.issues[0]?.message ?? issue.message }];
  }
  const found = valueAt(root, path);
  if (found === undefined) return missing(path, issue.message, root);
  const branch = issue.code === "invalid_union" ? matchingBranch(issue.errors) : undefined;
  if (branch !== undefined) return branch.flatMap((inner) => explain(inner, root, path));
  return [{ path, at: "value", message: `${issue.message}${given(issue, found)}` }];
}

/** What stands there instead, where it may be shown, and what was most likely meant. */
function given(issue: core.$ZodIssue, found: Json): string {
  if (issue.message === credentialsRefused) return "";
  const isChoice = issue.code === "invalid_value" && typeof found === "string";
  return `; got ${showValue(found)}${isChoice ? didYouMean(found, issue.values.map(String)) : ""}`;
}

/** The branch of a union that has the type of the value: its problems are about something inside. */
function matchingBranch(
  branches: readonly (readonly core.$ZodIssue[])[],
): readonly core.$ZodIssue[] | undefined {
  return branches.find((issues) =>
    issues.every((issue) => issue.code !== "invalid_type" || issue.path.length > 0),
  );
}

function missing(path: RawPath, expected: string, root: Json): Problem[] {
  const parent = path.slice(0, -1);
  const holder = valueAt(root, parent);
  const present = isObject(holder) ? Object.keys(holder) : [];
  const { now } = keysOf(parent);
  // One mistake, told better by the key that is there: `clustres:`.
  const isMisspelt = present.some((key) => !now.includes(key) && closest(key, now) === path.at(-1));
  return isMisspelt ? [] : [{ path, at: "value", message: `is missing; ${expected}` }];
}

function unknownKey(path: RawPath): Problem {
  const key = String(path.at(-1));
  const { now, later } = keysOf(path.slice(0, -1));
  const message = later.includes(key)
    ? "is not supported by this version"
    : `unknown key${didYouMean(key, now)}; expected one of ${now.filter((name) => name !== "$schema").join(", ")}`;
  return { path, at: "key", message };
}

function keysOf(path: RawPath): KnownKeys {
  const pattern = path
    .map((part, i) => (typeof part === "number" || path[i - 1] === "clusters" ? "*" : part))
    .join(".");
  return knownKeys[pattern] ?? { now: [], later: [] };
}

function valueAt(root: Json, path: RawPath): Json | undefined {
  let value: Json | undefined = root;
  for (const part of path) {
    if (isList(value)) value = value[Number(part)];
    else if (isObject(value) && Object.hasOwn(value, part)) value = value[String(part)];
    else return undefined;
  }
  return value;
}

/** A value for a message: short, on one line, and never a URL that may hold a credential. */
function showValue(value: Json): string {
  if (isList(value)) return "a list";
  if (isObject(value)) return "a mapping";
  if (typeof value !== "string") return value === null ? "nothing" : String(value);
  if (value.includes("://") && value.includes("@")) return "a URL with a user in it";
  if (value.includes("://") && /[?#]/.test(value)) return "a URL with a part behind ? or #";
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
