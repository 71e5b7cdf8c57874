import { isMap, isNode, isScalar, isSeq, type Scalar, stringify, type YAMLMap } from "yaml";
import { compose } from "../manifest/compose.ts";
import { gitFileLimits, lineAt, readSyntax } from "../manifest/limits.ts";

/** An entry as it is to be written; the fields stand in this order. */
export interface NewExemption {
  /** `[namespace/]Kind[.group]/name` */
  readonly resource: string;
  readonly targets?: readonly string[];
  readonly paths?: readonly string[];
  readonly reason: string;
  readonly ticket?: string;
  /** "2026-12-01", or a time with its zone. */
  readonly until: string;
  readonly by?: string;
}

/** An edit of a text by whole lines, which keep their ends. */
export interface LineEdit {
  /** How many lines stay before it. */
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The lines of a text with their ends; the last may have none. */
export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

const header = [
  "# Differences between Git and the live mesh that are accepted for a time. See `drift exempt --help`.",
  "version: 1",
];

/**
 * Adds entries at the end of the list of a file of exemptions, and touches nothing else: comments, line ends and other
 * keys stay, byte for byte. Undefined where the file is written in a way that no entry can be added to (brackets with
 * entries in them, no YAML).
 */
export function addExemptions(text: string, entries: readonly NewExemption[]): LineEdit | undefined {
  const lines = linesOf(text);
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const place = findPlace(text, lines);
  if (place === undefined) return undefined;
  const added = [
    ...place.before,
    ...linesOf(stringify(entries, { lineWidth: 0 })).map(indented(place.indent)),
  ];
  const withEnds = added.map((line) => `${line.replace(/\n$/, "")}${end}`);
  const { at, replaced = [] } = place;
  const last = lines[at - 1];
  if (replaced.length === 0 && last !== undefined && !last.endsWith("\n")) {
    return { start: at - 1, removed: [last], added: [`${last}${end}`, ...withEnds] };
  }
  return { start: at, removed: replaced, added: withEnds };
}

function indented(indent: string): (line: string) => string {
  return (line) => (line.trim() === "" ? line : `${indent}${line}`);
}

/** Where new entries go: before the line `at`, behind some lines of their own, in place of others. */
interface Place {
  readonly at: number;
  readonly indent: string;
  readonly before: readonly string[];
  readonly replaced?: readonly string[];
}

function findPlace(text: string, lines: readonly string[]): Place | undefined {
  const content = text.replace(/^\uFEFF/, "");
  const root = readRoot(content);
  const atEnd = { at: lines.length, indent: "  " };
  if (root === "nothing") return { ...atEnd, before: [...header, "exemptions:"] };
  if (root === "other") return undefined;
  const index = root.items.findIndex(({ key }) => key.value === "exemptions");
  const pair = root.items[index];
  if (pair === undefined) return { ...atEnd, before: ["exemptions:"] };
  const lineOf = (node: unknown) => lineAt(content, (isNode(node) ? node.range?.[0] : undefined) ?? 0) - 1;
  if (!isSeq(pair.value) || pair.value.flow === true) return inPlaceOf(lineOf(pair.key), lines);
  const next = root.items[index + 1];
  return {
    at: next === undefined ? lines.length : aboveComments(lines, lineOf(next.key)),
    indent: /^ */.exec(lines[lineOf(pair.value)] ?? "")?.[0] ?? "",
    before: [],
  };
}

/** The mapping that a file holds. */
function readRoot(content: string): YAMLMap<Scalar> | "nothing" | "other" {
  const syntax = readSyntax(content, gitFileLimits, 1);
  if (syntax.type === "exceeded") return "other";
  const [document, second] = compose(syntax.tokens);
  if (document === undefined) return "nothing";
  if (document.errors.length > 0 || second !== undefined) return "other";
  const { contents } = document;
  if (isScalar(contents) && contents.source === "") return "nothing";
  return isMap<Scalar>(contents) ? contents : "other";
}

/** A list without entries stands on the line of its key: `exemptions: []`. */
function inPlaceOf(at: number, lines: readonly string[]): Place | undefined {
  const written = lines[at] ?? "";
  const [whole, comment = ""] = /^exemptions:[ ]*(?:\[[ ]*\]|null|~)?([ ]+#.*?)?\s*$/.exec(written) ?? [];
  if (whole === undefined) return undefined;
  return { at, indent: "  ", before: [`exemptions:${comment}`], replaced: [written] };
}

/** The first of the empty lines and comments right above a line: they belong to what follows. */
function aboveComments(lines: readonly string[], at: number): number {
  let above = at;
  while (above > 0 && /^(?:#.*)?\s*$/.test(lines[above - 1] ?? "")) above -= 1;
  return above;
}
