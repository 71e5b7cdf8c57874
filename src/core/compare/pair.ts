import { childPath, itemPath } from "../model/path.ts";
import type { Commuting, ListBody, MessageShape, Node, RecordBody, Undecided } from "../mesh/table.ts";
import { groupOf } from "../mesh/containers.ts";
import type { CommonItem, Difference, Reordered } from "../mesh/effect.ts";
import { isSameOrderBy } from "../mesh/plain-order.ts";
import { matchItems, type Slot } from "./match-items.ts";

/** One place of the two sides: the same field, or the same item of a list. */
export interface Pair extends Difference {
  /** With items by identity: `spec.http[name=primary].timeout`. */
  readonly path: string;
  readonly up?: Pair;
  /** Rules about this place that could not be decided on either side. */
  readonly undecided: readonly Undecided[];
  /** Where only Git has a field that its message does not know: that message. */
  readonly unknownTo?: MessageShape;
}

/** What a pair consists of, one level down. */
export interface Parts {
  readonly pairs: readonly Pair[];
  /** For an ordered list whose common items stand in another order that means something else. */
  readonly reordered?: Reordered;
}

const noParts: Parts = { pairs: [] };

/** The parts of a pair whose two sides are of one form; none for leaves, one-sided pairs, unlike forms and secrets. */
export function partsOf(pair: Pair): Parts {
  if (pair.desired === undefined || pair.live === undefined) return noParts;
  // What is secret as a whole is one thing: the names in it may be secret, too.
  if (pair.desired.secret && pair.live.secret) return noParts;
  const { body: desired } = pair.desired;
  const { body: live } = pair.live;
  if (desired.type === "record" && live.type === "record") return recordParts(pair, desired, live);
  if (desired.type !== "list" || live.type !== "list") return noParts;
  // A list of one order facing one of another order has another meaning as a whole (its surroundings changed).
  return desired.order.type === live.order.type ? listParts(pair, desired, live) : noParts;
}

function recordParts(pair: Pair, desired: RecordBody, live: RecordBody): Parts {
  const names = new Set([...desired.fields.keys(), ...live.fields.keys()]);
  const around = [...(desired.undecided.get("") ?? []), ...(live.undecided.get("") ?? [])];
  return {
    pairs: [...names].sort().map((name) => ({
      name,
      up: pair,
      path: childPath(pair.path, name),
      // A value that means the same as none is still what a person wants to see beside the other side's.
      ...sides(
        desired.fields.get(name) ?? desired.silent.get(name),
        live.fields.get(name) ?? live.silent.get(name),
      ),
      undecided: withoutTwins([
        ...around,
        ...(desired.undecided.get(name) ?? []),
        ...(live.undecided.get(name) ?? []),
      ]),
      ...unknownPart(name, desired, live),
    })),
  };
}

function unknownPart(name: string, desired: RecordBody, live: RecordBody): Pick<Pair, "unknownTo"> {
  const { shape } = desired;
  if (shape === undefined || Object.hasOwn(shape.fields, name) || live.fields.has(name)) return {};
  return { unknownTo: shape };
}

/** What both sides leave undecided is told once. */
function withoutTwins(undecided: readonly Undecided[]): readonly Undecided[] {
  return undecided.filter(
    ({ row, missing }, index) =>
      undecided.findIndex((other) => other.row.id === row.id && other.missing === missing) === index,
  );
}

function sides(desired: Node | undefined, live: Node | undefined): Pick<Pair, "desired" | "live"> {
  return { ...(desired && { desired }), ...(live && { live }) };
}

function listParts(pair: Pair, desired: ListBody, live: ListBody): Parts {
  const slots = matchItems(desired.order, desired.items, live.items);
  const pairs = slots.map((slot) => ({
    name: "[]",
    up: pair,
    path: itemPath(pair.path, slot.label),
    ...sides(slot.desired, slot.live),
    undecided: withoutTwins([...openAt(desired, slot.desired), ...openAt(live, slot.live)]),
  }));
  if (!countsOrder(pair.desired) && !countsOrder(pair.live)) return { pairs };
  const common = slots.filter(isCommon);
  const position = new Map(live.items.map((node, index) => [node, index]));
  const inLive = common.toSorted((a, b) => (position.get(a.live) ?? 0) - (position.get(b.live) ?? 0));
  const isSame =
    desired.order.commuting === undefined
      ? isSameOrder(common, inLive, groupField(pair))
      : isSameOrderBy(common, inLive, mayChangePlaces(desired.order.commuting));
  return isSame ? { pairs } : { pairs, reordered: { desired: common, live: inLive } };
}

function isCommon(slot: Slot): slot is Slot & CommonItem {
  return slot.desired !== undefined && slot.live !== undefined;
}

/** Two items may change places only if that means nothing as either side has them. */
function mayChangePlaces({ commute }: Commuting): (a: CommonItem, b: CommonItem) => boolean {
  return (a, b) => commute(a.desired, b.desired) && commute(a.live, b.live);
}

function openAt({ undecided }: ListBody, item: Node | undefined): readonly Undecided[] {
  return (item && undecided.get(item)) ?? [];
}

/** The field that parts the list into groups, where order counts inside each of them only. */
function groupField({ desired, live }: Pair): string | undefined {
  const body = desired?.body;
  const isGrouped = desired?.text.startsWith("<") === true && live?.text.startsWith("<") === true;
  return isGrouped && body?.type === "list" ? body.order.within : undefined;
}

/** Whether items stand in the same order on both sides: all of them, or those of each group. */
function isSameOrder(desired: readonly Slot[], live: readonly Slot[], within: string | undefined): boolean {
  if (within === undefined) return desired.every((slot, index) => slot === live[index]);
  // An item that changed its group is a change of its own; it stands in the group that it has in Git.
  const inGroup = (slots: readonly Slot[], name: string): readonly Slot[] =>
    slots.filter((slot) => groupOf(slot.desired, within) === name);
  const groups = new Set(desired.map((slot) => groupOf(slot.desired, within)));
  return [...groups].every((name) => isSameOrder(inGroup(desired, name), inGroup(live, name), undefined));
}

/** Whether order is part of the list's text: a set whose rule the equality setting does not reach counts its order too. */
function countsOrder(node: Node | undefined): boolean {
  return node?.text.startsWith("[") === true || node?.text.startsWith("<") === true;
}
