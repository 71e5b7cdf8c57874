import { type Json, objectOf } from "../../src/core/model/json.ts";
import type { Field, KindTable, Row } from "../../src/core/mesh/table.ts";

/** One field of a table: the names down to it, with "[]" for the items of a list and "{}" for the values of a map. */
export interface TableField {
  readonly path: readonly string[];
  readonly field: Field;
}

/** Every field of a table, from the top down. Tables are finite, so is this. */
export function fieldsOf(table: KindTable): readonly TableField[] {
  return Object.entries(table.fields).flatMap(([name, field]) => below([name], field));
}

function below(path: readonly string[], field: Field): readonly TableField[] {
  const { shape } = field;
  const own: TableField = { path, field };
  if (shape.type === "list") return [own, ...below([...path, "[]"], shape.items)];
  if (shape.type === "map") return [own, ...below([...path, "{}"], shape.values)];
  if (shape.type !== "message") return [own];
  const parts = Object.entries(shape.fields).flatMap(([name, part]) => below([...path, name], part));
  return [own, ...parts];
}

/** Every rule of a field: about its value, about the whole message, and about the keys of a map. */
export function rowsOf({ shape, rows = [] }: Field): readonly Row[] {
  if (shape.type === "message") return [...rows, ...(shape.rows ?? [])];
  return shape.type === "map" && shape.keys !== undefined ? [...rows, shape.keys] : rows;
}

/** The smallest value that holds `value` at the end of `path`; undefined leaves the last field out. */
export function wrap(path: readonly string[], value: Json | undefined): Json {
  return path.reduceRight<Json | undefined>((inner, name) => {
    if (name === "[]") return inner === undefined ? [] : [inner];
    if (name === "{}") return inner === undefined ? {} : { "x-key": inner };
    return inner === undefined ? {} : objectOf([[name, inner]]);
  }, value) as Json; // A path has at least one name, so something is built.
}

/** `over` laid over `base`, field by field; lists item by item. */
export function merge(base: Json, over: Json): Json {
  if (Array.isArray(base) && Array.isArray(over)) {
    const [longer, shorter] = base.length > over.length ? [base, over] : [over, base];
    return (longer as readonly Json[])
      .map((_, i) => {
        const [mine, theirs] = [base[i] as Json | undefined, over[i] as Json | undefined];
        if (mine === undefined) return theirs ?? null;
        return theirs === undefined ? mine : merge(mine, theirs);
      })
      .concat(shorter.slice(longer.length) as Json[]);
  }
  if (!isMapping(base) || !isMapping(over)) return over;
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return objectOf(
    [...names].map((name) => {
      const [mine, theirs] = [base[name], over[name]];
      if (mine === undefined) return [name, theirs ?? null] as const;
      return [name, theirs === undefined ? mine : merge(mine, theirs)] as const;
    }),
  );
}

function isMapping(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
