import { isMap, isNode, isScalar, isSeq, type YAMLMap } from "yaml";
import { compose } from "../manifest/compose.ts";
import { findForbiddenCharacter } from "../manifest/characters.ts";
import { gitFileLimits, lineAt, limitProblem, type ManifestLimits, readSyntax } from "../manifest/limits.ts";
import { didYouMean } from "../model/closest.ts";
import { type ExemptionProblem, quoteShort } from "./exemption-problem.ts";

/** A text of the file with its line. */
export interface LocatedText {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** A value of an entry: a text, a list of texts, nothing, or something else. */
export type LocatedValue =
  | (LocatedText & { readonly type: "text" })
  | { readonly type: "list"; readonly items: readonly LocatedText[]; readonly line: number }
  | { readonly type: "nothing" | "other"; readonly line: number };

/** An entry as it is written; of a key that stands twice the first. */
export interface LocatedEntry {
  readonly line: number;
  readonly fields: ReadonlyMap<string, LocatedValue>;
  /** Keys that stand twice, and entries that are no mappings. */
  readonly problems: readonly ExemptionProblem[];
}

/** The file as it is written. */
export interface ExemptionDocument {
  readonly entries: readonly LocatedEntry[];
  readonly problems: readonly ExemptionProblem[];
}

/** A thousand entries need about 300 KB. */
const limits: ManifestLimits = {
  ...gitFileLimits,
  bytes: 1_048_576,
  depth: 32,
  nodes: 100_000,
  documents: 1,
  aliases: 0,
};

const form = "Write `version: 1` and a list under `exemptions:`, as `drift exempt` does.";

/** Reads the file of exemptions. Never throws: what cannot be read has no entries and a problem that says why. */
export function readExemptionDocument(text: string): ExemptionDocument {
  const content = text.replace(/^\uFEFF/, "");
  const odd = findForbiddenCharacter(content);
  if (odd !== undefined) return broken({ line: odd.line ?? 1, reason: odd.reason, hint: odd.hint });
  const syntax = readSyntax(content, limits, 1);
  if (syntax.type === "exceeded") {
    const { line = 1, reason } = limitProblem(syntax.violation);
    return broken({ line, reason, hint: form });
  }
  const [document, second] = compose(syntax.tokens);
  if (document === undefined) return { entries: [], problems: [] };
  const lineOf: LineOf = (offset) => lineAt(content, offset);
  const error = document.errors[0];
  if (error !== undefined)
    return broken({ line: lineOf(error.pos[0]), reason: "it is not YAML", hint: form });
  if (second === undefined) return readRoot(document.contents, lineOf);
  return broken({ line: lineOf(second.range[0]), reason: "it holds more than one document", hint: form });
}

type LineOf = (offset: number) => number;

function readRoot(contents: unknown, lineOf: LineOf): ExemptionDocument {
  if (isNothing(contents)) return { entries: [], problems: [] };
  const at = startOf(contents, lineOf);
  if (!isMap(contents)) return broken({ line: at, reason: "it is no mapping", hint: form });
  const problems = keyProblems(contents, lineOf);
  const version = contents.get("version", true);
  if (!isScalar(version) || version.source !== "1") {
    const reason = "its version is not 1, the only one that is known here";
    return {
      entries: [],
      problems: [...problems, { line: startOf(version ?? contents, lineOf), reason, hint: form }],
    };
  }
  const list: unknown = contents.get("exemptions", true);
  if (list === undefined || isNothing(list)) return { entries: [], problems };
  if (isSeq(list)) return { entries: list.items.map((item) => readEntry(item, lineOf)), problems };
  problems.push({ line: startOf(list, lineOf), reason: "exemptions is no list", hint: form });
  return { entries: [], problems };
}

/** Keys that nobody reads, or that stand twice: of these the first counts. */
function keyProblems(map: YAMLMap, lineOf: LineOf): ExemptionProblem[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): ExemptionProblem[] => {
    const name = isScalar(key) ? String(key.value) : "";
    const line = startOf(key, lineOf);
    if (seen.has(name)) return [{ line, reason: `${quoteShort(name)} stands twice`, hint: form }];
    seen.add(name);
    return known.includes(name) ? [] : [{ line, ...unknownKey(name, known) }];
  });
}

const known: readonly string[] = ["version", "exemptions"];

/** What is said of a key that nobody reads. */
export function unknownKey(name: string, expected: readonly string[]): Omit<ExemptionProblem, "line"> {
  const reason = `unknown key ${quoteShort(name)}${didYouMean(name, expected)}`;
  return { reason, hint: `Use ${expected.join(", ")} only.` };
}

function readEntry(node: unknown, lineOf: LineOf): LocatedEntry {
  const line = startOf(node, lineOf);
  if (!isMap(node)) {
    return { line, fields: new Map(), problems: [{ line, reason: "the entry is no mapping", hint: form }] };
  }
  return { line, ...readFields(node, lineOf) };
}

function readFields(map: YAMLMap, lineOf: LineOf): Pick<LocatedEntry, "fields" | "problems"> {
  const fields = new Map<string, LocatedValue>();
  const problems: ExemptionProblem[] = [];
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const line = startOf(key, lineOf);
    if (fields.has(name)) {
      problems.push({ line, reason: `${quoteShort(name)} stands twice`, hint: "Leave one of them." });
    } else fields.set(name, readValue(value, line, lineOf));
  }
  return { fields, problems };
}

function readValue(node: unknown, keyLine: number, lineOf: LineOf): LocatedValue {
  if (isNothing(node)) return { type: "nothing", line: keyLine };
  const line = startOf(node, lineOf);
  if (isScalar(node)) return { type: "text", text: String(node.value), line };
  if (!isSeq(node) || !node.items.every(isScalar)) return { type: "other", line };
  const items = node.items.map((item) => ({ text: String(item.value), line: startOf(item, lineOf) }));
  return { type: "list", items, line };
}

function isNothing(node: unknown): boolean {
  if (node === null) return true;
  return isScalar(node) && node.type === "PLAIN" && ["", "~", "null"].includes(node.source ?? "");
}

function startOf(node: unknown, lineOf: LineOf): number {
  return lineOf((isNode(node) ? node.range?.[0] : undefined) ?? 0);
}

function broken(problem: ExemptionProblem): ExemptionDocument {
  return { entries: [], problems: [problem] };
}
