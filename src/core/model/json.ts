/**
 * A value as JSON or YAML can hold it. An integer that a double cannot hold exactly is a `bigint`, so that
 * two different integers are never compared as one.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

/** A mapping with string keys. Keys are data: `__proto__` and `constructor` may occur as own keys. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether `value` is a mapping (neither null nor a list). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is a list. `Array.isArray` alone widens a readonly list to `any[]`. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value under an own key, or undefined; inherited names such as `toString` are never found. */
export function field(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The string under an own key, or "" where there is none or something else. */
export function textField(value: Json | undefined, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
}

/** A mapping from entries. `__proto__` becomes an own key and never the prototype. */
export function objectOf(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries);
}

/** JSON without spaces, keys in the order of the object; a bigint is written as the integer it is. */
export function compactJson(value: Json): string {
  if (isList(value)) return `[${value.map(compactJson).join(",")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${compactJson(item)}`);
    return `{${entries.join(",")}}`;
  }
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/**
 * Whether two values are the same data: key order does not matter, list order does, and an absent key is not null.
 * Both must be of bounded depth (core/manifest sees to that).
 */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && sameItems(a, b);
  return isObject(a) && isObject(b) && sameFields(a, b);
}

// Loops: the two are the hottest of a comparison, and an array of callbacks costs as much as the rest of them.

function sameItems(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!sameJson(a[index], b[index])) return false;
  }
  return true;
}

function sameFields(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !sameJson(a[key], b[key])) return false;
  }
  return true;
}

/** Whether a value nests deeper than so many lists and mappings. Looks no deeper than that itself. */
export function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const item of isList(value) ? value : Object.values(value)) {
    if (isDeeperThan(item, depth - 1)) return true;
  }
  return false;
}

/**
 * Takes what a caller of the package gives: JSON data of bounded depth. A key without a value (undefined) counts as
 * absent. Says what is wrong otherwise.
 */
export function asJson(
  value: unknown,
  maxDepth: number,
): { readonly type: "json"; readonly value: Json } | { readonly type: "refused"; readonly reason: string } {
  const walk: Walk = { sawUndefined: false };
  const reason = whyNotJson(value, maxDepth, walk);
  if (reason !== undefined) return { type: "refused", reason };
  // The walk has seen every value, so the type is proved.
  const json = value as Json;
  return { type: "json", value: walk.sawUndefined ? present(json) : json };
}

interface Walk {
  sawUndefined: boolean;
}

function whyNotJson(value: unknown, maxDepth: number, walk: Walk): string | undefined {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return undefined;
  if (typeof value === "object") return value === null ? undefined : whyNotContainer(value, maxDepth, walk);
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : `it holds the number ${String(value)}`;
  }
  if (value !== undefined) return `it holds a value of type ${typeof value}`;
  walk.sawUndefined = true;
  return undefined;
}

function whyNotContainer(value: object, maxDepth: number, walk: Walk): string | undefined {
  if (maxDepth < 0) return "it is nested too deep";
  if (Array.isArray(value)) return whyNotItems(value, maxDepth, walk);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return "it holds an object that is no plain data";
  const plain = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(plain)) {
    const reason = whyNotJson(plain[name], maxDepth - 1, walk);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function whyNotItems(items: readonly unknown[], maxDepth: number, walk: Walk): string | undefined {
  for (const item of items) {
    const reason = whyNotJson(item, maxDepth - 1, walk);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The same value without keys that have none; the same reference where there are no such keys. */
function present(value: Json): Json {
  if (isList(value)) {
    const items = value.map(present);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value) as readonly (readonly [string, Json | undefined])[];
  const kept = entries.flatMap(([name, item]) =>
    item === undefined ? [] : [[name, present(item)] as const],
  );
  const same = kept.length === entries.length && kept.every(([name, item]) => item === value[name]);
  return same ? value : objectOf(kept);
}
