import type { EqualBy } from "../model/finding.ts";
import { sameJson } from "../model/json.ts";
import { childPath, itemPath } from "../model/path.ts";
import type { ResourceKey } from "../model/resource.ts";
import { spellingRows } from "../mesh/scalar.ts";
import type { ListBody, Node, RecordBody, Row } from "../mesh/table.ts";
import { type Pair, partsOf } from "./pair.ts";

/**
 * Everything that the two sides write differently and that means the same, each with the rule that says so. Places
 * whose meanings differ are changes and not told here; what is equal beside them is.
 */
export function findEqualBy(key: ResourceKey, root: Pair): readonly EqualBy[] {
  const found: EqualBy[] = [];
  walk(root, (path, { id, level, reason }) => found.push({ key, path, rule: id, level, reason }));
  return found;
}

type Tell = (path: string, row: Row) => void;

function walk(pair: Pair, tell: Tell): void {
  const { desired, live, path } = pair;
  if (desired === undefined || live === undefined || sameJson(desired.raw, live.raw)) return;
  if (desired.text === live.text) {
    for (const row of respelledBy(desired, live)) tell(path, row);
    tellOrder(path, desired, live, tell);
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
  if (desired.body.type === "list" && live.body.type === "list") {
    tellDroppedItems(path, desired.body, live.body, tell);
    tellDroppedItems(path, live.body, desired.body, tell);
  }
  if (desired.body.type !== "record" || live.body.type !== "record") return;
  tellDroppedOn(path, desired.body, live.body, tell);
  tellDroppedOn(path, live.body, desired.body, tell);
  for (const [name, mine] of desired.body.silent) {
    const theirs = live.body.silent.get(name);
    if (theirs === undefined) continue;
    if (mine.text === theirs.text)
      walk({ name, path: childPath(path, name), desired: mine, live: theirs, undecided: [] }, tell);
    else
      for (const { dropped } of [desired.body, live.body])
        tellRow(childPath(path, name), dropped.get(name), tell);
  }
}

function tellRow(path: string, row: Row | undefined, tell: Tell): void {
  if (row !== undefined) tell(path, row);
}

function tellDroppedOn(path: string, side: RecordBody, other: RecordBody, tell: Tell): void {
  for (const [name, row] of side.dropped) {
    if (other.dropped.has(name) || other.fields.has(name)) continue;
    tell(childPath(path, name), row);
    const silent = side.silent.get(name);
    if (silent !== undefined) tellInside(childPath(path, name), silent, tell);
  }
}

/** The rules that had to hold inside a value before the value itself could mean the same as none. */
function tellInside(path: string, node: Node, tell: Tell): void {
  for (const row of node.rewrittenBy) tell(path, row);
  if (node.body.type === "list") {
    for (const [index, row] of node.body.dropped) tell(itemPath(path, String(index)), row);
    node.body.items.forEach((item, index) => {
      tellInside(itemPath(path, String(index)), item, tell);
    });
  }
  if (node.body.type !== "record") return;
  for (const [name, row] of node.body.dropped) tell(childPath(path, name), row);
  for (const [name, part] of [...node.body.fields, ...node.body.silent])
    tellInside(childPath(path, name), part, tell);
}

function tellDroppedItems(path: string, side: ListBody, other: ListBody, tell: Tell): void {
  for (const [index, row] of side.dropped) {
    if (!other.dropped.has(index)) tell(itemPath(path, String(index)), row);
  }
}

/** A list whose items are the same in another order. */
function tellOrder(path: string, desired: Node, live: Node, tell: Tell): void {
  if (desired.body.type !== "list" || live.body.type !== "list") return;
  const items = live.body.items;
  const same =
    items.length === desired.body.items.length &&
    desired.body.items.every((node, i) => node.text === items[i]?.text);
  if (!same) tell(path, desired.body.order.commuting ?? desired.body.order);
}
