import { field, isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { RawPath } from "../model/path.ts";
import { pathTo } from "../mesh/place.ts";
import type { Node } from "../mesh/table.ts";

/**
 * Where a node's value stands in the raw object. A value that a rule moved (a deprecated twin) is found again by
 * identity; one that a rule made up stands where the nearest value around it stands.
 */
export function locate(object: JsonObject, node: Node): RawPath {
  const path = pathTo(node.site);
  if (!node.synthetic) return path;
  const moved =
    typeof node.raw === "object" && node.raw !== null ? findReference(object, node.raw, []) : undefined;
  return moved ?? existing(object, path);
}

function findReference(value: Json, wanted: Json, path: RawPath): RawPath | undefined {
  if (value === wanted) return path;
  const entries: readonly (readonly [string | number, Json])[] = isList(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  for (const [name, item] of entries) {
    const found = findReference(item, wanted, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The longest part of the path that the raw object has. */
function existing(object: JsonObject, path: RawPath): RawPath {
  let value: Json | undefined = object;
  let length = 0;
  for (const part of path) {
    value = typeof part === "number" ? (isList(value) ? value[part] : undefined) : field(value, part);
    if (value === undefined) break;
    length += 1;
  }
  return path.slice(0, length);
}
