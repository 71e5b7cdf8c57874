import type { SourceList, SourceMap, SourceNode, TextRange } from "./source-nodes.ts";

/** Another text in the place of a part of a text. */
export interface TextEdit extends TextRange {
  readonly text: string;
}

/** The text with all edits; they must not overlap. Of two at one place the first given comes first. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Puts JSON, which is YAML, in the place of a value; its anchor stays. */
export function replaceValue(text: string, { range }: SourceNode, json: string): TextEdit {
  const { start, end } = range;
  // A value that is left out has no blank before it; a block scalar takes the line break behind it along.
  const before = start === end && !/[\s[{,]/.test(text[start - 1] ?? " ") ? " " : "";
  const after = end > start && text[end - 1] === "\n" ? "\n" : "";
  return { start, end, text: `${before}${json}${after}` };
}

/** Adds a field with a text at the start of a mapping. */
export function addField(text: string, { range, isFlow }: SourceMap, name: string, value = ""): TextEdit {
  const field = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  if (isFlow) {
    const start = range.start + 1;
    const isEmpty = /^\{\s*(?:#.*\s*)*\}/.test(text.slice(range.start, range.end));
    return { start, end: start, text: isEmpty ? field : `${field}, ` };
  }
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const indent = " ".repeat(range.start - lineStart);
  return { start: range.start, end: range.start, text: `${field}\n${indent}` };
}

/** Gives a field of a mapping another name; undefined where its key is written in an odd way. */
export function renameField(
  text: string,
  { at }: SourceNode,
  from: string,
  to: string,
): TextEdit | undefined {
  const written = [from, `"${from}"`, `'${from}'`].find((key) => text.startsWith(key, at));
  return written === undefined
    ? undefined
    : { start: at, end: at + written.length, text: JSON.stringify(to) };
}

/** Adds a text as the only item of a list that has none: `[]`. */
export function addItem({ range }: SourceList, item: string): TextEdit {
  return { start: range.start + 1, end: range.start + 1, text: JSON.stringify(item) };
}
