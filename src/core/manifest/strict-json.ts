import { type Json, objectOf } from "../model/json.ts";
import { endOfString } from "./json-scan.ts";
import type { ManifestProblem } from "./problem.ts";

/** What the slow reader found: the value and where it ended, or what is wrong and where. Offsets are in UTF-16 units. */
export type StrictJson =
  | { readonly type: "parsed"; readonly value: Json; readonly end: number }
  | { readonly type: "refused"; readonly problem: ManifestProblem; readonly offset: number };

/** Why reading stopped: thrown and caught in this file only. */
class Refusal extends Error {
  readonly problem: ManifestProblem;
  readonly offset: number;

  constructor(problem: ManifestProblem, offset: number) {
    super(problem.reason);
    this.problem = problem;
    this.offset = offset;
  }
}

/**
 * Reads one JSON value from `start` on, character by character: exact integers, no duplicate keys, and the place of
 * what is wrong. Recursive, so the text must be within its limit of depth. With `isPartial` text may follow the value.
 */
export function readStrictJson(text: string, start = 0, isPartial = false): StrictJson {
  const reader = new Reader(text, start);
  try {
    const value = reader.readValue();
    reader.skipSpace();
    if (!isPartial && reader.at < text.length) throw reader.syntaxError("text follows the value");
    return { type: "parsed", value, end: reader.at };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { type: "refused", problem: thrown.problem, offset: thrown.offset };
  }
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const inNumber = new Set("0123456789+-.eE");
const whitespace = new Set(" \t\r\n");
const words = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

/** More digits than any quantity has, and few enough to turn into a bigint at once. */
const maxDigits = 1000;

class Reader {
  at: number;
  private readonly text: string;

  constructor(text: string, start: number) {
    this.text = text;
    this.at = start;
  }

  readValue(): Json {
    this.skipSpace();
    const next = this.text[this.at];
    if (next === "{") return this.readObject();
    if (next === "[") return this.readList();
    if (next === '"') return this.readString();
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.readNumber();
  }

  skipSpace(): void {
    this.skip(whitespace);
  }

  syntaxError(what: string): Refusal {
    const rest = this.text.slice(this.at, this.at + 5);
    const isCutOff = words.some(([word]) => word.length > rest.length && word.startsWith(rest));
    const problem = isCutOff
      ? {
          code: "MANIFEST_CUT_OFF",
          reason: "it ends in the middle",
          hint: "Write the file again, completely.",
        }
      : { code: "MANIFEST_SYNTAX", reason: `it is not JSON: ${what}`, hint: "Correct the file." };
    return new Refusal(problem, this.at);
  }

  private readObject(): Json {
    const entries = new Map<string, Json>();
    this.at++;
    this.skipSpace();
    while (this.text[this.at] !== "}") {
      if (entries.size > 0) this.take(",");
      this.skipSpace();
      const start = this.at;
      const key = this.readString();
      if (entries.has(key)) throw duplicateKey(start);
      this.take(":");
      entries.set(key, this.readValue());
      this.skipSpace();
    }
    this.at++;
    return objectOf(entries);
  }

  private readList(): Json {
    const items: Json[] = [];
    this.at++;
    this.skipSpace();
    while (this.text[this.at] !== "]") {
      if (items.length > 0) this.take(",");
      items.push(this.readValue());
      this.skipSpace();
    }
    this.at++;
    return items;
  }

  private readString(): string {
    if (this.text[this.at] !== '"') throw this.syntaxError("a string was expected");
    const start = this.at;
    const end = endOfString(this.text, start);
    const value = decodeString(this.text.slice(start, end + 1));
    if (end < this.text.length && value === undefined) throw this.syntaxError("a string has a wrong escape");
    this.at = end + 1;
    if (value === undefined) throw this.syntaxError("a string has no end");
    return value;
  }

  private readNumber(): Json {
    const start = this.at;
    this.skip(inNumber);
    const literal = this.text.slice(start, this.at);
    if (literal.length > maxDigits) throw unfitNumber(start);
    if (!number.test(literal)) throw this.syntaxError("a value was expected");
    const value = exactNumber(literal);
    if (value === undefined) throw unfitNumber(start);
    return value;
  }

  private take(expected: string): void {
    this.skipSpace();
    if (this.text[this.at] !== expected) throw this.syntaxError(`"${expected}" was expected`);
    this.at++;
  }

  private skip(characters: ReadonlySet<string>): void {
    while (characters.has(this.text.charAt(this.at))) this.at++;
  }
}

/** The string a JSON literal stands for, undefined where it holds a raw control character or a wrong escape. */
function decodeString(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a decimal literal: a bigint where a double would change the integer; undefined beyond all range. */
export function exactNumber(literal: string): number | bigint | undefined {
  // Plus zero makes zero of minus zero.
  const value = Number(literal) + 0;
  if (Number.isSafeInteger(value)) return value;
  if (literal.length > maxDigits) return undefined;
  if (/^[-+]?\d+$/.test(literal)) return BigInt(literal.replace("+", ""));
  return Number.isFinite(value) ? value : undefined;
}

function duplicateKey(offset: number): Refusal {
  const reason = "a key occurs twice in one mapping";
  return new Refusal({ code: "MANIFEST_DUPLICATE_KEY", reason, hint: "Remove one of the two." }, offset);
}

function unfitNumber(offset: number): Refusal {
  const reason = "a number is beyond what Kubernetes can hold";
  return new Refusal({ code: "MANIFEST_NUMBER", reason, hint: "Correct the number, or quote it." }, offset);
}
