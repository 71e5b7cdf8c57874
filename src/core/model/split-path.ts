/** One step of an identity path. */
export interface Step {
  /** `field`: a name after a dot; `item`: what stands in brackets; `quoted`: one text in quotes there, which may be either. */
  readonly type: "field" | "item" | "quoted";
  /** The name, or what names the item in one spelling: "name=primary", "2". */
  readonly text: string;
}

/** Longer or deeper paths are none of ours. */
const maxLength = 2000;
const maxSteps = 100;

/**
 * The steps of an identity path (model/path.ts): `spec.http[name=primary].timeout`, `metadata.labels["istio.io/rev"]`.
 * Undefined where the text is no path. A `*` is a step like any other. Takes linear time.
 */
export function splitPath(path: string): readonly Step[] | undefined {
  if (path.length > maxLength) return undefined;
  const steps: Step[] = [];
  for (let at = 0; at < path.length;) {
    const read = path[at] === "[" ? readBrackets(path, at) : readField(path, at);
    if (read === undefined || steps.push(read.step) > maxSteps) return undefined;
    at = read.end;
  }
  return steps.length === 0 ? undefined : steps;
}

interface Read {
  readonly step: Step;
  readonly end: number;
}

const fieldName = /(?:[A-Za-z_$][\w$-]*|\*)(?=[.[]|$)/y;

function readField(path: string, at: number): Read | undefined {
  const start = at === 0 ? 0 : at + 1;
  if (at > 0 && path[at] !== ".") return undefined;
  fieldName.lastIndex = start;
  const name = fieldName.exec(path)?.[0];
  return name === undefined ? undefined : { step: { type: "field", text: name }, end: start + name.length };
}

const quotedText = /"(?:[^"\\]|\\.)*"/y;
/** Empty behind `name=`: a name that is secret. */
const plainText = /[^\s[\]",=]+|(?<==)(?=[\],])/y;

/** `[2]`, `[v2]`, `["two words"]`, `[name=primary,port="8 0"]`. */
function readBrackets(path: string, at: number): Read | undefined {
  const words: Word[] = [];
  const text: string[] = [];
  for (let end = at + 1; ; end += 1) {
    const word = readWord(path, end);
    if (word === undefined) return undefined;
    words.push(word);
    text.push(JSON.stringify(word.text));
    end = word.end;
    const next = path[end];
    if (next === "]") return { step: stepOf(words, text.join("")), end: end + 1 };
    if (next !== "=" && next !== ",") return undefined;
    text.push(next);
  }
}

function stepOf(words: readonly Word[], text: string): Step {
  const [only, ...others] = words;
  if (only === undefined || others.length > 0) return { type: "item", text };
  return { type: only.isQuoted ? "quoted" : "item", text: only.text };
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly end: number;
}

function readWord(path: string, at: number): Word | undefined {
  quotedText.lastIndex = at;
  const quoted = quotedText.exec(path)?.[0];
  if (quoted !== undefined) {
    const text = textOf(quoted);
    return text === undefined ? undefined : { text, isQuoted: true, end: at + quoted.length };
  }
  plainText.lastIndex = at;
  const plain = plainText.exec(path)?.[0];
  return plain === undefined ? undefined : { text: plain, isQuoted: false, end: at + plain.length };
}

/** What a JSON string says; undefined where it has a wrong escape. */
function textOf(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
