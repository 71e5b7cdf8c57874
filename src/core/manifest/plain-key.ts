import { NotPlain, type PlainLines } from "./plain-lines.ts";
import { closingQuote, isQuote, unquote } from "./plain-quoted.ts";
import { resolveKey } from "./resolve-scalar.ts";

/** A key and the position behind its colon. */
interface Key {
  readonly name: string;
  readonly end: number;
}

const keyStart = /^[A-Za-z0-9_./$]/;
/** YAML allows 1,024 characters; beyond that only `? key` does. */
const maxKeyLength = 1000;

/**
 * Takes the key of `key: value` and moves to the value, which may be empty. Undefined, and nothing taken, where the
 * line is no such entry.
 */
export function takeKey(lines: PlainLines): string | undefined {
  const content = lines.content;
  const key = isQuote(content.charCodeAt(0)) ? quotedKey(content) : plainKey(content);
  if (key === undefined) return undefined;
  lines.skipTo(lines.start + key.end);
  return key.name;
}

function plainKey(content: string): Key | undefined {
  let colon = content.indexOf(": ");
  if (colon < 0 && content.endsWith(":")) colon = content.length - 1;
  if (colon < 0) return undefined;
  const text = content.slice(0, colon);
  if (!keyStart.test(text) || text.length > maxKeyLength || / #| $|\t/.test(text)) throw new NotPlain();
  const name = resolveKey(text);
  if (name === undefined) throw new NotPlain();
  return { name, end: colon + 1 };
}

function quotedKey(content: string): Key | undefined {
  const close = closingQuote(content);
  const isKey = /^:(?: |$)/.test(content.slice(close + 1, close + 3));
  if (!isKey || close > maxKeyLength) return undefined;
  return { name: unquote(content.slice(0, close + 1)), end: close + 2 };
}
