import { childPath, itemPath, type RawPath } from "../core/model/path.ts";

/** Something wrong with drift.yaml, at a place in its text. */
export interface Problem {
  /** Where in the file; [] where the whole file is meant. */
  readonly path: RawPath;
  /** Whether the key or its value is meant. */
  readonly at: "key" | "value";
  readonly message: string;
}

/** A place in the text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem whose place is known. */
export interface LocatedProblem extends Problem {
  readonly position: Position;
}

/** A path as people write it: `targets[0].scope.namespaces[1]`. */
function formatPath(path: RawPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? itemPath(text, String(part)) : childPath(text, part)),
    "",
  );
}

/** One line a problem: `drift.yaml:12:5 targets[0].cluster: names no cluster`. */
export function formatProblem(file: string, problem: LocatedProblem): string {
  const { line, column } = problem.position;
  const path = formatPath(problem.path);
  return `${file}:${String(line)}:${String(column)} ${path === "" ? "" : `${path}: `}${problem.message}`;
}

/** Orders problems as they stand in the text. */
export function comparePositions(a: LocatedProblem, b: LocatedProblem): number {
  return a.position.line - b.position.line || a.position.column - b.position.column;
}
