import { lineStarts, type SourceScalar, textOf } from "../../manifest/source-nodes.ts";
import type { Origin } from "../../model/origin.ts";
import type { Ask } from "./ask.ts";
import type { Found } from "./marks.ts";
import type { TraceSource } from "./source-file.ts";

interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** The origin of an ask that is at a place of the files. */
export function originAt(found: Found, { line, precision }: Pick<Ask, "line" | "precision">): Origin {
  if (found.type === "file") {
    return { type: "known", file: found.file, line: line ?? 1, column: 1, by: "generator", precision };
  }
  const { source, node, markable } = found;
  const inner = node.type === "scalar" ? positionOf(source.content.text, node.range.start) : undefined;
  const position =
    node.type === "scalar" && line !== undefined
      ? lineIn(source, node, line)
      : inFile(source, inner ?? positionOf(source.content.text, node.at));
  return { type: "known", file: source.file, ...position, by: markable.by, precision };
}

/** A line of the text that a scalar holds; where its lines are not those of the file, the scalar. */
function lineIn(source: TraceSource, node: SourceScalar, line: number): Position {
  const { text } = source.content;
  const found = node.isLiteral ? lineOfLiteral(text, node, line) : undefined;
  return inFile(source, found ?? positionOf(text, node.range.start));
}

/** The position in the file of one in a text, which may stand in the file as a literal block. */
function inFile({ inside }: TraceSource, position: Position): Position {
  if (inside === undefined) return position;
  const { source, node } = inside;
  const start = lineOfLiteral(source.content.text, node, position.line);
  if (!node.isLiteral || start === undefined) return positionOf(source.content.text, node.range.start);
  return {
    line: start.line,
    column: start.column - indentOf(textOf(node), position.line) + position.column - 1,
  };
}

/** Where a line of a literal block starts in the text around it: at its first character that is no blank. */
function lineOfLiteral(text: string, node: SourceScalar, line: number): Position | undefined {
  const content = textOf(node).split("\n")[line - 1];
  const header = positionOf(text, node.range.start).line;
  const written = text.split("\n", header + line)[header + line - 1];
  if (content === undefined || written?.endsWith(content) !== true) return undefined;
  return { line: header + line, column: written.length - content.trimStart().length + 1 };
}

function indentOf(text: string, line: number): number {
  const content = text.split("\n")[line - 1] ?? "";
  return content.length - content.trimStart().length;
}

function positionOf(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const line = starts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}
