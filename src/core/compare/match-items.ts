import { holdsCredential } from "../text/credential.ts";
import type { Json } from "../model/json.ts";
import { nodeAtNames } from "../mesh/place.ts";
import type { FieldNames, Node, Order } from "../mesh/table.ts";

/** One item of two lists: the same item on both sides, or an item that only one side has. */
export interface Slot {
  readonly desired?: Node;
  readonly live?: Node;
  /** What names the item to people: `name=primary`, `subset=v2`, the value itself, or its position. */
  readonly label: string;
}

/** Above this many unmatched items a side, likeness is not computed: they are one-sided. */
const maxLikeness = 64;

/** Two records are the same item, edited, if at least this share of their leaves is the same. */
const minLikeness = 0.4;

/**
 * Finds which items of two lists are the same: by identity where both sides have one, then by equal meaning, then by
 * likeness. Slots come in the order of the desired list, items that only live has at the end.
 */
export function matchItems(order: Order, desired: readonly Node[], live: readonly Node[]): readonly Slot[] {
  const partner = new Map<Node, Node>();
  const free = { desired: new Set(desired), live: new Set(live) };
  const join = (a: Node, b: Node): void => {
    partner.set(a, b);
    free.desired.delete(a);
    free.live.delete(b);
  };
  for (const candidate of order.identity ?? []) {
    joinByKey(free, (node) => identityText(node, candidate), join);
  }
  joinEqual(free, join);
  joinAlike(free, join);
  joinLast(order, free, { desired, live }, join);
  const label = { desired: labels(order, desired), live: labels(order, live) };
  return [
    ...desired.map((node, index) => {
      const match = partner.get(node);
      return { desired: node, label: label.desired[index] ?? "", ...(match && { live: match }) };
    }),
    ...live.flatMap((node, index) =>
      free.live.has(node) ? [{ live: node, label: label.live[index] ?? "" }] : [],
    ),
  ];
}

interface Sides<T> {
  readonly desired: T;
  readonly live: T;
}

type Unmatched = Sides<Set<Node>>;

type Join = (desired: Node, live: Node) => void;

/** Joins items whose key is unique on both sides. */
function joinByKey(free: Unmatched, keyOf: (node: Node) => string | undefined, join: Join): void {
  const live = byUniqueKey(free.live, keyOf);
  for (const [key, node] of byUniqueKey(free.desired, keyOf)) {
    const match = live.get(key);
    if (node !== undefined && match !== undefined) join(node, match);
  }
}

function byUniqueKey(
  nodes: Iterable<Node>,
  keyOf: (node: Node) => string | undefined,
): Map<string, Node | undefined> {
  const found = new Map<string, Node | undefined>();
  for (const node of nodes) {
    const key = keyOf(node);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : node);
  }
  return found;
}

/** Joins items of equal meaning, first with first. */
function joinEqual(free: Unmatched, join: Join): void {
  const live = new Map<string, Node[]>();
  for (const node of free.live) {
    const same = live.get(node.text);
    if (same === undefined) live.set(node.text, [node]);
    else same.push(node);
  }
  for (const node of free.desired) {
    const match = live.get(node.text)?.shift();
    if (match !== undefined) join(node, match);
  }
}

/** Joins records that share most of their leaves, the most alike first. */
function joinAlike(free: Unmatched, join: Join): void {
  if (free.desired.size > maxLikeness || free.live.size > maxLikeness) return;
  const leaves = new Map([...free.desired, ...free.live].map((node) => [node, leafTexts(node)] as const));
  const pairs: { desired: Node; live: Node; likeness: number }[] = [];
  for (const desired of free.desired) {
    for (const live of free.live) {
      const likeness = share(leaves.get(desired), leaves.get(live));
      if (likeness >= minLikeness) pairs.push({ desired, live, likeness });
    }
  }
  // The sort is stable: among equals the earlier item of either side comes first.
  pairs.sort((a, b) => b.likeness - a.likeness);
  for (const { desired, live } of pairs) {
    if (free.desired.has(desired) && free.live.has(live)) join(desired, live);
  }
}

/**
 * Joins the only two items without a partner and without a name, if they stand at the same place of equally long
 * lists: records, and scalars where the place counts.
 */
function joinLast(order: Order, free: Unmatched, lists: Sides<readonly Node[]>, join: Join): void {
  const [desired, live] = [onlyOne(free.desired), onlyOne(free.live)];
  if (desired === undefined || live === undefined || lists.desired.length !== lists.live.length) return;
  if (lists.desired.indexOf(desired) !== lists.live.indexOf(live)) return;
  if (isNameless(order, desired) && isNameless(order, live)) join(desired, live);
}

function onlyOne(nodes: ReadonlySet<Node>): Node | undefined {
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

function isNameless(order: Order, node: Node): boolean {
  if (node.body.type === "leaf") return order.type === "ordered";
  const name = order.identity?.[0];
  return node.body.type === "record" && (name === undefined || identityText(node, name) === undefined);
}

function share(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): number {
  if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return 0;
  let same = 0;
  for (const text of a) if (b.has(text)) same += 1;
  return same / Math.max(a.size, b.size);
}

/** The leaves of a record as "path=text". A lone scalar has none: two different scalars are never one item. */
function leafTexts(node: Node): Set<string> {
  const found = new Set<string>();
  if (node.body.type !== "leaf") collectLeaves(node, "", found);
  return found;
}

function collectLeaves(node: Node, path: string, into: Set<string>): void {
  if (node.body.type === "leaf") into.add(`${path}=${node.text}`);
  if (node.body.type === "record") {
    for (const [name, child] of node.body.fields) collectLeaves(child, `${path}.${name}`, into);
  }
  if (node.body.type === "list") for (const child of node.body.items) collectLeaves(child, `${path}[]`, into);
}

function identityText(node: Node, candidate: readonly FieldNames[]): string | undefined {
  const texts = candidate.map((names) => nodeAtNames(node, names)?.text);
  return texts.some((text) => text === undefined) ? undefined : texts.join();
}

/** A label for each item: its identity where that is unique in its list, the value of a scalar in a set, else its position. */
function labels(order: Order, items: readonly Node[]): readonly string[] {
  const counts = (order.identity ?? []).map((candidate) => ({
    candidate,
    unique: byUniqueKey(items, (node) => identityText(node, candidate)),
  }));
  return items.map((item, index) => {
    if (item.secret || isLogin(item)) return String(index);
    if (item.body.type === "leaf" && order.type !== "ordered") return scalarLabel(item.raw, index);
    const found = counts.find(({ candidate, unique }) => {
      const key = identityText(item, candidate);
      return key !== undefined && unique.get(key) === item;
    });
    const isNamed = found?.candidate.every((names) => !isLogin(nodeAtNames(item, names))) === true;
    return found === undefined || !isNamed ? String(index) : identityLabel(item, found.candidate);
  });
}

/** Whether a value is an address with a password in it, or the like: a path would tell it. */
function isLogin(node: Node | undefined): boolean {
  return typeof node?.raw === "string" && holdsCredential(node.raw);
}

function scalarLabel(raw: Json, index: number): string {
  return raw === null || typeof raw === "object" ? String(index) : plain(String(raw));
}

function identityLabel(item: Node, candidate: readonly FieldNames[]): string {
  return candidate
    .map((names) => {
      const node = nodeAtNames(item, names);
      return `${labelName(names)}=${node === undefined || node.secret ? "" : scalarLabel(node.raw, 0)}`;
    })
    .join(",");
}

/** The last name says enough (`subset`), except that of a port's number (`port`). */
function labelName(names: FieldNames): string {
  return names.at(-1) === "number" ? (names.at(-2) ?? "number") : (names.at(-1) ?? "");
}

/** A value inside brackets: quoted where it would be taken for the syntax of the path. */
function plain(value: string): string {
  return /^[^\s[\]",=]+$/.test(value) ? value : JSON.stringify(value);
}
