import { isObject, type Json } from "../model/json.ts";
import { freeText } from "./scalar.ts";

/**
 * A set of keys (RFC 7517) in one spelling: blanks and the order of names mean nothing. Text that is no JSON mapping,
 * that says a name twice, or that spells a number or a character in a way of its own stays as it is.
 */
export function plainKeySet(text: string): string {
  const dense = withoutBlanks(text);
  const set = dense === undefined ? undefined : parseJson(dense);
  return isObject(set) && JSON.stringify(set) === dense ? freeText(set) : text;
}

/** A set of keys is three deep; deeper text is none, and whoever walks it should not have to mind. */
const maxDepth = 16;

/** JSON without the blanks between its parts; undefined where it is too deep. */
function withoutBlanks(json: string): string | undefined {
  let dense = "";
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < json.length; i += 1) {
    const character = json.charAt(i);
    if (isQuoted) {
      // What follows a backslash ends nothing.
      const part = character === "\\" ? json.slice(i, i + 2) : character;
      i += part.length - 1;
      dense += part;
      isQuoted = character !== '"';
      continue;
    }
    isQuoted = character === '"';
    depth += nesting[character] ?? 0;
    if (depth > maxDepth) return undefined;
    if (!/[ \t\r\n]/.test(character)) dense += character;
  }
  return dense;
}

const nesting: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };

function parseJson(text: string): Json | undefined {
  try {
    // Whatever JSON holds is a value of ours.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
