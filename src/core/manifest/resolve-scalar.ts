import type { Json } from "../model/json.ts";
import { exactNumber } from "./strict-json.ts";

/**
 * The value of a plain (unquoted) scalar as kubectl reads it: sigs.k8s.io/yaml, which is YAML 1.1 with Go's numbers.
 * `yes`, `on` and `y` are booleans, `0644` is octal, `1_000` is 1000; dates and sexagesimals stay strings. Measured
 * against kubectl 1.35. Undefined for what kubectl refuses (`.inf`, `.nan`) and for numbers of more than 1,000 digits.
 */
export function resolvePlain(text: string): Json | undefined {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!numberStart.test(text)) return text;
  if (notFinite.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  const based = readBased(digits);
  if (based !== undefined) return based;
  if (!decimal.test(digits) || (text.startsWith(".") && digits !== text)) return text;
  const value = exactNumber(digits);
  // kubectl keeps a float beyond the range of a double as text; an integer of any size is a number.
  return value === undefined && !integer.test(digits) ? text : value;
}

/**
 * The name a plain scalar has as a mapping key: `on` is "true", `1` is "1". Undefined where readers disagree about it
 * (`~`, `1.50`, `0644`), so that it needs quotes.
 */
export function resolveKey(text: string): string | undefined {
  const value = resolvePlain(text);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" && Number.isSafeInteger(value) && String(value) === text
    ? text
    : undefined;
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...spellings(true, ["y", "yes", "true", "on"]),
  ...spellings(false, ["n", "no", "false", "off"]),
  ...spellings(null, ["~", "null"]),
  ["", null],
]);

/** A word in lower case, with a capital, and in upper case. */
function spellings<T>(value: T, names: readonly string[]): [string, T][] {
  return names.flatMap((name): [string, T][] => [
    [name, value],
    [name.charAt(0).toUpperCase() + name.slice(1), value],
    [name.toUpperCase(), value],
  ]);
}

const numberStart = /^[-+.\d]/;
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const integer = /^[-+]?\d+$/;
const based = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/;

/** An integer with a base prefix (`0x`, `0b`, `0o`, `0`); undefined for anything else and beyond 64 bits, as in Go. */
function readBased(digits: string): number | bigint | undefined {
  if (digits.length > maxBasedLength || !based.test(digits)) return undefined;
  const magnitude = digits.replace(/^[-+]/, "").toLowerCase();
  const value = BigInt(/^0[0-7]/.test(magnitude) ? `0o${magnitude.slice(1)}` : magnitude);
  const signed = digits.startsWith("-") ? -value : value;
  const most = /^\d/.test(digits) ? 2n ** 64n : 2n ** 63n;
  if (signed < -(2n ** 63n) || signed >= most) return undefined;
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

/** A sign, a prefix and 64 binary digits. */
const maxBasedLength = 67;
