import { CST, Lexer, Parser } from "yaml";

/** What may be counted in a text before it becomes values. Every number is the largest that passes. */
export interface CountLimits {
  /** Collections inside collections, flow and block style together. At most 1,000. */
  readonly depth: number;
  /** Keys and values of one document; a list item written with `-` counts twice. */
  readonly nodes: number;
  /** Uses of anchors (`*name`) in one document. */
  readonly aliases: number;
  /** Tokens of one document that only the full parser can read, which takes some 7 µs and 1 KB of memory for each. */
  readonly tokens: number;
}

/** The first limit that a text goes beyond, and where (in UTF-16 units). */
export interface Exceeded {
  readonly limit: keyof CountLimits;
  readonly offset: number;
}

/** The syntax of one document, or the limit it goes beyond. */
export type TokenScan =
  | { readonly type: "within"; readonly tokens: readonly CST.Token[]; readonly aliases: number }
  | { readonly type: "exceeded"; readonly exceeded: Exceeded };

/**
 * Reads the syntax tree of one document in YAML or JSON and stops as soon as a limit is passed. Lexer and tree builder
 * of the yaml package are loops over a stack that we can watch, also where the text is broken; what follows them is
 * recursive, and ends the process on a tree that is too deep.
 */
export function scanTokens(text: string, limits: CountLimits): TokenScan {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const counts = { depth: 0, nodes: 0, aliases: 0, tokens: 0 };
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    counts.tokens++;
    const type: TokenType = isText ? "plain" : typeOf(lexeme);
    isText = type === "scalar";
    if (type === "alias") counts.aliases++;
    if (countedAsNode.has(type)) counts.nodes++;
    const { offset } = parser;
    for (const token of parser.next(lexeme)) tokens.push(token);
    counts.depth = depthOf(parser.stack);
    const limit = findExceeded(counts, limits);
    if (limit !== undefined) return { type: "exceeded", exceeded: { limit, offset } };
  }
  for (const token of parser.end()) tokens.push(token);
  return { type: "within", tokens, aliases: counts.aliases };
}

type TokenType = CST.TokenType | "plain";

/** The type of a token that is not the text of a plain or block scalar. */
function typeOf(lexeme: string): TokenType {
  return CST.tokenType(lexeme) ?? "plain";
}

const countedAsNode: ReadonlySet<string> = new Set([
  ...["plain", "single-quoted-scalar", "double-quoted-scalar", "alias"],
  ...["flow-map-start", "flow-seq-start", "comma", "seq-item-ind", "explicit-key-ind"],
]);

/** The open collections: what is on the parser's stack but for the document around and a scalar inside them. */
function depthOf(stack: readonly CST.Token[]): number {
  const last = stack.at(-1);
  return stack.length - 1 - (last !== undefined && !CST.isCollection(last) ? 1 : 0);
}

function findExceeded(
  counts: Readonly<Record<keyof CountLimits, number>>,
  limits: CountLimits,
): keyof CountLimits | undefined {
  if (counts.depth > limits.depth) return "depth";
  if (counts.nodes > limits.nodes) return "nodes";
  if (counts.aliases > limits.aliases) return "aliases";
  return counts.tokens > limits.tokens ? "tokens" : undefined;
}
