import { field, isList, isObject, type Json, objectOf } from "../../model/json.ts";
import type { RawPath } from "../../model/path.ts";

/** One place of an object that gets another value; without `to` it is taken out. */
export interface Edit {
  readonly path: RawPath;
  readonly to?: Json;
}

/**
 * The value with all edits made. Positions are those before the first of them. A list or mapping that loses all it had
 * is taken out, too: it was there for what is gone.
 */
export function edited(value: Json, edits: readonly Edit[]): Json {
  return at(value, edits, 0) ?? null;
}

function at(value: Json | undefined, edits: readonly Edit[], depth: number): Json | undefined {
  const here = edits.find(({ path }) => path.length === depth);
  if (here !== undefined) return here.to;
  if (edits.length === 0) return value;
  const inside = (name: string | number): readonly Edit[] => edits.filter(({ path }) => path[depth] === name);
  if (isList(value)) {
    const items = value.map((item, index) => at(item, inside(index), depth + 1));
    const kept = items.filter((item) => item !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  const known = isObject(value) ? value : {};
  const names = new Set([...Object.keys(known), ...edits.map(({ path }) => String(path[depth]))]);
  const entries = [...names].flatMap((name): readonly (readonly [string, Json])[] => {
    const item = at(field(known, name), inside(name), depth + 1);
    return item === undefined ? [] : [[name, item]];
  });
  return entries.length === 0 ? undefined : objectOf(entries);
}
