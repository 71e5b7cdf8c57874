import type { EqualBy } from "../model/finding.ts";
import { type JsonObject, sameJson } from "../model/json.ts";
import { childPath, itemPath } from "../model/path.ts";
import type { ResourceKey } from "../model/resource.ts";
import { spellingRows } from "../mesh/scalar.ts";
import type { ListBody, Node, RecordBody, Row } from "../mesh/table.ts";
import { located, locatedPart } from "./located.ts";
import { type Pair, partsOf } from "./pair.ts";

/**
 * Everything that the two sides write differently and that means the same, each with the rule that says so. Places
 * whose meanings differ are changes and not told here; what is equal beside them is.
 */
export function findEqualBy(
  key: ResourceKey,
  root: Pair,
  objects: Readonly<Record<Side, JsonObject>>,
): readonly EqualBy[] {
  const found: EqualBy[] = [];
  const show = (side: Side, value: Value | undefined): Pick<EqualBy, Side> => {
    if (value === undefined) return {};
    const { node, part } = value;
    const object = objects[side];
    return { [side]: part === undefined ? located(object, node) : locatedPart(object, node, part) };
  };
  walk(root, ({ path, desired, live }, { id, level, reason }) => {
    const values = { ...show("desired", desired), ...show("live", live) };
    found.push({ key, path, rule: id, level, reason, ...values });
  });
  return found;
}

type Side = "desired" | "live";

/** A value of one side: a node, or a part of it that means as much as none. */
interface Value {
  readonly node: Node;
  readonly part?: string | number;
}

/** Where a rule held, and what is written there. */
type Place = { readonly path: string } & Readonly<Partial<Record<Side, Value>>>;

type Tell = (place: Place, row: Row) => void;

/** A node that has parts. */
type WithBody<B> = Node & { readonly body: B };

function walk(pair: Pair, tell: Tell): void {
  const { desired, live, path } = pair;
  if (desired === undefined || live === undefined || sameJson(desired.raw, live.raw)) return;
  if (desired.text === live.text) {
    const place: Place = { path, desired: { node: desired }, live: { node: live } };
    for (const row of respelledBy(desired, live)) tell(place, row);
    tellOrder(place, desired, live, tell);
  }
  tellDropped(path, desired, live, tell);
  for (const part of partsOf(pair).pairs) walk(part, tell);
}

/** The rules that gave one side another spelling; for scalars at least the one of their type. */
function respelledBy(desired: Node, live: Node): readonly Row[] {
  const rows = new Set([...desired.rewrittenBy, ...live.rewrittenBy]);
  if (rows.size > 0 || desired.body.type !== "leaf") return [...rows];
  if (desired.text.endsWith("ns")) return [spellingRows.duration];
  return [desired.text.startsWith("base64:") ? spellingRows.bytes : spellingRows.number];
}

/** Fields and items that one side writes out and the other leaves out, or that both write out in vain. */
function tellDropped(path: string, desired: Node, live: Node, tell: Tell): void {
  if (isListNode(desired) && isListNode(live)) {
    tellDroppedItems(path, { desired, live }, tell);
  }
  if (!isRecordNode(desired) || !isRecordNode(live)) return;
  tellDroppedOn(path, "desired", [desired, live], tell);
  tellDroppedOn(path, "live", [live, desired], tell);
  for (const [name, mine] of desired.body.silent) {
    const theirs = live.body.silent.get(name);
    if (theirs === undefined) continue;
    const at = childPath(path, name);
    if (mine.text === theirs.text) walk({ name, path: at, desired: mine, live: theirs, undecided: [] }, tell);
    else tellBoth({ path: at, desired: { node: mine }, live: { node: theirs } }, [desired, live], name, tell);
  }
}

/** Both sides write a field out in vain, each by its own rule. */
function tellBoth(place: Place, nodes: readonly WithBody<RecordBody>[], name: string, tell: Tell): void {
  for (const { body } of nodes) {
    const row = body.dropped.get(name);
    if (row !== undefined) tell(place, row);
  }
}

function tellDroppedOn(
  path: string,
  side: Side,
  [node, other]: readonly [WithBody<RecordBody>, WithBody<RecordBody>],
  tell: Tell,
): void {
  for (const [name, row] of node.body.dropped) {
    if (other.body.dropped.has(name) || other.body.fields.has(name)) continue;
    tell({ path: childPath(path, name), [side]: { node, part: name } }, row);
    const silent = node.body.silent.get(name);
    if (silent !== undefined) tellInside(childPath(path, name), side, silent, tell);
  }
}

/** The rules that had to hold inside a value before the value itself could mean the same as none. */
function tellInside(path: string, side: Side, node: Node, tell: Tell): void {
  for (const row of node.rewrittenBy) tell({ path, [side]: { node } }, row);
  if (node.body.type === "list") {
    for (const [index, row] of node.body.dropped) {
      tell({ path: itemPath(path, String(index)), [side]: { node, part: index } }, row);
    }
    node.body.items.forEach((item, index) => {
      tellInside(itemPath(path, String(index)), side, item, tell);
    });
  }
  if (node.body.type !== "record") return;
  for (const [name, row] of node.body.dropped) {
    tell({ path: childPath(path, name), [side]: { node, part: name } }, row);
  }
  for (const [name, part] of [...node.body.fields, ...node.body.silent])
    tellInside(childPath(path, name), side, part, tell);
}

function tellDroppedItems(path: string, nodes: Readonly<Record<Side, WithBody<ListBody>>>, tell: Tell): void {
  for (const [side, other] of [
    ["desired", "live"],
    ["live", "desired"],
  ] as const) {
    const node = nodes[side];
    for (const [index, row] of node.body.dropped) {
      if (nodes[other].body.dropped.has(index)) continue;
      tell({ path: itemPath(path, String(index)), [side]: { node, part: index } }, row);
    }
  }
}

function isListNode(node: Node): node is WithBody<ListBody> {
  return node.body.type === "list";
}

function isRecordNode(node: Node): node is WithBody<RecordBody> {
  return node.body.type === "record";
}

/** A list whose items are the same in another order. */
function tellOrder(place: Place, desired: Node, live: Node, tell: Tell): void {
  if (!isListNode(desired) || !isListNode(live)) return;
  const { items } = live.body;
  const same =
    items.length === desired.body.items.length &&
    desired.body.items.every((node, i) => node.text === items[i]?.text);
  if (!same) tell(place, desired.body.order.commuting ?? desired.body.order);
}
