import type { Json } from "../model/json.ts";
import { NotPlain, type PlainLines } from "./plain-lines.ts";
import { readLiteral } from "./plain-literal.ts";
import { isQuote, readQuoted } from "./plain-quoted.ts";
import { resolvePlain } from "./resolve-scalar.ts";

/**
 * Reads the scalar, `{}` or `[]` that starts here below a collection at `column`, and moves to the next line with
 * content. Throws NotPlain for everything else.
 */
export function readScalar(lines: PlainLines, column: number): Json {
  const first = lines.text.charCodeAt(lines.start);
  if (first === 0x7c) return readLiteral(lines, column);
  if (isQuote(first)) return readQuoted(lines, column);
  const content = lines.content;
  const text = withoutComment(content);
  if (text === "{}" || text === "[]") {
    lines.advance();
    return text === "{}" ? {} : [];
  }
  if (indicator.test(text) || !isPlainText(text)) throw new NotPlain();
  const value = resolvePlain(text === content ? readFolded(lines, column) : takeLine(lines, text));
  if (value === undefined) throw new NotPlain();
  return value;
}

function withoutComment(content: string): string {
  const comment = content.indexOf(" #");
  return comment < 0 ? content : content.slice(0, comment).replace(/ +$/, "");
}

function takeLine(lines: PlainLines, text: string): string {
  lines.advance();
  return text;
}

/** Characters that start something else than plain text to some reader; `-` and `:` do so before a space or alone. */
const indicator = /^(?:[[\]{},#&*!|>'"%@`?]|[-:](?: |$))/;

/** Whether a line holds nothing that ends plain text, or makes a key of it. */
function isPlainText(text: string): boolean {
  return !/: |:$|\t/.test(text);
}

/** Plain text goes on over all deeper lines: a line break is a space, and each blank line is a line break. */
function readFolded(lines: PlainLines, column: number): string {
  let text = lines.content;
  let blanks = 0;
  let isLine = lines.stepLine();
  while (isLine && (lines.isBlank || lines.indent > column) && !lines.isComment) {
    if (lines.isBlank) {
      blanks++;
    } else {
      const piece = lines.content;
      if (indicator.test(piece) || !isPlainText(piece) || piece.includes(" #")) throw new NotPlain();
      text += blanks === 0 ? ` ${piece}` : "\n".repeat(blanks) + piece;
      blanks = 0;
    }
    isLine = lines.stepLine();
  }
  lines.settle(isLine);
  return text;
}
