import jsonPatch from "fast-json-patch";
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  textField,
} from "../../src/core/model/json.ts";
import { toPointer } from "../../src/core/model/path.ts";
import type { Seeded } from "../support/seeded.ts";
import { anyValue } from "./mesh-objects.ts";

/** A patch of either kind, and what the object is after it. */
export interface AnyPatch {
  readonly content: Json;
  readonly after: JsonObject;
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** Every place below the spec (or data) of an object. */
function placesOf(object: JsonObject): readonly Place[] {
  const found: Place[] = [];
  const walk = (value: Json, path: Place["path"]) => {
    found.push({ path, value });
    const entries = isList(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];
    for (const [key, child] of entries) walk(child, [...path, key]);
  };
  for (const name of ["spec", "data"]) if (object[name] !== undefined) walk(object[name], [name]);
  return found;
}

function isContainer(value: Json): boolean {
  return isList(value) || isObject(value);
}

/** Some operations, each on what the one before it left. */
export function anyOperations(object: JsonObject, chances: Seeded): AnyPatch {
  const operations: JsonObject[] = [];
  let after = object;
  for (let count = 1 + chances.below(3); count > 0; count--) {
    const operation = anyOperation(after, chances);
    const path = textField(operation, "path");
    if (operation["op"] === "replace" && chances.has(0.4)) {
      operations.push({ op: "test", path, value: jsonPatch.getValueByPointer(after, path) as Json });
    }
    operations.push(operation);
    // The library takes its operations as a closed set of types.
    const list = structuredClone([operation]) as unknown as Parameters<typeof jsonPatch.applyPatch>[1];
    after = jsonPatch.applyPatch(structuredClone(after), list).newDocument;
  }
  return { content: operations, after };
}

function anyOperation(object: JsonObject, chances: Seeded): JsonObject {
  const isData = object["data"] !== undefined;
  const places = placesOf(object);
  const { path, value } = chances.pick(places);
  const pointer = toPointer(path);
  if (isData && path.length > 1)
    return { op: "replace", path: pointer, value: `${chances.pick(["a", "b"])}: 1\nc: 2\n` };
  if (isList(value) && value.length > 0) return listOperation(pointer, value, chances);
  if (isObject(value) && !isData) {
    return {
      op: "add",
      path: `${pointer}/${chances.pick(["extra", "name", "note~1x"])}`,
      value: anyPart(chances),
    };
  }
  if (isContainer(value))
    return { op: "add", path: isList(value) ? `${pointer}/-` : `${pointer}/added`, value: "text" };
  return { op: "replace", path: pointer, value: anyValue(chances) };
}

function listOperation(pointer: string, items: readonly Json[], chances: Seeded): JsonObject {
  const index = String(chances.below(items.length));
  if (items.length > 1 && chances.has(0.3)) return { op: "remove", path: `${pointer}/${index}` };
  const item = chances.pick(items);
  const value = isObject(item) ? { ...item, name: anyValue(chances) } : anyValue(chances);
  const at = chances.has(0.4) ? "-" : index;
  if (chances.has(0.15)) return { op: "copy", from: `${pointer}/${index}`, path: `${pointer}/${at}` };
  return { op: "add", path: `${pointer}/${at}`, value };
}

function anyPart(chances: Seeded): Json {
  return chances.pick<Json>([
    anyValue(chances),
    { inner: anyValue(chances), list: [anyValue(chances)] },
    {},
    [],
    [{}],
  ]);
}

/** A strategic merge patch: mappings are merged, lists take the place of others, null takes a field away. */
export function anyMerge(object: JsonObject, chances: Seeded): AnyPatch {
  const part = object["spec"] === undefined ? "data" : "spec";
  const content = { [part]: anyChange(object[part] ?? {}, chances, part === "data") };
  return { content, after: merged(object, content) as JsonObject };
}

/** Kustomize refuses to merge a mapping into a list, or a list into a text. */
function anyChange(value: Json, chances: Seeded, isText: boolean): Json {
  // A list that is the same as before could not be told from the one below it.
  if (isList(value)) return [...value.toReversed(), { name: `new-${String(chances.below(1_000_000))}` }];
  if (!isObject(value)) return isText ? "changed: 1\n" : anyValue(chances);
  const added = anyAddition(chances, isText);
  const entries = Object.entries(value);
  if (entries.length === 0) return objectOf([added]);
  const [key, child] = chances.pick(entries);
  const changed = chances.has(0.1) ? null : anyChange(child, chances, isText);
  return objectOf(chances.has(0.3) ? [[key, changed], added] : [[key, changed]]);
}

/** A field under a name that tells its kind: two patches may add it. */
function anyAddition(chances: Seeded, isText: boolean): readonly [string, Json] {
  if (isText) return ["addedText", "text"];
  return chances.pick<readonly [string, Json]>([
    ["addedText", anyValue(chances)],
    ["addedMap", { inner: anyValue(chances), list: [anyValue(chances)] }],
    ["addedEmpty", {}],
    ["addedList", [anyValue(chances), {}]],
  ]);
}

function merged(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(value ?? null) ? (value as JsonObject) : {}));
  for (const [key, child] of Object.entries(patch)) {
    if (child === null) result.delete(key);
    else result.set(key, merged(result.get(key), child));
  }
  return objectOf(result);
}
