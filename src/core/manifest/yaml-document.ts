import { isMap, isNode, isSeq, type YAMLError } from "yaml";
import type { Json } from "../model/json.ts";
import { compose } from "./compose.ts";
import { limitProblem, lineAt, type ManifestLimits, readSyntax } from "./limits.ts";
import type { ManifestProblem } from "./problem.ts";
import { countLineBreaks } from "./split-documents.ts";
import { readNode, Unreadable } from "./yaml-node.ts";

/** The value of one document, or why it has none. Lines count from the first line of the given text. */
export type DocumentRead =
  | {
      readonly type: "parsed";
      readonly value: Json;
      /** The line of the value. */
      readonly line: number;
      /** The lines of the items of a top-level `items` list. */
      readonly itemLines: readonly number[];
    }
  | { readonly type: "refused"; readonly problem: ManifestProblem };

/**
 * Reads a text that holds exactly one YAML document, of any style, with the full parser. `oddLine` is where it leaves
 * the plain style, to be named if the text is too large for this parser. Never throws.
 */
export function readYaml(text: string, limits: ManifestLimits, oddLine = 1): DocumentRead {
  const directive = text.search(/^%/m);
  if (directive >= 0) return refuse(withDirective, lineAt(text, directive));
  const syntax = readSyntax(text, limits, oddLine);
  if (syntax.type === "exceeded") return { type: "refused", problem: limitProblem(syntax.violation) };
  const [document, second] = compose(syntax.tokens);
  if (document === undefined) return { type: "parsed", value: null, line: 1, itemLines: [] };
  const error = document.errors[0];
  if (error !== undefined) return refuse(describe(error), lineAt(text, Math.min(error.pos[0], endOf(text))));
  if (second !== undefined) return refuse(textAfterEnd, lineAt(text, second.range[0]));
  try {
    const value = readNode(document.contents, new Map());
    const line = lineAt(text, offsetOf(document.contents));
    return { type: "parsed", value, line, itemLines: linesOfItems(document.contents, text) };
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    return refuse(thrown.problem, lineAt(text, thrown.offset));
  }
}

function refuse(problem: ManifestProblem, line: number): DocumentRead {
  return { type: "refused", problem: { ...problem, line } };
}

/** The offset of the last line with content, where an error at the end of the text belongs. */
function endOf(text: string): number {
  return Math.max(0, text.trimEnd().length - 1);
}

const withDirective: ManifestProblem = {
  code: "MANIFEST_SYNTAX",
  reason: "a line that starts with % is a directive, which kubectl does not read",
  hint: "Remove the line.",
};

const textAfterEnd: ManifestProblem = {
  code: "MANIFEST_SYNTAX",
  reason: "text follows the end of a document (...)",
  hint: "Separate documents with a line of ---.",
};

/** What the parser's errors mean. Its own messages are not shown, because they quote the text. */
const meanings: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  BAD_DQ_ESCAPE: "a quoted string has a wrong escape",
  BAD_INDENT: "a line is not indented like its neighbours",
  BAD_SCALAR_START: "a value starts with a character that needs quotes",
  BLOCK_AS_IMPLICIT_KEY: "a mapping starts on the line of another one",
  MISSING_CHAR: "a quote, bracket, colon or comma is missing",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines, or a colon is missing",
  TAB_AS_INDENT: "a tab is used as indentation",
  TAG_RESOLVE_FAILED: "a tag does not fit its value",
};

function describe(error: YAMLError): ManifestProblem {
  const meaning = meanings[error.code] ?? "its structure is broken";
  return { code: "MANIFEST_SYNTAX", reason: `it is not YAML: ${meaning}`, hint: "Correct the file." };
}

function linesOfItems(contents: unknown, text: string): readonly number[] {
  const items: unknown = isMap(contents) ? contents.get("items", true) : undefined;
  if (!isSeq(items)) return [];
  let line = 1;
  let at = 0;
  return items.items.map((item) => {
    const offset = offsetOf(item);
    line += countLineBreaks(text, at, offset);
    at = Math.max(at, offset);
    return line;
  });
}

function offsetOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}
