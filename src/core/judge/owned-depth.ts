import { memberName } from "../model/field-owner.ts";
import { compactJson, field, isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { once } from "../model/once.ts";

/** One step from the root of a live object down: a field, or an item of a list with what it is. */
export type WayStep =
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "item"; readonly index: number; readonly item: Json };

/** How far down a way one writer's fields go. */
export interface Reach {
  /** The number of steps. */
  readonly depth: number;
  /** Whether the API server tracks nothing below it: what is there is one thing, written as a whole. */
  readonly isWhole: boolean;
}

/**
 * How far a set of fields (`FieldOwner.fields`) goes along a way; undefined where its writer does not hold the place at
 * its end. A set that ends above it holds the place, too: lists without a list type, say, are written as a whole.
 * Source: sigs.k8s.io/structured-merge-diff fieldpath/serialize-pe.go (f:, k:, v:, i:)
 */
export function reachOf(fields: JsonObject, way: readonly WayStep[]): Reach | undefined {
  if (way.length === 0) return undefined;
  let node = fields;
  for (const [depth, step] of way.entries()) {
    // A set without anything holds nothing.
    if (depth > 0 && isLeaf(node)) return { depth, isWhole: true };
    const child = step.type === "field" ? field(node, `f:${step.name}`) : itemIn(node, step);
    if (!isObject(child)) return undefined;
    node = child;
  }
  return { depth: way.length, isWhole: isLeaf(node) };
}

function isLeaf(node: JsonObject): boolean {
  for (const name in node) if (name !== ".") return false;
  return !Object.hasOwn(node, ".");
}

function itemIn(node: JsonObject, { index, item }: Extract<WayStep, { type: "item" }>): Json | undefined {
  for (const { names, byValues } of keysOf(node)) {
    const found = byValues.get(valuesText(item, names));
    if (found !== undefined) return found;
  }
  return field(node, memberName(item)) ?? field(node, `i:${String(index)}`);
}

/** Items of a list that are named by the same fields. */
interface KeyedItems {
  readonly names: readonly string[];
  /** What is held of each item, by the values of these fields. */
  readonly byValues: ReadonlyMap<string, Json>;
}

/** The items of a list that go by their fields: `k:{"name":"http"}`. A list has one such set of fields, unless forged. */
const keysOf = once((node: JsonObject): readonly KeyedItems[] => {
  const sets = new Map<string, { names: readonly string[]; byValues: Map<string, Json> }>();
  for (const [name, below] of Object.entries(node)) {
    const key = name.startsWith("k:") ? parseKey(name.slice(2)) : undefined;
    if (key === undefined) continue;
    const names = Object.keys(key).sort();
    const id = JSON.stringify(names);
    const known = sets.get(id) ?? { names, byValues: new Map<string, Json>() };
    sets.set(id, known);
    known.byValues.set(valuesText(key, names), below);
  }
  return [...sets.values()];
});

function parseKey(text: string): JsonObject | undefined {
  try {
    const key = JSON.parse(text) as Json; // JSON.parse gives nothing else.
    return isObject(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

function valuesText(item: Json, names: readonly string[]): string {
  return names.map((name) => compactJson(field(item, name) ?? null)).join();
}

/**
 * The way from the root of a live object along the steps of a pointer, as far as the object has it. `positionOf` finds
 * an item of a list where the pointer is none into this object; -1 for none.
 */
export function wayTo(
  object: JsonObject,
  steps: readonly string[],
  positionOf: (list: readonly Json[], step: number) => number = (_, step) => Number(steps[step]),
): readonly WayStep[] {
  const way: WayStep[] = [];
  let value: Json = object;
  for (const [at, name] of steps.entries()) {
    const index: number = isList(value) ? positionOf(value, at) : -1;
    const below: Json | undefined = isList(value) ? value[index] : field(value, name);
    if (below === undefined) break;
    way.push(isList(value) ? { type: "item", index, item: below } : { type: "field", name });
    value = below;
  }
  return way;
}
