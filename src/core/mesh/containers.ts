import type { Json, JsonObject } from "../model/json.ts";
import { isList, isObject } from "../model/json.ts";
import { decoderRows, asWritten } from "./decoder-rows.ts";
import { answer, below, holds, isSecret, leaf, nodeAt, recordText } from "./place.ts";
import type { Context, Place, ShapeOf } from "./place.ts";
import { isOfType } from "./of-type.ts";
import { inPlainOrder } from "./plain-order.ts";
import { freeText } from "./scalar.ts";
import type {
  Field,
  ListBody,
  MessageShape,
  Node,
  Order,
  RecordBody,
  Row,
  Site,
  Undecided,
} from "./table.ts";

/** A field that no table knows: Istio would not read it, so it is compared as it stands. */
const unknownField: Field = { shape: { type: "free" } };

/** The fields of a message, after its own rules gave it its plain spelling. */
export function interpretMessage(
  context: Context,
  shape: MessageShape,
  value: JsonObject,
  place: Place,
): Node {
  const record = new RecordBuilder();
  const { current, by } = rewrite(context, shape, value, { place, record });
  // Children look up to the message in the spelling that the rules gave it.
  const site = current === value ? place.site : { ...place.site, value: current };
  const inside = { ...place, secret: isSecret(place) };
  for (const name of Object.keys(current).sort()) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const child = below(inside, site, name, { field: field ?? unknownField, value: current[name] });
    const isRewritten = place.synthetic || current[name] !== value[name];
    // A null says nothing even where nobody knows the field.
    if (field === undefined && current[name] === null) record.drop(name, decoderRows.null);
    else record.add(context, name, isRewritten ? { ...child, synthetic: true } : child);
  }
  tellRewritten(record, value, current, by);
  return nodeAt(place, recordText(record.fields), { ...record.body(), shape }, by);
}

/** Fields that the message's own rules took away. */
function tellRewritten(
  record: RecordBuilder,
  value: JsonObject,
  current: JsonObject,
  by: readonly Row[],
): void {
  const row = by.at(-1);
  if (row === undefined) return;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(current, name)) record.drop(name, row);
  }
}

function rewrite(
  context: Context,
  shape: MessageShape,
  value: JsonObject,
  at: { readonly place: Place; readonly record: RecordBuilder },
): { current: JsonObject; by: readonly Row[] } {
  const by: Row[] = [];
  let current = value;
  for (const row of shape.rows ?? []) {
    const site: Site = current === value ? at.place.site : { ...at.place.site, value: current };
    const found = answer(context, row, site);
    if (typeof found !== "boolean") at.record.leaveOpen("", [{ row, missing: found.missing }]);
    if (found !== true) continue;
    const next = row.rewrite(current, site);
    if (next === current || touchesWrongType(shape, current, next)) continue;
    by.push(row);
    current = next;
  }
  return { current, by };
}

/**
 * Whether a rule takes away or rewrites a field with a value of the wrong type: the decoder refuses the whole object
 * for it, so it is no matter what the rest of Istio would have made of the field.
 */
function touchesWrongType({ fields }: MessageShape, before: JsonObject, after: JsonObject): boolean {
  for (const [name, value] of Object.entries(before)) {
    if (after[name] === value || !Object.hasOwn(fields, name)) continue;
    if (!isOfType(fields[name] ?? unknownField, value)) return true;
  }
  return false;
}

/** What most records and lists have none of: one for them all, as making them costs a third of an interpretation. */
const none: ReadonlyMap<never, never> = new Map<never, never>();

class RecordBuilder {
  readonly fields = new Map<string, Node>();
  #dropped: Map<string, Row> | undefined;
  #silent: Map<string, Node> | undefined;
  #undecided: Map<string, readonly Undecided[]> | undefined;

  /** Takes a field for one that is not there, by a rule; `node` is what it holds. */
  drop(name: string, row: Row, node?: Node, key = name): void {
    (this.#dropped ??= new Map<string, Row>()).set(name, row);
    if (node !== undefined) (this.#silent ??= new Map<string, Node>()).set(key, node);
  }

  leaveOpen(key: string, open: readonly Undecided[]): void {
    (this.#undecided ??= new Map<string, readonly Undecided[]>()).set(key, open);
  }

  /** Interprets one field; `key` is its canonical name where that differs from the one written. */
  add(context: Context, name: string, place: Place, key = name): void {
    const open: Undecided[] = [];
    const outcome = context.interpretField(context, place, open);
    if (open.length > 0) this.leaveOpen(key, open);
    if (outcome.type === "absent") this.drop(name, outcome.row, outcome.node, key);
    // Two spellings of one key in one map stay apart: which of them counts is not ours to guess.
    else this.fields.set(this.fields.has(key) ? JSON.stringify([key, name]) : key, outcome.node);
  }

  body(): RecordBody {
    return {
      type: "record",
      fields: this.fields,
      dropped: this.#dropped ?? none,
      silent: this.#silent ?? none,
      undecided: this.#undecided ?? none,
    };
  }
}

/** The entries of a map. The presence of a key is information: {a: ""} is not {}. */
export function interpretMap(context: Context, shape: ShapeOf<"map">, value: JsonObject, place: Place): Node {
  const record = new RecordBuilder();
  const inside = { ...place, secret: isSecret(place) };
  const field: Field = { ...shape.values, presence: "matters" };
  const { keys: keyRow } = shape;
  const plainKey = keyRow === undefined || !holds(context, keyRow, place.site, []) ? undefined : keyRow.key;
  const keys = Object.keys(value).map((name) => [plainKey?.(name) ?? name, name] as const);
  keys.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, name] of keys) {
    record.add(context, name, below(inside, place.site, name, { field, value: value[name] }), key);
  }
  const keyRows = keyRow !== undefined && keys.some(([key, name]) => key !== name) ? [keyRow] : [];
  return nodeAt(place, recordText(record.fields), record.body(), keyRows);
}

/** The items of a list, in the order that means something. */
export function interpretList(
  context: Context,
  shape: ShapeOf<"list">,
  value: readonly Json[],
  place: Place,
): Node {
  const order = reached(
    context,
    shape.order.type === "choice" ? shape.order.choose(place.site) : shape.order,
  );
  const inside = { ...place, secret: isSecret(place) };
  const field: Field = { ...shape.items, presence: "matters" };
  const list = new ListBuilder();
  value.forEach((item, index) => {
    list.add(context, index, below(inside, place.site, index, { field, value: item }));
  });
  return nodeAt(place, listText(context, order, list.items), list.body(order));
}

class ListBuilder {
  readonly items: Node[] = [];
  #dropped: Map<number, Row> | undefined;
  #silent: Map<number, Node> | undefined;
  #undecided: Map<Node, readonly Undecided[]> | undefined;

  add(context: Context, index: number, place: Place): void {
    const open: Undecided[] = [];
    const outcome = context.interpretField(context, place, open);
    const { node } = outcome;
    if (open.length > 0 && node !== undefined) (this.#undecided ??= new Map()).set(node, open);
    if (outcome.type === "present") this.items.push(outcome.node);
    // A null is an item of its own; one that a rule takes away is none.
    else if (place.site.value === null) this.items.push(leaf(place, "null"));
    else {
      (this.#dropped ??= new Map<number, Row>()).set(index, outcome.row);
      if (node !== undefined) (this.#silent ??= new Map<number, Node>()).set(index, node);
    }
  }

  body(order: Order): ListBody {
    return {
      type: "list",
      order,
      items: this.items,
      dropped: this.#dropped ?? none,
      silent: this.#silent ?? none,
      undecided: this.#undecided ?? none,
    };
  }
}

/** The order without what its items may do at a level that the setting does not reach. */
function reached(context: Context, order: Order): Order {
  if (order.commuting === undefined || context.levels.has(order.commuting.level)) return order;
  return { ...order, commuting: undefined };
}

/** An order that holds only at a level the setting does not reach is taken as written. */
function listText(context: Context, order: Order, items: readonly Node[]): string {
  const { commuting } = order;
  const texts = (commuting === undefined ? items : inPlainOrder(items, commuting)).map((item) => item.text);
  const isReached = context.levels.has(order.level);
  if (order.type === "ordered" && order.within !== undefined && isReached) {
    return groupedText(items, order.within);
  }
  if (order.type === "ordered" || !isReached) return `[${texts.join(",")}]`;
  // An item said twice reaches Envoy twice, which makes nothing of it: equal by Envoy's defaults only.
  if (order.type === "set" && context.levels.has("E3")) return `(${[...new Set(texts)].sort().join(",")})`;
  return `(${texts.sort().join(",")})`;
}

/** The items group by group, each in order. The mark at the front tells it from the text of any other value. */
function groupedText(items: readonly Node[], within: string): string {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const name = groupOf(item, within);
    const texts = groups.get(name);
    if (texts === undefined) groups.set(name, [item.text]);
    else texts.push(item.text);
  }
  const parts = [...groups].map(([name, texts]) => `${name}[${texts.join(",")}]`);
  return `<${parts.sort().join(",")}>`;
}

/** The text of the field that says which group an item of a list belongs to; "" where it has none. */
export function groupOf(item: Node | undefined, within: string): string {
  return item?.body.type === "record" ? (item.body.fields.get(within)?.text ?? "") : "";
}

/** Any JSON, part by part, so that a difference deep inside has a path of its own. */
export function interpretFree(value: Json, at: Place): Node {
  const place = { ...at, secret: isSecret(at) };
  if (isList(value)) {
    const items = value.map((item, index) =>
      interpretFree(item, below(place, place.site, index, { field: place.field, value: item })),
    );
    return nodeAt(place, `[${items.map((item) => item.text).join(",")}]`, {
      type: "list",
      order: asWritten,
      items,
      dropped: none,
      silent: none,
      undecided: none,
    });
  }
  if (!isObject(value)) return leaf(place, freeText(value));
  const fields = new Map<string, Node>();
  for (const name of Object.keys(value).sort()) {
    const item = value[name] ?? null;
    const child = below(place, place.site, name, { field: place.field, value: item });
    fields.set(name, interpretFree(item, child));
  }
  return nodeAt(place, recordText(fields), {
    type: "record",
    fields,
    dropped: none,
    silent: none,
    undecided: none,
  });
}

/**
 * A value that is not of the kind its field wants: a text of its own that no valid value has. What it holds is in no
 * table, so it is not shown.
 */
export function wrongType(value: Json, place: Place): Node {
  return leaf({ ...place, secret: true }, `!${freeText(value)}`);
}

/**
 * The rule by which an empty list or map is the same as absent. {} is no list and [] no map; a map is empty without an
 * entry that says something.
 */
export function emptyRow(type: "list" | "map", value: Json, { body }: Node): Row | undefined {
  if (type === "list") return isList(value) && value.length === 0 ? decoderRows.emptyList : undefined;
  return body.type === "record" && body.fields.size === 0 ? decoderRows.emptyMap : undefined;
}
