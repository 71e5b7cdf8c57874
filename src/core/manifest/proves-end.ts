import { field, isList, isObject, type Json } from "../model/json.ts";
import { itemsOf } from "./expand-list.ts";

/**
 * Whether a YAML document shows by itself that nothing of what is compared was cut off behind it. kubectl prints keys
 * in the order of the alphabet: `kind` and `metadata` of a List stand behind its items, `status` behind `spec`, and the
 * `uid` at the end of a `metadata` that comes last (ConfigMap). A document of another order proves nothing.
 */
export function provesEnd(value: Json): boolean {
  if (!isObject(value)) return false;
  const last = lastKey(value);
  const items = itemsOf(value);
  // An empty list of items is written `[]`; a key without a value may have lost it.
  if (items !== undefined) return last !== "items" || (isList(field(value, "items")) && items.length === 0);
  return last === "status" || (last === "metadata" && lastKey(field(value, "metadata")) === "uid");
}

function lastKey(value: Json | undefined): string | undefined {
  return isObject(value) ? Object.keys(value).at(-1) : undefined;
}
