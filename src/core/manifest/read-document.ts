import { isList, field, type Json } from "../model/json.ts";
import { findForbiddenCharacter } from "./characters.ts";
import { findItemLines } from "./json-item-lines.ts";
import { startsLikeJson } from "./json-scan.ts";
import { lineAt, type ManifestLimits } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import type { ManifestProblem } from "./problem.ts";
import { countLineBreaks, type DocumentText } from "./split-documents.ts";
import { readStrictJson } from "./strict-json.ts";
import { readYaml } from "./yaml-document.ts";

/** A value of a document and where it stands in the stream, counted from 1. */
export interface LocatedValue {
  readonly value: Json;
  readonly line: number;
  /** The lines of the items of a top-level `items` list. */
  readonly itemLines: readonly number[];
}

/** What a document holds: one value, or several JSON values one after another. A problem ends it. */
export interface DocumentValues {
  readonly values: readonly LocatedValue[];
  readonly problem?: ManifestProblem;
}

/** Whether a document is read as JSON. */
export function isJson(document: DocumentText): boolean {
  return startsLikeJson(document.text);
}

/** Reads one document of a stream in the fastest way that can. Never throws. */
export function readDocument(document: DocumentText, limits: ManifestLimits): DocumentValues {
  if (document.hasBrokenSeparator) return { values: [], problem: brokenSeparator(document.line - 1) };
  const read = startsLikeJson(document.text)
    ? readJson(document.text, limits)
    : readBlock(document.text, limits);
  return document.line === 1 ? read : shiftLines(read, document.line - 1);
}

function readBlock(text: string, limits: ManifestLimits): DocumentValues {
  const forbidden = findForbiddenCharacter(text);
  if (forbidden !== undefined) return { values: [], problem: forbidden };
  const plain = readPlainYaml(text, {
    limits,
    readOddItem: (item) => {
      const read = readYaml(item, limits);
      return read.type === "parsed" ? read.value : undefined;
    },
  });
  if (plain.type === "plain") return { values: [plain] };
  const read = readYaml(text, limits, plain.line);
  return read.type === "parsed" ? { values: [read] } : { values: [], problem: read.problem };
}

function readJson(text: string, limits: ManifestLimits): DocumentValues {
  const whole = parseJson(text, limits);
  if (whole.type === "parsed") {
    const itemLines = isList(field(whole.value, "items")) ? findItemLines(text) : [];
    return { values: [{ value: whole.value, line: lineAt(text, text.search(/[[{]/)), itemLines }] };
  }
  return whole.problem.code === "MANIFEST_SYNTAX" || whole.problem.code === "MANIFEST_CUT_OFF"
    ? readJsonSequence(text)
    : { values: [], problem: whole.problem };
}

/** JSON values one after another, as several runs of `kubectl get -o json` into one file leave them. */
function readJsonSequence(text: string): DocumentValues {
  const values: LocatedValue[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = at + text.slice(at).search(/[^ \t\r\n]/);
    line += countLineBreaks(text, at, start);
    const read = readStrictJson(text, start, true);
    if (read.type === "refused") {
      return { values, problem: { ...read.problem, line: lineAt(text, read.offset) } };
    }
    values.push({ value: read.value, line, itemLines: [] });
    line += countLineBreaks(text, start, read.end);
    at = read.end;
  }
  return { values };
}

function shiftLines(read: DocumentValues, by: number): DocumentValues {
  const values = read.values.map(({ value, line, itemLines }) => ({
    value,
    line: line + by,
    itemLines: itemLines.map((itemLine) => itemLine + by),
  }));
  const { problem } = read;
  if (problem?.line === undefined) return { ...read, values };
  return { values, problem: { ...problem, line: problem.line + by } };
}

function brokenSeparator(line: number): ManifestProblem {
  return {
    code: "MANIFEST_SYNTAX",
    reason: "a line that starts with --- holds something else",
    hint: "Put --- on a line of its own.",
    line,
  };
}
