import { factsFrom } from "../../src/core/compare/facts.ts";
import { interpret } from "../../src/core/mesh/interpret.ts";
import { pathTo } from "../../src/core/mesh/place.ts";
import type { KindTable, Node } from "../../src/core/mesh/table.ts";
import type { EqualitySetting } from "../../src/core/model/finding.ts";
import { isList, isObject, type Json, type JsonObject, objectOf } from "../../src/core/model/json.ts";
import type { RawPath } from "../../src/core/model/path.ts";
import { keyOf } from "../../src/core/model/resource.ts";

/** What an object means that stands alone in its cluster. */
export function meaningOf(table: KindTable, object: JsonObject, setting: EqualitySetting = "istio"): Node {
  const key = keyOf(object);
  if (key === undefined) throw new Error("an object without a key");
  const resource = { key, object };
  const known = { desired: [resource], live: [resource], isComplete: () => true };
  return interpret(table, resource, factsFrom({}, known), setting);
}

function childrenOf(node: Node): readonly Node[] {
  if (node.body.type === "record") return [...node.body.fields.values()];
  return node.body.type === "list" ? node.body.items : [];
}

/** A node and all below it. */
export function nodesOf(node: Node): readonly Node[] {
  return [node, ...childrenOf(node).flatMap(nodesOf)];
}

/** A copy without any part in common, not even of its own: a generated object may hold one value twice. */
export function copyOf(object: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(object)) as JsonObject;
}

/** The value as a mapping. Throws where it is none. */
export function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("not an object any more");
  return value;
}

/** The same value with another one at a path; undefined takes the field there away. */
export function replaceAt(value: Json, path: RawPath, change: (old: Json) => Json | undefined): Json {
  const [first, ...rest] = path;
  const replace = (item: Json): Json | undefined =>
    rest.length === 0 ? change(item) : replaceAt(item, rest, change);
  if (isList(value)) return value.map((item, i) => (i === first ? (replace(item) ?? null) : item));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).flatMap(([name, item]) => {
      const replaced = name === first ? replace(item) : item;
      return replaced === undefined ? [] : [[name, replaced] as const];
    }),
  );
}

/** The same data with the keys of every mapping the other way round. */
export function reverseKeys(value: Json): Json {
  if (isList(value)) return value.map(reverseKeys);
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reverseKeys(item)] as const),
  );
}

/** The same object with every list turned round whose order says nothing. */
export function turnSets(table: KindTable, object: JsonObject): JsonObject {
  // From the inside out: a path is valid as long as nothing above it was turned.
  const lists = nodesOf(meaningOf(table, object)).filter(
    ({ body, synthetic, raw, text }) =>
      body.type === "list" && !synthetic && isList(raw) && text.startsWith("("),
  );
  return lists
    .map(({ site }) => pathTo(site))
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (result, path) =>
        asObject(replaceAt(result, path, (list) => (isList(list) ? list.toReversed() : list))),
      object,
    );
}

/** The same object without the fields that mean the same as none. What a rule about a whole message moved stays. */
export function withoutSilent(table: KindTable, object: JsonObject, setting: EqualitySetting): JsonObject {
  const silent = nodesOf(meaningOf(table, object, setting)).flatMap(({ body, synthetic, site }) =>
    body.type !== "record" || synthetic
      ? []
      : [...body.dropped].flatMap(([name, row]) => ("rewrite" in row ? [] : [[...pathTo(site), name]])),
  );
  return silent.reduce((result, path) => asObject(replaceAt(result, path, () => undefined)), object);
}

/** Two objects with something in common: every part of the second may be that of the first. */
export function blend(one: Json, other: Json, isTaken: () => boolean): Json {
  if (isList(one) && isList(other)) {
    return other.map((item, i) => blend(one[i] ?? item, item, isTaken));
  }
  if (!isObject(one) || !isObject(other)) return isTaken() ? one : other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return objectOf(
    names.flatMap((name) => {
      const [mine, theirs] = [one[name], other[name]];
      if (mine !== undefined && theirs !== undefined) return [[name, blend(mine, theirs, isTaken)] as const];
      const only = mine ?? theirs;
      return only !== undefined && isTaken() ? [[name, only] as const] : [];
    }),
  );
}
