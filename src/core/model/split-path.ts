/** One step of an identity path. */
export interface Step {
  /** `field`: a name after a dot; `item`: what stands in brackets; `quoted`: one text in quotes there, which may be either. */
  readonly type: "field" | "item" | "quoted";
  /** The name, or what names the item in one spelling: "name=primary", "2"; "" for an item that nothing names. */
  readonly text: string;
  /** As it stands in the path: `spec`, `.http`, `[name=primary]`. Joined the steps are the path. */
  readonly written: string;
  /** The fields that name an item, each with its value as text: name and primary. None where something else does. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * The steps of an identity path (model/path.ts): `spec.http[name=primary].timeout`, `metadata.labels["istio.io/rev"]`;
 * none for "". Undefined where the text is no path. A `*` is a step like any other, and so is `[]`, any item of a list.
 * Takes linear time.
 */
export function splitPath(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (let at = 0; at < path.length;) {
    const read = path[at] === "[" ? readBrackets(path, at) : readField(path, at);
    if (read === undefined) return undefined;
    const { end, step } = read;
    steps.push({ ...step, written: path.slice(at, end) });
    at = end;
  }
  return steps;
}

interface Read {
  readonly step: Omit<Step, "written">;
  readonly end: number;
}

const fieldName = /(?:[A-Za-z_$][\w$-]*|\*)(?=[.[]|$)/y;

function readField(path: string, at: number): Read | undefined {
  const start = at === 0 ? 0 : at + 1;
  if (at > 0 && path[at] !== ".") return undefined;
  fieldName.lastIndex = start;
  const name = fieldName.exec(path)?.[0];
  if (name === undefined) return undefined;
  return { step: { type: "field", text: name, fields: [] }, end: start + name.length };
}

const quotedText = /"(?:[^"\\]|\\.)*"/y;
/** Empty behind `name=`: a name that is secret. */
const plainText = /[^\s[\]",=]+|(?<==)(?=[\],])/y;

/** `[2]`, `[v2]`, `["two words"]`, `[name=primary,port="8 0"]`, `[]`. */
function readBrackets(path: string, at: number): Read | undefined {
  if (path[at + 1] === "]") return { step: { type: "item", text: "", fields: [] }, end: at + 2 };
  const parts: Word[][] = [[]];
  for (let end = at + 1; ; end += 1) {
    const word = readWord(path, end);
    if (word === undefined) return undefined;
    parts.at(-1)?.push(word);
    end = word.end;
    const next = path[end];
    if (next === "]") return { step: stepOf(parts), end: end + 1 };
    if (next === ",") parts.push([]);
    else if (next !== "=") return undefined;
  }
}

/** What stands in brackets: parts with commas between them, of words with equals signs between them. */
function stepOf(parts: readonly (readonly Word[])[]): Omit<Step, "written"> {
  const [only, ...others] = parts.flat();
  if (only !== undefined && others.length === 0) {
    return { type: only.isQuoted ? "quoted" : "item", text: only.text, fields: [] };
  }
  const texts = parts.map((words) => words.map(({ text }) => text));
  const fields = texts.flatMap(([name, value, ...more]) =>
    name === undefined || value === undefined || more.length > 0 ? [] : [[name, value] as const],
  );
  const text = texts.map((words) => words.map((word) => JSON.stringify(word)).join("=")).join();
  return { type: "item", text, fields: fields.length === parts.length ? fields : [] };
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
