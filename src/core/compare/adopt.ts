import jsonPatch, { type Operation } from "fast-json-patch";
import { field, isList, isObject, type Json, type JsonObject, objectOf } from "../model/json.ts";
import type { ListBody, Node } from "../mesh/table.ts";
import { type Pair, partsOf } from "./pair.ts";

/**
 * The desired object with every difference of meaning taken over from live, and everything else as Git spells it:
 * what Git would hold if a person adopted the live change by hand.
 */
export function adopt(pair: Pair, desired: JsonObject, kept: Kept = nothingKept): JsonObject {
  const merged = merge(pair, kept);
  return isObject(merged) ? withMerged(pair, desired, merged) : desired;
}

/** The desired object with everything that holds meaning as live spells it, and the rest as it stands in Git. */
function takeOver(pair: Pair, desired: JsonObject): JsonObject {
  return isObject(pair.live?.raw) ? withMerged(pair, desired, pair.live.raw) : desired;
}

function withMerged(pair: Pair, desired: JsonObject, merged: JsonObject): JsonObject {
  const own = isObject(pair.desired?.raw) ? pair.desired.raw : {};
  const others = Object.entries(desired).filter(([name]) => name !== "metadata" && !Object.hasOwn(own, name));
  const fields = Object.entries(merged).filter(([name]) => name !== "metadata");
  const metadata = mergeMetadata(
    field(desired, "metadata"),
    field(own, "metadata"),
    field(merged, "metadata"),
  );
  return objectOf([...others, ["metadata", metadata], ...fields]);
}

/** Identity paths of differences that are not taken over. */
export type Kept = ReadonlySet<string>;

const nothingKept: Kept = new Set();

/** The metadata as it stands in Git, with the labels and annotations that the mesh reads replaced by the merged ones. */
function mergeMetadata(raw: Json | undefined, own: Json | undefined, merged: Json | undefined): Json {
  const parts = ["labels", "annotations"].flatMap((part): [string, Json][] => {
    const plain = entriesOf(field(raw, part)).filter(([name]) => field(field(own, part), name) === undefined);
    const all = [...plain, ...entriesOf(field(merged, part))];
    return all.length === 0 ? [] : [[part, objectOf(all)]];
  });
  const others = entriesOf(raw).filter(([name]) => name !== "labels" && name !== "annotations");
  return objectOf([...others, ...parts]);
}

function entriesOf(value: Json | undefined): readonly [string, Json][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The raw value of a place after adoption; undefined where live has none. */
function merge(pair: Pair, kept: Kept): Json | undefined {
  const { desired, live } = pair;
  if (kept.has(pair.path)) return desired?.raw;
  if (live === undefined) return undefined;
  if (desired === undefined) return live.raw;
  if (desired.text === live.text) return desired.raw;
  // What a rule built has no place of its own in the raw object: it is taken over as a whole.
  return isRebuilt(desired) || isRebuilt(live) ? live.raw : mergeParts({ ...pair, desired, live }, kept);
}

type BothSides = Pair & { readonly desired: Node; readonly live: Node };

function mergeParts(pair: BothSides, kept: Kept): Json {
  const { desired, live } = pair;
  if (desired.body.type === "record" && live.body.type === "record" && isObject(desired.raw)) {
    return mergeRecord(pair, desired.raw, kept);
  }
  // Lists of unlike orders have no parts in common: the live one is taken over as a whole.
  return desired.body.type === "list" &&
    live.body.type === "list" &&
    desired.body.order.type === live.body.order.type
    ? mergeList(pair, live.body, kept)
    : live.raw;
}

function isRebuilt(node: Node): boolean {
  return node.synthetic || node.rewrittenBy.length > 0;
}

function mergeRecord(pair: Pair, raw: JsonObject, kept: Kept): Json {
  const result = new Map<string, Json>(Object.entries(raw));
  for (const part of partsOf(pair).pairs) {
    const oldName = part.desired?.site.name;
    const newName = (part.desired ?? part.live)?.site.name;
    const value = merge(part, kept);
    if (value === undefined) result.delete(String(oldName));
    else result.set(String(newName), value);
  }
  return objectOf(result);
}

/** In live's order where order counts, else in Git's with what is new at the end. */
function mergeList(pair: Pair, live: ListBody, kept: Kept): Json {
  const parts = partsOf(pair).pairs;
  const position = new Map(live.items.map((item, index) => [item, index]));
  const place = (part: Pair): number => (part.live && position.get(part.live)) ?? position.size;
  const sorted = live.order.type === "ordered" ? parts.toSorted((a, b) => place(a) - place(b)) : parts;
  return sorted.flatMap((part) => {
    const value = merge(part, kept);
    return value === undefined ? [] : [value];
  });
}

/**
 * The same as an RFC 6902 patch on the desired object. `meansLive` says whether an object means what live means: a
 * value that Git writes out in vain may mean something beside live's others, and then all is taken as live spells it.
 */
export function adoptingPatch(
  pair: Pair,
  desired: JsonObject,
  meansLive: (adopted: JsonObject) => boolean,
): readonly Operation[] {
  const bigints: bigint[] = [];
  const hide = (value: JsonObject): object => mapLeaves(value, (leaf) => hidden(leaf, bigints)) as object;
  const merged = adopt(pair, desired);
  const adopted = meansLive(merged) ? merged : takeOver(pair, desired);
  return jsonPatch.compare(hide(desired), hide(adopted)).map((operation) => {
    if (!("value" in operation)) return operation;
    const value = mapLeaves(operation.value as Json, (leaf) => shown(leaf, bigints));
    return { ...operation, value };
  });
}

/** fast-json-patch copies through JSON text, which has no bigint: a placeholder stands for it meanwhile. */
function hidden(leaf: Json, bigints: bigint[]): Json {
  return typeof leaf === "bigint" ? `\u0000bigint ${String(bigints.push(leaf) - 1)}` : leaf;
}

function shown(leaf: Json, bigints: readonly bigint[]): Json {
  if (typeof leaf !== "string" || !leaf.startsWith("\u0000bigint ")) return leaf;
  return bigints[Number(leaf.slice("\u0000bigint ".length))] ?? leaf;
}

function mapLeaves(value: Json, change: (leaf: Json) => Json): Json {
  if (isList(value)) return value.map((item) => mapLeaves(item, change));
  if (!isObject(value)) return change(value);
  return objectOf(Object.entries(value).map(([name, item]) => [name, mapLeaves(item, change)] as const));
}
