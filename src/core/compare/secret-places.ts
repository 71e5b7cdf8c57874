import { isList, isObject, type Json } from "../model/json.ts";
import { type RawPath, toPointer } from "../model/path.ts";
import type { Node } from "../mesh/table.ts";

/**
 * The places inside a node's raw value that may hold a secret, as pointers into that value ("" is all of it). What
 * the interpretation did not look at (a field that a rule replaced) counts as secret unless it is a bare number or
 * truth value: no table says what it holds.
 */
export function secretPlaces(node: Node): readonly string[] {
  const places: RawPath[] = [];
  collect(node, [], places);
  return places.map(toPointer);
}

function collect(node: Node, at: RawPath, places: RawPath[]): void {
  if (node.secret) {
    if (!isEmpty(node.raw)) places.push(at);
    return;
  }
  // A text that a rule took apart cannot be shown in part.
  if (node.body.type !== "leaf" && typeof node.raw === "string") {
    if (!isEmpty(node.raw)) places.push(at);
    return;
  }
  const seen = new Set<string | number>();
  for (const child of childrenOf(node)) {
    const { name } = child.site;
    if (!holds(node.raw, name)) continue;
    seen.add(name);
    collect(child, [...at, name], places);
  }
  if (node.body.type !== "leaf") for (const name of unseen(node, seen)) places.push([...at, name]);
}

/** The fields of the raw value that no part of the node accounts for and that may hold anything. */
function unseen(node: Node, seen: ReadonlySet<string | number>): readonly (string | number)[] {
  return entriesOf(node.raw)
    .filter(([name, value]) => !seen.has(name) && !isDefault(node, name) && !isHarmless(value))
    .map(([name]) => name);
}

/** A field that means the same as absent holds a default that everybody knows, unless a rule replaced it. */
function isDefault(node: Node, name: string | number): boolean {
  if (node.body.type !== "record" || typeof name === "number") return false;
  const row = node.body.dropped.get(name);
  return row !== undefined && !("rewrite" in row) && !("to" in row);
}

function childrenOf(node: Node): Iterable<Node> {
  if (node.body.type === "record") return node.body.fields.values();
  return node.body.type === "list" ? node.body.items : [];
}

function holds(raw: Json, name: string | number): boolean {
  if (typeof name === "number") return isList(raw) && name < raw.length;
  return isObject(raw) && Object.hasOwn(raw, name);
}

function entriesOf(raw: Json): readonly (readonly [string | number, Json])[] {
  if (isList(raw)) return raw.map((item, index) => [index, item]);
  return isObject(raw) ? Object.entries(raw) : [];
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Values that cannot hold a secret, whatever their field: nothing, numbers and truth values. */
export function isHarmless(value: Json): boolean {
  return (
    isEmpty(value) || typeof value === "boolean" || typeof value === "number" || typeof value === "bigint"
  );
}
