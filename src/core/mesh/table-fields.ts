import type { Commuting, Field, KindTable, Order, Row } from "./table.ts";

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

/** Every order that a list may have, each followed by what may change places in it. */
export function ordersOf({ shape }: Field): readonly (Order | Commuting)[] {
  if (shape.type !== "list") return [];
  const orders = shape.order.type === "choice" ? shape.order.orders : [shape.order];
  return orders.flatMap((order) => [order, ...(order.commuting === undefined ? [] : [order.commuting])]);
}
