import { field, isList, isObject, type Json } from "../core/model/json.ts";

/** The items of a list of the file as it is written; none where something else stands there. */
export function listAt(value: Json, name: string): readonly Json[] {
  const found = field(value, name);
  return isList(found) ? found : [];
}

/** The keys of a mapping of the file as it is written; none where something else stands there. */
export function keysAt(value: Json, name: string): readonly string[] {
  const found = field(value, name);
  return isObject(found) ? Object.keys(found) : [];
}
