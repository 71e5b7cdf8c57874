import type { CountLimits } from "./token-scan.ts";

/** What may be counted in a JSON text. */
type JsonLimit = "depth" | "nodes";

/** What the characters of a JSON text tell before it is parsed. */
export interface JsonScan {
  /** Colons outside strings: the keys of all mappings, where the text is JSON. */
  readonly keys: number;
  /** Whether a double may fail to hold one of its numbers: 16 digits or more, or an exponent. */
  readonly hasUnsafeNumber: boolean;
  readonly exceeded?: { readonly limit: JsonLimit; readonly offset: number };
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
/** The fewest digits of an integer that a double may not hold: 2^53 has 16. */
const unsafeDigits = 16;

/** Only a writer of JSON starts a text like this, and kubectl too takes it for nothing else. */
export function startsLikeJson(text: string): boolean {
  return /^[ \t\r\n]*[[{][ \t\r\n]*(?:["[\]{}]|$)/.test(text);
}

interface Progress {
  depth: number;
  keys: number;
  /** Commas and collections, and 1: as many as there are values; an empty collection counts twice. */
  nodes: number;
  digits: number;
  hasUnsafeNumber: boolean;
}

/**
 * Reads over a JSON text once, without recursion. For a text that is not JSON the answer is only a guess, which does
 * no harm: JSON.parse refuses such a text, at any depth.
 */
export function scanJson(text: string, limits: Pick<CountLimits, JsonLimit>): JsonScan {
  const seen: Progress = { depth: 0, keys: 0, nodes: 1, digits: 0, hasUnsafeNumber: false };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === quote) {
      seen.digits = 0;
      i = endOfString(text, i);
    } else if (isDigit(unit)) {
      if (++seen.digits === unsafeDigits) seen.hasUnsafeNumber = true;
    } else {
      countStructure(seen, unit);
      const limit = findExceeded(seen, limits);
      if (limit !== undefined) return { keys: 0, hasUnsafeNumber: false, exceeded: { limit, offset: i } };
    }
  }
  return { keys: seen.keys, hasUnsafeNumber: seen.hasUnsafeNumber };
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function countStructure(seen: Progress, unit: number): void {
  if (seen.digits > 0 && (unit === 0x65 || unit === 0x45)) seen.hasUnsafeNumber = true;
  seen.digits = 0;
  // `[` and `{`, `]` and `}` differ in one bit only.
  const bracket = unit | 0x20;
  if (bracket === 0x7b) {
    seen.depth++;
    seen.nodes++;
  } else if (bracket === 0x7d) {
    seen.depth--;
  } else if (unit === comma) {
    seen.nodes++;
  } else if (unit === colon) {
    seen.keys++;
  }
}

/** The position of the quote that closes the string opened at `start`, or the end of the text. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function findExceeded(seen: Progress, limits: Pick<CountLimits, JsonLimit>): JsonLimit | undefined {
  if (seen.depth > limits.depth) return "depth";
  return seen.nodes > limits.nodes ? "nodes" : undefined;
}
