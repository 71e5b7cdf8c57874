import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Json } from "../core/model/json.ts";
import type { RawPath } from "../core/model/path.ts";
import { messageOf } from "../lib/errors.ts";
import { tooDeepAt } from "./limits.ts";
import type { LocatedProblem, Position, Problem } from "./problem.ts";

/** The text of a configuration file, parsed, with the way back from a path to its place. */
interface ConfigDocument {
  readonly value: Json;
  readonly locate: (problem: Problem) => LocatedProblem;
}

/** What parsing came to: a document, or why there is none. */
type ParsedDocument =
  | { readonly type: "parsed"; readonly document: ConfigDocument }
  | { readonly type: "broken"; readonly problems: readonly LocatedProblem[] };

const start: Position = { line: 1, column: 1 };

/** Parses the text of a configuration file. Never throws: whatever is wrong with the text is a problem with a place. */
export function parseConfigDocument(text: string): ParsedDocument {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    return broken([problemAt({ line: deep, column: 1 }, "nested deeper than any configuration needs")]);
  }
  const lines = new LineCounter();
  // Keys are checked below: the parser's own check takes time in the square of their number.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const problems = [
    ...document.errors.map((error) => problemAt(positionOf(lines, error.pos[0]), error.message)),
    ...keyProblems(document, lines),
  ];
  if (problems.length > 0) return broken(problems);
  try {
    // With core-schema tags, string keys and no bigints asked for, toJS makes nothing but Json.
    const value = document.toJS() as Json;
    return { type: "parsed", document: { value, locate: (problem) => locate(document, lines, problem) } };
  } catch (error) {
    return broken([problemAt(start, messageOf(error))]);
  }
}

/** Keys that stand twice in one mapping, and `__proto__`, which no reader agrees about. */
function keyProblems(document: Document.Parsed, lines: LineCounter): LocatedProblem[] {
  const problems: LocatedProblem[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const position = positionOf(lines, key.range?.[0] ?? 0);
        if (name === "__proto__") problems.push(problemAt(position, '"__proto__" cannot be a key'));
        if (seen.has(name))
          problems.push(problemAt(position, `the key ${JSON.stringify(name)} stands twice`));
        seen.add(name);
      }
    },
  });
  return problems;
}

/** The place of a problem; where its path ends in something that is not there, the place of what should hold it. */
function locate(document: Document.Parsed, lines: LineCounter, problem: Problem): LocatedProblem {
  const offset = offsetOf(document, problem.path, problem.at);
  return { ...problem, position: offset === undefined ? start : positionOf(lines, offset) };
}

function offsetOf(document: Document.Parsed, path: RawPath, at: "key" | "value"): number | undefined {
  let step: Step = { node: document.contents, key: undefined };
  let offset = rangeStart(document.contents);
  for (const part of path) {
    step = stepInto(step.node, part);
    if (step.node === undefined && step.key === undefined) return offset;
    offset = rangeStart(step.node) ?? rangeStart(step.key) ?? offset;
  }
  return at === "key" ? (rangeStart(step.key) ?? offset) : offset;
}

interface Step {
  readonly node: unknown;
  /** Absent for items of lists. */
  readonly key: unknown;
}

function stepInto(node: unknown, part: string | number): Step {
  if (isSeq(node)) return { node: node.items[Number(part)], key: undefined };
  if (!isMap(node)) return { node: undefined, key: undefined };
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return { node: pair?.value ?? undefined, key: pair?.key };
}

function rangeStart(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function problemAt(position: Position, message: string): LocatedProblem {
  return { path: [], at: "value", message, position };
}

function broken(problems: readonly LocatedProblem[]): ParsedDocument {
  return { type: "broken", problems };
}
