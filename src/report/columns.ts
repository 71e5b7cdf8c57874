import measure from "fast-string-truncated-width";

/** The columns a text takes in a terminal. Wide characters take two. */
export function widthOf(text: string): number {
  return measure(text).width;
}

/** The columns that the widest of some texts takes; 0 where there are none. Takes any number of them. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, widthOf(text)), 0);
}

/** Fills a text with spaces up to a width; longer texts stay. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** A text of at most `width` columns; what is cut off is marked with "...". */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 3) return "...".slice(0, width);
  let kept = "";
  let used = 0;
  // Made only here: a segmenter loads 20 ms worth of tables.
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    used += widthOf(segment);
    if (used > width - 3) break;
    kept += segment;
  }
  return `${kept}...`;
}

/**
 * A label and words in lines of at most `width` columns, broken between words; further lines stand under the first
 * word. A single word that is longer stays whole: paths and commands can be copied.
 */
export function wrapLabelled(label: string, words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = label;
  let isFresh = true;
  for (const word of words) {
    const fits = widthOf(line) + 1 + widthOf(word) <= width;
    if (!isFresh && !fits) {
      lines.push(line);
      line = " ".repeat(widthOf(label));
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line.trimEnd()];
}

/**
 * A head and, two columns beside it, what is to be said about it: in one line where that fits, else with the rest in
 * lines of its own, indented by `indent`. `paint` colours the rest.
 */
export function besides(
  [head, rest]: readonly [head: string, rest: string],
  indent: string,
  width: number,
  paint: (text: string) => string,
): string[] {
  if (rest === "") return [head];
  if (widthOf(head) + 2 + widthOf(rest) <= width) return [`${head}  ${paint(rest)}`];
  return [head, ...wrapLabelled(indent, wordsOf(rest), width).map(paint)];
}

/** Texts with commas between them, to be wrapped: none is broken inside. */
export function commaSeparated(parts: readonly string[]): string[] {
  return parts.map((part, i) => (i < parts.length - 1 ? `${part},` : part));
}

/** The words of a text. */
export function wordsOf(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}
