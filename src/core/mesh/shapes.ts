import { field, isList, type Json } from "../model/json.ts";
import type {
  Commuting,
  Field,
  FieldNames,
  FieldRow,
  KeyRow,
  ObjectRow,
  Order,
  OrderChoice,
  Row,
  Shape,
  Site,
} from "./table.ts";

/** Short words for writing tables. Each returns plain data. */

/** The reason and the source of a rule. */
export interface Ground {
  readonly reason: string;
  readonly source: string;
}

/** What a table may add to a field. */
export type Extra = Partial<Omit<Field, "shape">>;

function scalar(shape: Shape, extra: Extra | undefined): Field {
  return { shape, ...extra };
}

export function text(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "text" }, extra);
}

/** Text that may hold a secret: header values, free text, keys. Shown as a fingerprint only. */
export function secretText(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "text" }, { secret: true, ...extra });
}

export function number(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "number" }, extra);
}

export function boolean(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "boolean" }, extra);
}

/** A google.protobuf.Duration: a message, so `0s` is information. */
export function duration(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "duration" }, { presence: "matters", ...extra });
}

/** An enumeration by name; `zero` is the name of value 0, which is the same as absent. */
export function enumeration(zero: string, extra?: Extra): Field {
  return scalar({ type: "scalar", as: "enum", zero }, extra);
}

/** An enumeration in text that no schema checked, where a number stands for its name. The first name is value 0. */
export function numberedEnumeration(names: Readonly<Record<string, number>>, extra?: Extra): Field {
  const zero = Object.keys(names).find((name) => names[name] === 0) ?? "";
  return scalar({ type: "scalar", as: "enum", zero, numbers: names }, extra);
}

/** A number that need not be whole. */
export function fraction(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "number", isFraction: true }, extra);
}

export function bytes(extra?: Extra): Field {
  return scalar({ type: "scalar", as: "bytes" }, extra);
}

export function message(fields: Readonly<Record<string, Field>>, extra?: Extra): Field {
  return { shape: { type: "message", fields }, ...extra };
}

/** A message some of whose fields only count together: rules about the whole come before those about a field. */
export function messageBy(
  rows: readonly ObjectRow[],
  fields: Readonly<Record<string, Field>>,
  extra?: Extra,
): Field {
  return { shape: { type: "message", fields, rows }, ...extra };
}

/** A scalar or message whose zero is information: a wrapper (BoolValue, UInt32Value) or a member of a oneof. */
export function present(field: Field): Field {
  return { ...field, presence: "matters" };
}

export function mapOf(values: Field, extra?: Extra & { readonly keys?: KeyRow }): Field {
  const { keys, ...rest } = extra ?? {};
  return { shape: { type: "map", values, ...(keys && { keys }) }, ...rest };
}

export function listOf(
  items: Field,
  order: Order | Extract<Shape, { type: "list" }>["order"],
  extra?: Extra,
): Field {
  return { shape: { type: "list", items, order }, ...extra };
}

/** The order of a list, with its ground. `identity`: what names an item, best candidate first. */
export function ordered(id: string, ground: Ground, identity?: readonly (readonly FieldNames[])[]): Order {
  return { id, level: "E1", type: "ordered", ...ground, ...(identity && { identity }) };
}

/** Order means nothing (E2 unless said otherwise), nor does repetition to Envoy (E3). */
export function set(id: string, ground: Ground, identity?: readonly (readonly FieldNames[])[]): Order {
  return { id, level: "E2", type: "set", ...ground, ...(identity && { identity }) };
}

/** Order means nothing, repetition does. */
export function bag(id: string, ground: Ground, identity?: readonly (readonly FieldNames[])[]): Order {
  return { id, level: "E2", type: "bag", ...ground, ...(identity && { identity }) };
}

/** A list that is read as a map by `key`. Where two items share a key the first one counts, and so does the order. */
export function keyed(id: string, ground: Ground, key: FieldNames): OrderChoice {
  const byKey: Order = { id, level: "E2", type: "keyed", ...ground, identity: [[key]] };
  const inOrder: Order = { ...byKey, level: "E1", type: "ordered" };
  return choice([byKey, inOrder], (at) => (hasRepeated(at.value, key) ? inOrder : byKey));
}

/** An ordered list of which two items may change places where nothing fits both (E2). */
export function commuting(
  order: Order,
  commute: Commuting["commute"],
  ground: Ground & { readonly id: string },
): Order {
  return { ...order, commuting: { level: "E2", type: "commuting", commute, ...ground } };
}

/** One of several orders, as the list and its surroundings have it. */
export function choice(orders: readonly Order[], choose: OrderChoice["choose"]): OrderChoice {
  return { type: "choice", orders, choose };
}

function hasRepeated(list: Json | undefined, key: FieldNames): boolean {
  const keys = isList(list) ? list.map((item) => keyText(item, key)) : [];
  return new Set(keys).size < keys.length;
}

function keyText(item: Json, key: FieldNames): string {
  const found = key.reduce<Json | undefined>((value, name) => field(value, name), item);
  const text = found === undefined || typeof found === "object" ? "" : String(found);
  // The zero is the same as none.
  return text === "0" ? "" : text;
}

/** A row that makes `sameAs` mean the same as leaving the field out. */
export function absent(
  id: string,
  level: Row["level"],
  sameAs: Json | ((at: Site) => Json | undefined),
  ground: Ground & Pick<Row, "when">,
): FieldRow {
  return { id, level, type: "absent", sameAs, ...ground };
}

/** A row that gives a value the plain one of its spellings; undefined is the same as leaving the field out. */
export function rewrite(
  id: string,
  level: Row["level"],
  to: (value: Json, at: Site) => Json | undefined,
  ground: Ground & Pick<Row, "when">,
): FieldRow {
  return { id, level, type: "rewrite", to, ...ground };
}

/** The same for a value that may be the text in which its type stands, or not yet be of its type. */
export function decoding(row: FieldRow): FieldRow {
  return row.type === "rewrite" ? { ...row, decodes: true } : row;
}

/** A pair that looks equal and is not. */
export function trap(
  id: string,
  pair: readonly [Json | undefined, Json | undefined],
  ground: Ground,
): FieldRow {
  return { id, level: "NE", type: "trap", pair, ...ground };
}
