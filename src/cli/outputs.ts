import { didYouMean } from "../core/model/closest.ts";
import type { DriftError } from "../lib/errors.ts";
import { usageError } from "./usage-error.ts";

/** The formats of a report. */
const formats = ["text", "wide", "json"] as const;

export type Format = (typeof formats)[number];

/** One report that was asked for: on standard output where no file is named. */
export interface OutputRequest {
  readonly format: Format;
  readonly file?: string;
}

/** Adds the value of one `-o`: `text`, `json`, `json=drift.json`. At most one may go to standard output, and one to a file. */
export function addOutput(value: string, previous: readonly OutputRequest[]): readonly OutputRequest[] {
  const [name = "", ...rest] = value.split("=");
  const format = formats.find((known) => known === name);
  if (format === undefined) {
    throw refused(value, `expected one of ${formats.join(", ")}${didYouMean(name, formats)}`);
  }
  const file = rest.join("=");
  if (rest.length > 0 && file === "") throw refused(value, "expected the name of a file after =");
  const request = rest.length === 0 ? { format } : { format, file };
  if (previous.some((other) => other.file === request.file)) {
    throw refused(value, `a report already goes to ${request.file ?? "standard output"}`);
  }
  return [...previous, request];
}

function refused(value: string, reason: string): DriftError {
  return usageError("--output", value, reason);
}

/** The reports to make: text on standard output unless another one goes there. */
export function completeOutputs(requested: readonly OutputRequest[]): readonly OutputRequest[] {
  return requested.some((request) => request.file === undefined)
    ? requested
    : [{ format: "text" }, ...requested];
}

/**
 * Whether an argument list asks for JSON on standard output, read as far as one can before it is known to be valid:
 * even a usage error must then be JSON.
 */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  return words.some(
    (word, i) =>
      word === "-ojson" ||
      word === "--output=json" ||
      (word === "json" && /^(?:-o|--output)$/.test(words[i - 1] ?? "")),
  );
}
