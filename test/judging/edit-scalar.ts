import { isObject, type Json } from "../../src/core/model/json.ts";

/** A text with one edit, and what a value becomes by it. */
export interface ScalarEdit {
  readonly text: string;
  readonly becomes: (value: Json) => Json;
}

/**
 * Edits what stands at a line and column, as somebody in an editor would who is told nothing else: appends to a text, adds
 * to a number, turns a truth value round. Undefined where no value stands there. Independent of what is tested.
 */
export function editAt(text: string, line: number, column: number): ScalarEdit | undefined {
  const lines = text.split("\n");
  const written = lines[line - 1];
  if (written === undefined) return undefined;
  const [before, rest] = [written.slice(0, column - 1), written.slice(column - 1)];
  const token = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\w./][^\s,[\]{}#]*)/.exec(rest)?.[0];
  // The content of a block stands below its sign.
  if (/^\|-?$/.test(rest))
    return { text: editLine(text, line + 1), becomes: (value) => editLine(textOf(value), 1) };
  if (token === undefined) return undefined;
  const edited = editToken(token);
  lines[line - 1] = before + edited.text + rest.slice(token.length);
  return { ...edited, text: lines.join("\n") };
}

function editToken(token: string): ScalarEdit {
  if (/^\d+$/.test(token)) {
    return { text: String(Number(token) + 7), becomes: (value) => Number(value) + 7 };
  }
  if (token === "true" || token === "false") {
    return { text: token === "true" ? "false" : "true", becomes: (value) => textOf(value) !== "true" };
  }
  const isQuoted = /^["']/.test(token);
  const text = isQuoted ? `${token.slice(0, -1)}-e${token.slice(-1)}` : `${token}-e`;
  return { text, becomes: (value) => `${textOf(value)}-e` };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Appends to a whole line of a text that holds other lines. */
export function editLine(text: string, line: number): string {
  return text
    .split("\n")
    .map((written, index) => (index === line - 1 ? `${written} e` : written))
    .join("\n");
}

/** Breaks what starts at a line and column: renames a key, or puts something else into brackets. */
export function breakAt(text: string, line: number, column: number): string | undefined {
  const lines = text.split("\n");
  const written = lines[line - 1];
  if (written === undefined) return undefined;
  const [before, rest] = [written.slice(0, column - 1), written.slice(column - 1)];
  const key = /^(?:"[^"]*"|[\w$./-]+)(?=\s*:)/.exec(rest)?.[0];
  const edited = key === undefined ? breakBrackets(rest) : `${renamed(key)}${rest.slice(key.length)}`;
  if (edited === undefined) return undefined;
  lines[line - 1] = before + edited;
  return lines.join("\n");
}

function renamed(key: string): string {
  return key.startsWith('"') ? `${key.slice(0, -1)}Zz"` : `${key}Zz`;
}

function breakBrackets(rest: string): string | undefined {
  if (/^\{\s*\}/.test(rest)) return `{zz: 1}${rest.slice(rest.indexOf("}") + 1)}`;
  if (rest.startsWith("{")) return `{zz: 1, ${rest.slice(1)}`;
  if (/^\[\s*\]/.test(rest)) return `[zz]${rest.slice(rest.indexOf("]") + 1)}`;
  return rest.startsWith("[") ? `[zz, ${rest.slice(1)}` : undefined;
}

/** Every leaf of a value, by its RFC 6901 pointer. */
export function leavesOf(value: Json, pointer = ""): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const walk = (part: Json, at: string) => {
    const isContainer = Array.isArray(part) || isObject(part);
    if (!isContainer) found.set(at, part);
    else for (const [key, child] of Object.entries(part)) walk(child as Json, `${at}/${escaped(key)}`);
  };
  walk(value, pointer);
  return found;
}

/** Every mapping and list of a value, itself included. */
export function containersOf(value: Json): readonly string[] {
  const found: string[] = [];
  const walk = (part: Json, at: string) => {
    if (!Array.isArray(part) && !isObject(part)) return;
    found.push(at);
    for (const [key, child] of Object.entries(part)) walk(child as Json, `${at}/${escaped(key)}`);
  };
  walk(value, "");
  return found;
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
