/** One document of a stream of YAML documents. */
export interface DocumentText {
  readonly text: string;
  /** The number of the text's first line in the stream, counted from 1. */
  readonly line: number;
  /** Whether the line of `---` before it holds something else, so that readers disagree about where it starts. */
  readonly hasBrokenSeparator: boolean;
}

/** Line breaks as `\n`, and no byte order mark. */
export function normalizeText(text: string): string {
  const content = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return content.includes("\r\n") ? content.replaceAll("\r\n", "\n") : content;
}

const separator = /^---.*$/gm;
const cleanSeparator = /^---(?:[ \t]+(?:#.*)?)?$/;

/**
 * Splits a normalized text at its lines that start with `---`, as kubectl does. YAML allows no such line inside a
 * document, so that a broken document never swallows the next one.
 */
export function splitDocuments(text: string): readonly DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  let line = 1;
  let hasBrokenSeparator = false;
  for (const match of text.matchAll(separator)) {
    documents.push({ text: text.slice(start, match.index), line, hasBrokenSeparator });
    line += countLineBreaks(text, start, match.index) + 1;
    start = Math.min(text.length, match.index + match[0].length + 1);
    hasBrokenSeparator = !cleanSeparator.test(match[0]);
  }
  documents.push({ text: text.slice(start), line, hasBrokenSeparator });
  return documents;
}

/** The number of `\n` from `start` up to and without `end`. */
export function countLineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
