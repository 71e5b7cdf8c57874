import { compactJson, field, type Json } from "../model/json.ts";
import type { Step } from "../model/split-path.ts";

/**
 * The position of the item of a list that a step of a path names by its fields, as `[name=primary,port=80]` does; -1 where
 * none or several fit, or the step names it otherwise: positions and values count on the side that the path was made of.
 */
export function itemNamed(items: readonly Json[], { fields }: Step): number {
  if (fields.length === 0) return -1;
  const isNamed = (item: Json): boolean => fields.every(([name, value]) => textAt(item, name) === value);
  const position = items.findIndex(isNamed);
  return items.slice(position + 1).some(isNamed) ? -1 : position;
}

function textAt(item: Json, name: string): string {
  const value = field(item, name) ?? null;
  return typeof value === "string" ? value : compactJson(value);
}
