import type { Json } from "../model/json.ts";
import { type ManifestLimits, snapshotLimits } from "./limits.ts";
import { parseJson } from "./parse-json.ts";

/** Only a number this long can lose digits as a double. */
const longNumber = /\d{16}/;

/** How much there may be is the reader's business; `JSON.parse` takes any depth. */
const limits: ManifestLimits = {
  ...snapshotLimits,
  bytes: Number.MAX_SAFE_INTEGER,
  nodes: Number.MAX_SAFE_INTEGER,
  depth: 1000,
};

/**
 * Reads JSON that a program wrote, so that no key stands twice: an API server's answer, the renderer's. Integers keep
 * all their digits. Undefined where it is no JSON, or not all of it. Callers bound size and depth.
 */
export function parseWrittenJson(text: string): Json | undefined {
  if (longNumber.test(text)) {
    const result = parseJson(text, limits);
    return result.type === "parsed" ? result.value : undefined;
  }
  try {
    // JSON.parse gives nothing but Json; the declared type is `any`.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
