/** A piece of a text: what stays as it is, or `${…}`. */
export type Piece = string | Expression;

/** `${NAME}`, with or without a default, or another form. */
export interface Expression {
  /** The expression with its `${` and `}`. */
  readonly written: string;
  /** The name it begins with; where it begins with none, what stands in the braces. Cut where the form is another one. */
  readonly name: string;
  /** Whether it is `${NAME}`, `${NAME:-default}`, `${NAME:=default}` or `${NAME=default}`, closed, inside and out. */
  readonly isKnown: boolean;
  /** The default, which may hold expressions; absent where there is none. */
  readonly fallback?: readonly Piece[];
}

const maxDepth = 20;
/** The most that is shown of an expression. */
const maxShown = 60;

/**
 * Reads a text as Flux does, in time linear in it: `$$` stands for `$`, an expression ends at its first `}` that ends no
 * expression inside it, and in a default nothing is escaped. One that its line does not close goes to the end of the line.
 * Source: fluxcd/pkg envsubst/parse/parse.go and scan.go.
 */
export function readPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const special = /\$\$|\$\{/g;
  let at = 0;
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    const [token] = match;
    if (match.index > at) pieces.push(text.slice(at, match.index));
    at = special.lastIndex;
    if (token === "$$") {
      pieces.push("$");
      continue;
    }
    const { expression, end } = readExpression(text, match.index, 0);
    pieces.push(expression);
    at = end;
    special.lastIndex = end;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

/** The names of some pieces, those in defaults included. */
export function namesOf(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap((piece) =>
    typeof piece === "string" ? [] : [piece.name, ...namesOf(piece.fallback ?? [])],
  );
}

const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;
const operator = /:-|:=|=/y;

/** Reads the expression that starts with the `${` at `start`. */
function readExpression(text: string, start: number, depth: number): Read {
  const name = matchAt(identifier, text, start + 2);
  const afterName = start + 2 + name.length;
  const sign = name === "" ? "" : matchAt(operator, text, afterName);
  const body = readBody(text, afterName + sign.length, depth);
  const { pieces, end } = body;
  const written = text.slice(start, end);
  const isForm = sign === "" ? name !== "" && end === afterName + 1 : pieces.every(isUsable);
  if (!body.isClosed || !isForm) return { expression: unknown(written, name, body.isClosed), end };
  const expression = { written, name, isKnown: true };
  return { expression: sign === "" ? expression : { ...expression, fallback: pieces }, end };
}

interface Read {
  readonly expression: Expression;
  /** Where the text goes on. */
  readonly end: number;
}

function unknown(written: string, name: string, isClosed: boolean): Expression {
  const shown = name === "" ? written.slice(2, isClosed ? -1 : undefined) : name;
  const cut = shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown;
  return { written, name: cut, isKnown: false };
}

function isUsable(piece: Piece): boolean {
  return typeof piece === "string" || piece.isKnown;
}

/** What follows the name: up to and with the `}` of the expression, or up to the end of the line. */
interface Body {
  readonly pieces: readonly Piece[];
  readonly isClosed: boolean;
  readonly end: number;
}

function readBody(text: string, start: number, depth: number): Body {
  const pieces: Piece[] = [];
  const special = /\$\{|[}\n]/g;
  special.lastIndex = start;
  let at = start;
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    const [token] = match;
    if (match.index > at) pieces.push(text.slice(at, match.index));
    if (token === "}") return { pieces, isClosed: true, end: special.lastIndex };
    if (token === "\n") return { pieces, isClosed: false, end: match.index };
    if (depth === maxDepth) return { pieces, isClosed: false, end: endOfLine(text, match.index) };
    const inner = readExpression(text, match.index, depth + 1);
    pieces.push(inner.expression);
    at = inner.end;
    special.lastIndex = at;
  }
  return { pieces, isClosed: false, end: text.length };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
