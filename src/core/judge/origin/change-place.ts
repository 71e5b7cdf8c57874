import type { Change } from "../../model/finding.ts";
import { field, isList, type Json, type JsonObject } from "../../model/json.ts";
import { toPointer } from "../../model/path.ts";
import { splitPath } from "../../model/split-path.ts";
import { itemNamed } from "../item-named.ts";
import type { Ask } from "./ask.ts";

/** A place of a desired object that stands for a change. */
export interface ChangePlace {
  /** RFC 6901 */
  readonly pointer: string;
  readonly line?: number;
  readonly precision: Ask["precision"];
}

/**
 * Where Git has what a change is about; for what only live has, the nearest place around it that Git has. An item of a
 * list is the one whose fields are what the path says, if there is exactly one; else the list stands for it.
 */
export function placeOfChange(
  { desired, path }: Pick<Change, "desired" | "path">,
  object: JsonObject,
): ChangePlace {
  if (desired !== undefined) {
    const { pointer, line } = desired;
    return { pointer, precision: "field", ...(line !== undefined && { line }) };
  }
  const found: (string | number)[] = [];
  let value: Json = object;
  for (const step of splitPath(path) ?? []) {
    const key: string | number = isList(value) ? itemNamed(value, step) : step.text;
    const next: Json | undefined = isList(value) ? value[Number(key)] : field(value, String(key));
    if (next === undefined) break;
    found.push(key);
    value = next;
  }
  return { pointer: toPointer(found), precision: "around" };
}
