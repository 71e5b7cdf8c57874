import { fromPointer } from "../../src/core/model/path.ts";
import { deepestAt } from "../../src/core/judge/origin/ask.ts";
import { type Json, sameJson } from "../../src/core/model/json.ts";
import type { Origin } from "../../src/core/model/origin.ts";
import type { Rendered } from "../../src/ports/renderer.ts";
import { breakAt, editAt, editLine, leavesOf } from "./edit-scalar.ts";
import { type Asked, renderTree, type TreeRun } from "./tree-run.ts";

type Known = Extract<Origin, { readonly type: "known" }>;
type KnownAsk = Asked & { readonly origin: Known };

interface Check {
  readonly plain: Rendered;
  readonly asked: readonly Asked[];
  /** Told of each place that was edited: what is wrong with what was said of it. `refused`: it does not render then. */
  readonly tell: (one: Asked, fault: string | undefined) => void;
}

type Becomes = (value: Json) => Json;

function isKnown(one: Asked): one is KnownAsk {
  return one.origin.type === "known";
}

function isScalar(value: Json | undefined): value is Exclude<Json, object> | null {
  return value !== undefined && (value === null || typeof value !== "object");
}

function positionOf({ file, line, column }: Known): string {
  return `${file}:${String(line)}:${String(column)}`;
}

function valueAt(render: Rendered, { object, place }: Asked): Json | undefined {
  const resource = render.resources[object];
  const path = fromPointer(place.pointer);
  const found = resource && deepestAt(resource.object, path);
  return found?.path.length === path.length ? found.value : undefined;
}

/**
 * Edits one value of each object at a time, renders, and looks at every field of every object: what is said to come from
 * an edited place must have changed as the place did, and nothing else.
 */
export async function checkScalars(run: TreeRun, check: Check): Promise<void> {
  const scalars = check.asked
    .filter(isKnown)
    .filter((one) => isScalar(valueAt(check.plain, one)) && !isInsideQuotes(run, one));
  const lists = new Map<number, KnownAsk[]>();
  for (const one of run.chances.shuffled(scalars))
    lists.set(one.object, [...(lists.get(one.object) ?? []), one]);
  for (let round = 0; round < run.edits; round++) {
    const chosen = [...lists.values()].flatMap((list) => list[round] ?? []);
    if (chosen.length > 0) await checkRound(run, check, chosen);
  }
}

/** A patch that is written as one quoted text has no line of its own for what it sets. */
function isInsideQuotes({ tree }: TreeRun, { origin }: KnownAsk): boolean {
  return (
    origin.by.endsWith("-patch") && /^"(?:[^"\\]|\\.)*\\n/.test(restAt(tree.files[origin.file] ?? "", origin))
  );
}

function restAt(text: string, { line, column }: Known): string {
  return text.split("\n")[line - 1]?.slice(column - 1) ?? "";
}

async function checkRound(run: TreeRun, check: Check, chosen: readonly KnownAsk[]): Promise<void> {
  const files = { ...run.tree.files };
  const edited = new Map<string, { readonly one: KnownAsk; readonly becomes: Becomes }>();
  const lines = new Set<string>();
  for (const one of chosen) {
    const { file, line } = one.origin;
    // Two edits in one line would move each other.
    if (lines.has(`${file}:${String(line)}`)) continue;
    lines.add(`${file}:${String(line)}`);
    const edit = editOf(files[file] ?? "", one);
    if (edit === undefined) {
      check.tell(one, "no value stands there");
      continue;
    }
    files[file] = edit.text;
    edited.set(positionOf(one.origin), { one, becomes: edit.becomes });
  }
  const after = await renderTree(run, files);
  if (after === undefined && chosen.length > 1) {
    for (const { one } of edited.values()) await checkRound(run, check, [one]);
    return;
  }
  for (const { one } of edited.values()) {
    check.tell(one, after === undefined ? "refused" : faultOf(one, check, { after, edited }));
  }
}

interface EditedText {
  readonly text: string;
  readonly becomes: Becomes;
}

function editOf(text: string, { origin, place }: KnownAsk): EditedText | undefined {
  const isQuoted = /^["']/.test(restAt(text, origin));
  if (place.line === undefined || isQuoted) return editAt(text, origin.line, origin.column);
  const inner = place.line;
  return {
    text: editLine(text, origin.line),
    becomes: (value) => editLine(typeof value === "string" ? value : "", inner),
  };
}

/** What is wrong with the object of a place after the edits. */
function faultOf(
  { object }: KnownAsk,
  { plain, asked }: Check,
  {
    after,
    edited,
  }: { readonly after: Rendered; readonly edited: ReadonlyMap<string, { readonly becomes: Becomes }> },
): string | undefined {
  const now = after.resources[object]?.object;
  if (now === undefined) return "the object is gone";
  const news = leavesOf(now);
  for (const one of asked.filter(isKnown).filter((other) => other.object === object)) {
    const value = valueAt(plain, one);
    if (!isScalar(value)) continue;
    const expected = edited.get(positionOf(one.origin))?.becomes(value) ?? value;
    const found = news.get(one.place.pointer) ?? null;
    const { pointer } = one.place;
    // Where a patch merges it into a text, Kustomize makes text of a number.
    if (asText(found) !== asText(expected))
      return `${pointer} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`;
  }
  return undefined;
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Breaks some mappings and lists where they are said to be, and looks whether they are another thing then. */
export async function checkContainers(run: TreeRun, check: Check): Promise<void> {
  const containers = check.asked.filter(isKnown).filter((one) => !isScalar(valueAt(check.plain, one)));
  for (const one of containers) {
    const isLacking = one.place.pointer.endsWith("/lacking/deeper");
    if ((one.origin.precision === "around") !== isLacking) check.tell(one, "its precision is wrong");
  }
  const there = containers.filter((one) => one.origin.precision === "field" && !isInsideQuotes(run, one));
  for (const one of run.chances.shuffled(there).slice(0, Math.ceil(run.edits / 2))) {
    await checkContainer(run, check, one);
  }
}

async function checkContainer(run: TreeRun, check: Check, one: KnownAsk): Promise<void> {
  const { file, line, column } = one.origin;
  const broken = breakAt(run.tree.files[file] ?? "", line, column);
  if (broken === undefined) {
    check.tell(one, "nothing stands there");
    return;
  }
  const after = await renderTree(run, { ...run.tree.files, [file]: broken });
  check.tell(one, after === undefined ? "refused" : breakFault(one, check.plain, after));
}

function breakFault(one: KnownAsk, plain: Rendered, after: Rendered): string | undefined {
  const before = valueAt(plain, one) ?? null;
  const renamed = { ...one, place: { pointer: `${one.place.pointer}Zz` } };
  // Where a patch says what the base says too, the value stands there still, and again under the other name.
  const isTwice = sameJson(valueAt(after, renamed) ?? null, before);
  return sameJson(valueAt(after, one) ?? null, before) && !isTwice ? "it is the same" : undefined;
}
