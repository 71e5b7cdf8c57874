import { NotPlain, type PlainLines } from "./plain-lines.ts";

/** Reads `|`, `|-` or `|+` below a collection at `column` and moves to the next line with content. */
export function readLiteral(lines: PlainLines, column: number): string {
  const chomping = takeHeader(lines);
  const body: string[] = [];
  let indent: number | undefined;
  let isLine = lines.stepLine();
  while (isLine && (lines.isBlank || lines.indent > column)) {
    if (!lines.isBlank) indent ??= lines.indent;
    body.push(literalLine(lines, indent ?? column));
    isLine = lines.stepLine();
  }
  if (!isLine && !lines.isWhole) throw new NotPlain();
  lines.settle(isLine);
  return chomp(body, chomping);
}

function takeHeader(lines: PlainLines): string {
  const chomping = /^\|([-+]?)$/.exec(lines.content)?.[1];
  if (chomping === undefined) throw new NotPlain();
  return chomping;
}

/** A line of a literal block. One of nothing but more spaces than the indentation is for the full parser. */
function literalLine(lines: PlainLines, indent: number): string {
  if (lines.isBlank ? lines.indent > indent : lines.indent < indent) throw new NotPlain();
  return lines.isBlank ? "" : lines.rawLine(indent);
}

function chomp(body: readonly string[], chomping: string): string {
  const last = body.findLastIndex((line) => line !== "");
  const text = body.slice(0, last + 1).join("\n");
  if (chomping === "+") return body.map((line) => `${line}\n`).join("");
  return chomping === "-" || last < 0 ? text : `${text}\n`;
}
