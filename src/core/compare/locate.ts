import { field, isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { once } from "../model/once.ts";
import type { RawPath } from "../model/path.ts";
import { type LineFinder, lineFinder, type LineStep } from "../manifest/find-line.ts";
import { toPointer } from "../model/path.ts";
import { pathTo } from "../mesh/place.ts";
import { protoName } from "../mesh/proto-text.ts";
import type { Node, Site } from "../mesh/table.ts";

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

/** The texts of an object that were read to find lines in them, by pointer. */
const findersOf = once<JsonObject, Map<string, LineFinder>>(() => new Map());

/** The line that a node's value has inside a text of the object, counted from 1; undefined where it stands in none. */
export function lineInText(object: JsonObject, node: Node): number | undefined {
  const sites = sitesOf(node.site);
  const { text, depth } = textAbove(object, sites);
  if (text === undefined) return undefined;
  const known = findersOf(object);
  const pointer = toPointer(sites.slice(0, depth).map(({ name }) => name));
  const finder = known.get(pointer) ?? lineFinder(text);
  known.set(pointer, finder);
  return finder(sites.slice(depth).map(stepOf));
}

/** The sites from the object's own fields down. */
function sitesOf(site: Site): readonly Site[] {
  return site.up === undefined ? [] : [...sitesOf(site.up), site];
}

/** The first text on the way to a site that goes on below it. */
function textAbove(object: JsonObject, sites: readonly Site[]): { text?: string; depth: number } {
  let value: Json | undefined = object;
  for (const [depth, { name }] of sites.entries()) {
    if (typeof value === "string") return { text: value, depth };
    value = isList(value) ? value[Number(name)] : field(value, String(name));
  }
  return { depth: 0 };
}

function stepOf({ name, value }: Site): LineStep {
  if (typeof name === "string") return { names: [name, protoName(name)] };
  const named = field(value, "name");
  if (typeof named === "string") return { index: name, name: named };
  return typeof value === "string" ? { index: name, text: value } : { index: name };
}
