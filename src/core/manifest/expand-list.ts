import { field, isList, isObject, type Json, type JsonObject, textField } from "../model/json.ts";
import type { ManifestProblem } from "./problem.ts";
import type { LocatedValue } from "./read-document.ts";

/** One object of a manifest and the line where it starts, counted from 1. */
export interface ManifestObject {
  readonly object: JsonObject;
  readonly line: number;
}

/** The objects of one value, with Lists replaced by their items. */
export interface Expansion {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
}

/**
 * Expands a document: an object is itself; a `List`, or any kind that ends in List and has items (`VirtualServiceList`),
 * is its items, also where Lists stand in Lists; null is nothing. An item without a kind gets that of a typed list, as
 * kubectl does it. A list of items without a kind was cut off: kubectl prints keys sorted, `kind` after `items`.
 */
export function expandDocument(document: LocatedValue): Expansion {
  const objects: ManifestObject[] = [];
  const problems: ManifestProblem[] = [];
  const { value, line, itemLines } = document;
  if (isObject(value)) expandObject({ value, line, itemLines }, { objects, problems });
  else if (value !== null) problems.push({ ...notAnObject, line });
  return { objects, problems };
}

/** Where the walk over a document puts what it finds. */
interface Found {
  readonly objects: ManifestObject[];
  readonly problems: ManifestProblem[];
}

function expandObject(
  { value, line, itemLines }: LocatedValue & { readonly value: JsonObject },
  found: Found,
): void {
  const items = itemsOf(value);
  if (items === undefined) {
    found.objects.push({ object: value, line });
    return;
  }
  const isCutOff = textField(value, "kind") === "";
  if (isCutOff) found.problems.push({ ...cutOffList, line });
  const strangers: number[] = [];
  // The last item of a list that was cut off may lack a part.
  for (const [i, item] of (isCutOff ? items.slice(0, -1) : items).entries()) {
    const at = itemLines[i] ?? line;
    if (isObject(item)) expandObject({ value: withKindOf(value, item), line: at, itemLines: [] }, found);
    else if (item !== null) strangers.push(at);
  }
  const [first] = strangers;
  if (first !== undefined) found.problems.push(strangeItems(first, strangers.length));
}

/** The items of a List, complete or cut off; undefined for an object. */
export function itemsOf(value: JsonObject): readonly Json[] | undefined {
  const kind = textField(value, "kind");
  const items = field(value, "items");
  if (kind === "List" && (items === undefined || items === null)) return [];
  const mayBeList = kind.endsWith("List") || (kind === "" && !Object.hasOwn(value, "metadata"));
  return isList(items) && mayBeList ? items : undefined;
}

/** The item, with the kind and version of a typed list where it has none. */
function withKindOf(list: JsonObject, item: JsonObject): JsonObject {
  const kind = textField(list, "kind").slice(0, -"List".length);
  if (kind === "" || Object.hasOwn(item, "kind")) return item;
  return { apiVersion: textField(list, "apiVersion"), kind, ...item };
}

const notAnObject: ManifestProblem = {
  code: "MANIFEST_NOT_AN_OBJECT",
  reason: "a document is not a mapping, so it is no Kubernetes object",
  hint: "Correct the file, or leave it out.",
};

/** One problem for all such items of a list, however many there are. */
function strangeItems(line: number, count: number): ManifestProblem {
  if (count === 1)
    return {
      ...notAnObject,
      reason: "an item of a list is not a mapping, so it is no Kubernetes object",
      line,
    };
  const reason = `${String(count)} items of a list are not mappings, so they are no Kubernetes objects`;
  return { ...notAnObject, reason, line };
}

const cutOffList: ManifestProblem = {
  code: "MANIFEST_CUT_OFF",
  reason: "a list of items has no kind at its end: the text ends in the middle",
  hint: "Write the file again, completely.",
};
