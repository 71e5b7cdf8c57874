import { compactJson, type Json } from "../model/json.ts";

/**
 * Characters that a terminal obeys instead of showing, or that nobody sees: controls, direction marks, joiners, lone
 * surrogates, private and unassigned code points, every line break, and every space but the plain one.
 */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/**
 * The text with everything that could deceive a reader written as `\u{1b}`, so that it stays on its line and cannot
 * steer a terminal or forge a line of a log. A backslash that was there stays as it is.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** What stands for a value that is not there. */
const absent = "–";

/** Text that could be taken for something else: a number, a word of YAML, a quoted string, a list, nothing. */
const ambiguous = /^(?:[-+]?[.\d][\d.eE_+-]*|true|false|null|~|–|)$|^["'[{]|^ | $/;

/**
 * A value on one line, at most `maxWidth` code points long (and at least 24): strings bare where they cannot be
 * mistaken for another value and in quotes otherwise, objects and lists as compact JSON, `–` for undefined. What is too
 * long is cut in the middle: `{"name":...214 more...}]}`. Safe to print.
 */
export function formatValue(value: Json | undefined, maxWidth: number): string {
  if (value === undefined) return absent;
  if (typeof value !== "string") return cutMiddle(printable(compactJson(value)), maxWidth);
  const text = printable(value);
  const isBare = text === value && !ambiguous.test(value);
  return cutMiddle(isBare ? text : printable(JSON.stringify(value)), maxWidth);
}

const leastWidth = 24;

function cutMiddle(text: string, maxWidth: number): string {
  const width = Math.max(leastWidth, maxWidth);
  if (text.length <= width) return text;
  const points = Array.from(text);
  if (points.length <= width) return text;
  const room = width - `...${String(points.length)} more...`.length;
  const head = Math.ceil(room / 2);
  const tail = room - head;
  const left = points.length - room;
  return `${points.slice(0, head).join("")}...${String(left)} more...${points.slice(points.length - tail).join("")}`;
}
