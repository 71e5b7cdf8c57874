import { endOfString } from "./json-scan.ts";
import { NotPlain, type PlainLines } from "./plain-lines.ts";

export function isQuote(unit: number): boolean {
  return unit === 0x22 || unit === 0x27;
}

/** The position of the quote that closes the one at the start of a text, or the length of the text. */
export function closingQuote(text: string): number {
  if (text.startsWith('"')) return endOfString(text, 0);
  let close = text.indexOf("'", 1);
  while (close !== -1 && text.charAt(close + 1) === "'") close = text.indexOf("'", close + 2);
  return close === -1 ? text.length : close;
}

/** The value of a quoted text without line breaks. Escapes that only YAML has are for the full parser. */
export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("'")) return inner.replaceAll("''", "'");
  if (!inner.includes("\\")) return inner;
  try {
    // A text between quotes is a string to JSON.parse.
    return JSON.parse(quoted) as string;
  } catch {
    throw new NotPlain();
  }
}

/** Reads a quoted string below a collection at `column`, over as many lines as it takes, and moves behind its line. */
export function readQuoted(lines: PlainLines, column: number): string {
  const first = lines.content;
  const close = closingQuote(first);
  if (close < first.length) {
    requireEnd(first.slice(close + 1));
    lines.advance();
    return unquote(first.slice(0, close + 1));
  }
  return readFolded(lines, column);
}

/** A string over several lines: a line break is a space, and each blank line is a line break. */
function readFolded(lines: PlainLines, column: number): string {
  const quote = lines.text.charAt(lines.start);
  let text = requireSimple(lines.content);
  let blanks = 0;
  while (lines.stepLine()) {
    if (lines.isBlank) {
      blanks++;
      continue;
    }
    if (lines.indent <= column) throw new NotPlain();
    const piece = requireSimple(lines.content);
    text += fold(quote, blanks);
    blanks = 0;
    const close = closingQuote(quote + piece) - 1;
    if (close === piece.length) {
      text += piece;
      continue;
    }
    requireEnd(piece.slice(close + 1));
    lines.advance();
    return unquote(text + piece.slice(0, close + 1));
  }
  throw new NotPlain();
}

/** What stands for a line break and the blank lines after it; in double quotes as an escape. */
function fold(quote: string, blanks: number): string {
  return blanks === 0 ? " " : (quote === '"' ? "\\n" : "\n").repeat(blanks);
}

/** Tabs at the ends of lines and an escaped line break fold in ways of their own. */
function requireSimple(piece: string): string {
  if (piece.includes("\t") || piece.endsWith("\\")) throw new NotPlain();
  return piece;
}

/** After the closing quote only a comment may follow. */
function requireEnd(rest: string): void {
  if (!/^(?: +#.*)?$/.test(rest)) throw new NotPlain();
}
