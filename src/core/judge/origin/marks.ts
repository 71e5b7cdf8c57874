import { compactJson, field, isList, isObject, type Json } from "../../model/json.ts";
import type { SourceList, SourceMap, SourceNode } from "../../manifest/source-nodes.ts";
import { type Ask, generatedTexts, groupOfAsk, nameOf } from "./ask.ts";
import type { Markable } from "./markable.ts";
import type { TextFile, TraceSource } from "./source-file.ts";

/** A text that stands somewhere for the time of one render, to see where it arrives. */
export type Mark = {
  /** What stands there instead, and arrives: the value, or the name of an added field. */
  readonly id: string;
} & (
  | {
      readonly type: "node";
      readonly source: TraceSource;
      readonly markable: Markable;
      /** `value` takes the place of a value, `field` is added to a mapping, `item` to an empty list. */
      readonly how: "value" | "field" | "item";
    }
  /** Instead of all that is in a file, which a generator takes as it is. */
  | { readonly type: "file"; readonly file: string }
);

const prefix = "drift-trace-";

/** Where marks may be put. */
export interface MarkRoom {
  readonly sources: readonly TraceSource[];
  readonly files: readonly TextFile[];
}

/** More marks than this are not put into one render. */
const maxMarks = 50_000;

/**
 * A mark for everything that may be the origin of what is asked for: values of the same meaning, and mappings and lists
 * under the same name. What means something else cannot be it, and stays what it is, so that the render goes as it
 * always does. Undefined where there would be too many.
 */
export function planMarks(asks: readonly Ask[], { sources, files }: MarkRoom): readonly Mark[] | undefined {
  const wanted = wantedOf(asks);
  const whole = files.filter(({ text }) => wanted.texts.has(text));
  const wholeFiles = new Set(whole.map(({ file }) => file));
  const marks: Mark[] = whole.map(({ file }, index) => ({
    type: "file",
    file,
    id: `${prefix}f${String(index)}`,
  }));
  for (const source of sources) {
    // A file that is one value of a ConfigMap is not also a document.
    if (wholeFiles.has(source.file)) continue;
    for (const markable of source.markables) {
      const how = howToMark(markable, wanted);
      if (how === undefined) continue;
      marks.push({ type: "node", source, markable, how, id: `${prefix}${String(marks.length)}` });
      if (marks.length > maxMarks) return undefined;
    }
  }
  return marks;
}

interface Wanted {
  /** By their JSON text. */
  readonly values: ReadonlySet<string>;
  readonly texts: ReadonlySet<string>;
  /** Names of mappings and lists, each with whether it may be labels or annotations. */
  readonly containers: ReadonlySet<string>;
  readonly isMetadata: boolean;
  readonly hasEmptyLists: boolean;
}

function wantedOf(asks: readonly Ask[]): Wanted {
  const values = new Set<string>();
  const texts = new Set<string>();
  const containers = new Set<string>();
  const addValue = (value: Json) => {
    values.add(valueKey(value));
    if (typeof value === "string") texts.add(value);
  };
  for (const ask of asks) {
    const { value } = ask;
    for (const [, text] of generatedTexts(ask)) addValue(text);
    if (!isList(value) && !isObject(value)) addValue(value);
    else containers.add(nameOf(ask));
    for (const { value: leaf } of leavesBelow(value)) addValue(leaf);
  }
  const groups = new Set(asks.map(groupOfAsk));
  return {
    values,
    texts,
    containers,
    isMetadata: groups.has("metadata"),
    hasEmptyLists: groups.has("empty-list"),
  };
}

/**
 * Kustomize may make text of a number where it merges it into a text, and drops line breaks at the end of a patch: such
 * values are taken for the same until a render tells.
 */
function valueKey(value: Json): string {
  return typeof value === "string" ? value.replace(/\n+$/, "") : compactJson(value);
}

type How = Extract<Mark, { readonly type: "node" }>["how"];

function howToMark(markable: Markable, wanted: Wanted): How | undefined {
  if (markable.isMetadata && !wanted.isMetadata) return undefined;
  const { node, literal } = markable;
  if (node.type !== "scalar") return mayHold(markable, wanted) ? howToMarkContainer(node, wanted) : undefined;
  const value = literal?.value ?? node.value;
  return value !== undefined && mayStandFor(value, markable, wanted) ? "value" : undefined;
}

/** A list with items is known by them. */
function howToMarkContainer(node: SourceMap | SourceList, { hasEmptyLists }: Wanted): How | undefined {
  if (node.type === "map") return "field";
  return hasEmptyLists && node.items.length === 0 ? "item" : undefined;
}

/** What has an anchor may stand under another name as well. */
function mayHold({ node, name }: Markable, { containers }: Wanted): boolean {
  return containers.has(name) || (node.isAnchored && containers.size > 0);
}

/** Null in a strategic merge patch takes the field away, so that no value of a render is it. */
function mayStandFor(value: Json, { by }: Markable, { values }: Wanted): boolean {
  return values.has(valueKey(value)) && (value !== null || by !== "strategic-merge-patch");
}

/** A place in the files: a value, or a whole file. */
export type Found =
  | {
      readonly type: "node";
      readonly source: TraceSource;
      readonly markable: Markable;
      readonly node: SourceNode;
    }
  | { readonly type: "file"; readonly file: string };

/** Where an ask comes from, and the mark that told so. */
export interface Sighting {
  readonly found: Found;
  readonly mark: Mark;
}

/** What arrived at a place of a render with marks; undefined where nothing did. */
export function sightingOf(
  ask: Ask,
  value: Json | undefined,
  marks: ReadonlyMap<string, Mark>,
): Sighting | undefined {
  if (value === undefined) return undefined;
  const generated = generatedTexts(ask);
  if (generated.length > 0) return generatedSighting(ask, value, marks);
  if (isList(ask.value)) return listSighting(isList(value) ? value : [], marks);
  if (isObject(ask.value)) return mapSighting(value, marks);
  const mark = typeof value === "string" ? marks.get(value) : undefined;
  return mark && sightingAt(mark);
}

function sightingAt(mark: Mark): Sighting {
  if (mark.type === "file") return { found: mark, mark };
  const { source, markable } = mark;
  return { found: { type: "node", source, markable, node: markable.node }, mark };
}

function fieldMarks(value: Json, marks: ReadonlyMap<string, Mark>): readonly Mark[] {
  return isObject(value) ? Object.keys(value).flatMap((key) => marks.get(key) ?? []) : [];
}

/**
 * Of mappings that are merged into one only those count that give it a value: what another one overrides altogether does
 * nothing. An empty one, and one of values by anchors, cannot be told that way.
 */
function mapSighting(value: Json, marks: ReadonlyMap<string, Mark>): Sighting | undefined {
  const sightings = fieldMarks(value, marks).map(sightingAt);
  const givers = new Set(
    leavesBelow(value).flatMap(({ value: leaf, depth }) => {
      const mark = typeof leaf === "string" ? marks.get(leaf) : undefined;
      return mark?.type === "node" ? (above(mark.markable.node, depth) ?? []) : [];
    }),
  );
  const giving = sightings.filter(({ found }) => found.type === "node" && givers.has(found.node));
  return preferred(giving.length > 0 ? giving : sightings);
}

function above(node: SourceNode, steps: number): SourceNode | undefined {
  let found: SourceNode | undefined = node;
  for (let step = 0; step < steps; step++) found = found?.parent;
  return found;
}

/** The values below a mapping or list that are neither, and how far below. */
function leavesBelow(value: Json, depth = 0): readonly { readonly value: Json; readonly depth: number }[] {
  if (isList(value)) return value.flatMap((item) => leavesBelow(item, depth + 1));
  if (isObject(value)) return Object.values(value).flatMap((item) => leavesBelow(item, depth + 1));
  return depth === 0 ? [] : [{ value, depth }];
}

/** A list is where most of its items stand in one list; an item that a patch put in stands for itself. */
function listSighting(items: readonly Json[], marks: ReadonlyMap<string, Mark>): Sighting | undefined {
  const sightings = items.flatMap((item) => {
    const all = typeof item === "string" ? (marks.get(item) ?? []) : fieldMarks(item, marks);
    return [all].flat().map((mark) => inList(sightingAt(mark)));
  });
  return (
    preferred(sightings.filter(({ found }) => found.type === "node" && found.node.type === "list")) ??
    sightings[0]
  );
}

function inList({ found, mark }: Sighting): Sighting {
  if (found.type === "file" || found.node.type === "list" || found.node.parent?.type !== "list") {
    return { found, mark };
  }
  return { found: { ...found, node: found.node.parent }, mark };
}

/** Of several places that are merged into one, the one that a patch only amends. */
function preferred(sightings: readonly Sighting[]): Sighting | undefined {
  return (
    sightings.find(({ found }) => found.type === "file" || found.markable.by === "resource") ?? sightings[0]
  );
}

/** Where a generator is told what to make: its entry in the kustomization, or the file that it takes. */
function generatedSighting(ask: Ask, value: Json, marks: ReadonlyMap<string, Mark>): Sighting | undefined {
  const data = ask.path.length === 0 ? field(value, "data") : value;
  const texts = isObject(data) ? Object.values(data) : [];
  const [mark] = texts.flatMap((text) => (typeof text === "string" ? (marks.get(text) ?? []) : []));
  const sighting = mark && sightingAt(mark);
  if (sighting?.found.type !== "node") return sighting;
  const { found } = sighting;
  return { ...sighting, found: { ...found, node: found.node.parent?.parent ?? found.node } };
}

/** Whether two sightings name one place. */
export function isSameFound(a: Found, b: Found): boolean {
  if (a.type === "file" || b.type === "file")
    return a.type === "file" && b.type === "file" && a.file === b.file;
  return a.node === b.node;
}
