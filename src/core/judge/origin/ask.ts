import { field, isList, isObject, type Json, type JsonObject } from "../../model/json.ts";

/** A place of a rendered object whose origin is wanted. */
export interface Ask {
  /** Which of the rendered objects. */
  readonly object: number;
  /** Field names and positions, from the root of the object. */
  readonly path: readonly string[];
  readonly value: Json;
  /** The line inside of a text, from 1, where a line of the text is meant. */
  readonly line?: number;
  /** `around` where the object has no such place, and this is the nearest one around it. */
  readonly precision: "field" | "around";
  /** Whether a kustomization's generator made the object, so that no document of Git stands for it. */
  readonly isGenerated: boolean;
}

/** The deepest place at or above a path that the object has, and its value. */
export function deepestAt(
  object: JsonObject,
  path: readonly string[],
): { readonly path: readonly string[]; readonly value: Json } {
  let value: Json = object;
  for (const [depth, part] of path.entries()) {
    const next: Json | undefined = childOf(value, part);
    if (next === undefined) return { path: path.slice(0, depth), value };
    value = next;
  }
  return { path, value };
}

function childOf(value: Json, part: string): Json | undefined {
  if (!isList(value)) return field(value, part);
  return /^(?:0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined;
}

/** The field that a path is about: "http" of /spec/http/0, "" of the object. */
export function nameOf({ path }: Pick<Ask, "path">): string {
  return path.findLast((part) => !/^\d+$/.test(part)) ?? "";
}

/**
 * Places that are sought together. Labels and annotations apart, because patches may select by them; empty lists apart,
 * because an item in one of them would move what a patch adds to it.
 */
export function groupOfAsk({
  path,
  value,
}: Pick<Ask, "path" | "value">): "metadata" | "empty-list" | "field" {
  if (path[0] === "metadata" && (path[1] === "labels" || path[1] === "annotations")) return "metadata";
  return isList(value) && value.length === 0 ? "empty-list" : "field";
}

/** The values that a generator took from somewhere, where all of the object or of its data is asked for. */
export function generatedTexts({ isGenerated, path, value }: Ask): readonly (readonly [string, string])[] {
  if (!isGenerated || path.length > 1 || !["", "data"].includes(path[0] ?? "")) return [];
  const data = path.length === 0 ? field(value, "data") : value;
  return isObject(data)
    ? Object.entries(data).flatMap(([key, text]) => (typeof text === "string" ? [[key, text] as const] : []))
    : [];
}
