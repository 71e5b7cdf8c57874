import { CST, Lexer } from "yaml";

/** A larger file is refused before it is read. A thousand targets need about 200 KB. */
export const maxConfigBytes = 1_048_576;

/** Real configurations are nested about six deep. */
const maxDepth = 64;
/** A line indented further, or that opens more levels at once, cannot be about depth that we allow. */
const maxIndent = 256;

/**
 * The first line (from 1) that is nested too deep for the parser, or undefined. It has to be known before parsing:
 * the parser recurses, and a stack that ends inside a regular expression ends the process, not the parse.
 * The lexer does not recurse. Counts are upper bounds, so nothing too deep passes.
 */
export function tooDeepAt(text: string): number | undefined {
  let line = 1;
  let flowDepth = 0;
  let openedHere = 0;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    // A mark comes before the content of a scalar, and the content may look like anything.
    const type: TokenType = inScalar ? "content" : CST.tokenType(token);
    inScalar = type === "scalar";
    flowDepth = Math.max(0, flowDepth + flowStep(type));
    if (flowDepth === 0 && opensLevel(type)) openedHere++;
    if (Math.max(flowDepth, openedHere) > maxDepth || isIndent(type, token)) return line;
    const ends = token.split("\n").length - 1;
    line += ends;
    if (ends > 0) openedHere = 0;
  }
  return undefined;
}

type TokenType = ReturnType<typeof CST.tokenType> | "content";

function opensLevel(type: TokenType): boolean {
  return type === "seq-item-ind" || type === "explicit-key-ind" || type === "map-value-ind";
}

function flowStep(type: TokenType): number {
  if (type === "flow-seq-start" || type === "flow-map-start") return 1;
  return type === "flow-seq-end" || type === "flow-map-end" ? -1 : 0;
}

function isIndent(type: TokenType, token: string): boolean {
  return type === "space" && token.length > maxIndent;
}
