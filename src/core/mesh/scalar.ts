import type { Json } from "../model/json.ts";
import type { Row, ScalarType } from "./table.ts";

/**
 * Scalars as Istio's decoder reads them (golang/protobuf v1.5.4, jsonpb/decode.go): the canonical text of a value,
 * and whether it is the zero that proto3 does not tell from an absent field.
 */
export interface Scalar {
  readonly text: string;
  readonly zero: boolean;
  /** True for a value that the field cannot hold. */
  readonly foreign?: true;
}

/** The rule that makes two spellings of one scalar equal, by how the scalar is read. */
export const spellingRows: Readonly<Record<ScalarType, Row>> = {
  text: {
    id: "decoder/text",
    level: "E1",
    reason: "The text is the same.",
    source: "proto3 JSON mapping",
  },
  number: {
    id: "decoder/number",
    level: "E1",
    reason: 'A number may be written as 80, 80.0 or "80".',
    source: "golang/protobuf jsonpb/decode.go:466-487 (trimQuote)",
  },
  boolean: {
    id: "decoder/boolean",
    level: "E1",
    reason: "The truth value is the same.",
    source: "golang/protobuf jsonpb/decode.go:464",
  },
  duration: {
    id: "decoder/duration",
    level: "E1",
    reason: "A duration is the time it lasts: 1m is 60s.",
    source: "golang/protobuf jsonpb/decode.go:159-175 (time.ParseDuration)",
  },
  enum: {
    id: "decoder/enum",
    level: "E1",
    reason: "The enumeration value is the same.",
    source: "golang/protobuf jsonpb/decode.go:492-500",
  },
  bytes: {
    id: "decoder/bytes",
    level: "E1",
    reason: "Base64 in lines, or with other bits behind the last byte, holds the same bytes.",
    source: "golang/protobuf jsonpb/decode.go (BytesKind); Go encoding/base64 (StdEncoding, not strict)",
  },
};

/** Reads a scalar. A value of the wrong type gets a text of its own that no valid value has. */
export function readScalar(as: ScalarType, value: Json, zeroName: string | undefined): Scalar {
  switch (as) {
    case "number":
      return readNumber(value);
    case "boolean":
      return typeof value === "boolean" ? { text: String(value), zero: !value } : foreign(value);
    case "text":
    case "enum":
    case "duration":
    case "bytes":
      return typeof value === "string" ? readText(as, value, zeroName) : foreign(value);
  }
}

function readText(
  as: "text" | "enum" | "duration" | "bytes",
  value: string,
  zeroName: string | undefined,
): Scalar {
  switch (as) {
    case "text":
      return { text: JSON.stringify(value), zero: value === "" };
    case "enum":
      return { text: JSON.stringify(value), zero: value === zeroName };
    case "duration":
      return readDuration(value);
    case "bytes":
      return readBytes(value);
  }
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Base64 of the standard alphabet with its padding: the decoder takes no other. Line ends in it say nothing. */
function readBytes(value: string): Scalar {
  const line = value.replace(/[\r\n]/g, "");
  if (!base64Text.test(line)) return foreign(value);
  const text = line.replace(/(.)(==?)$/, (_, digit: string, padding: string) => {
    // One sign of padding stands for two bits that belong to no byte.
    const unused = 4 ** padding.length;
    const plain = base64Digits.indexOf(digit);
    return base64Digits.charAt(plain - (plain % unused)) + padding;
  });
  return { text: `base64:${text}`, zero: text === "" };
}

/** A value that is not what the field expects: kept apart from every valid one, and from every other such value. */
function foreign(value: Json): Scalar {
  return { text: `!${freeText(value)}`, zero: false, foreign: true };
}

/** A number in JSON's grammar; the decoder takes it in quotes too. */
const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const wholeText = /^-?\d+$/;

function readNumber(value: Json): Scalar {
  if (typeof value === "bigint") return { text: value.toString(), zero: false };
  const number = typeof value === "string" && numberText.test(value) ? Number(value) : value;
  if (typeof number !== "number") return foreign(value);
  if (typeof value === "string" && wholeText.test(value) && !Number.isSafeInteger(number)) {
    return { text: BigInt(value).toString(), zero: false };
  }
  return { text: plainNumber(number), zero: number === 0 };
}

/** -0 and 0 are one number to the decoder of an integer field. */
function plainNumber(number: number): string {
  return number === 0 ? "0" : String(number);
}

/** Nanoseconds of one unit (Go's time.ParseDuration). */
const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const durationPart = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

function readDuration(value: string): Scalar {
  const nanoseconds = parseDurationNs(value);
  if (nanoseconds === undefined) return foreign(value);
  return { text: `${nanoseconds.toString()}ns`, zero: nanoseconds === 0n };
}

/**
 * The nanoseconds of a Go duration ("1h", "1m30s", "0.5s", "-1ms", "0"), exactly; undefined where it is none.
 * Digits behind the nanosecond are cut, as Go does.
 */
export function parseDurationNs(text: string): bigint | undefined {
  const sign = text.startsWith("-") ? -1n : 1n;
  const digits = /^[-+]/.test(text) ? text.slice(1) : text;
  if (digits === "0") return 0n;
  if (digits === "" || digits.length > 64) return undefined;
  let total = 0n;
  durationPart.lastIndex = 0;
  while (durationPart.lastIndex < digits.length) {
    const part = durationPart.exec(digits);
    const amount = part === null ? undefined : partNanoseconds(part);
    if (amount === undefined) return undefined;
    total += amount;
  }
  return sign * total;
}

function partNanoseconds([, whole = "", fraction = "", unit = ""]: RegExpExecArray): bigint | undefined {
  const scale = unitNanoseconds[unit];
  if (scale === undefined || whole + fraction === "") return undefined;
  return BigInt(whole || "0") * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
}

/**
 * The canonical text of any JSON: keys sorted, list order kept, numbers by value. The depth is bounded before
 * anything gets here (core/manifest).
 */
export function freeText(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return plainNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(freeText).join(",")}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${freeText(item)}`)
    .sort()
    .join(",")}}`;
}
