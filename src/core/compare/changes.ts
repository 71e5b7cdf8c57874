import jsonPatch from "fast-json-patch";
import type { Change, Ineffective, Located } from "../model/finding.ts";
import { type Json, type JsonObject, objectOf, sameJson } from "../model/json.ts";
import { toPointer } from "../model/path.ts";
import { type CommonItem, type EffectTable, findEffect, type Reordered } from "../mesh/effect.ts";
import type { Undecided } from "../mesh/table.ts";
import { droppedReason, isDropped, unknownFieldRow } from "../mesh/unknown-field.ts";
import { located } from "./located.ts";
import { type Pair, partsOf } from "./pair.ts";

/**
 * The two sides as documents in which lists are mappings under shared keys, so that a patch between them speaks of
 * fields and not of positions. The leaves are canonical texts.
 */
interface Aligned {
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

/** What an operation's pointer stands for. */
type Target =
  | { readonly type: "pair"; readonly pair: Pair }
  | { readonly type: "order"; readonly pair: Pair; readonly order: Reordered };

type Targets = Map<string, Target>;

/** The key that holds the order of a list's common items. Field names are escaped so that none can be it. */
const orderKey = "$order";

function align(pair: Pair, pointer: string, targets: Targets): Aligned {
  targets.set(pointer, { type: "pair", pair });
  const whole = { desired: pair.desired?.text, live: pair.live?.text };
  if (whole.desired === whole.live) return whole;
  const parts = partsOf(pair);
  if (parts.reordered === undefined && parts.pairs.every(isEqual)) return whole;
  const desired: [string, Json][] = [];
  const live: [string, Json][] = [];
  parts.pairs.forEach((part, index) => {
    const key = part.path.startsWith(`${pair.path}[`) ? `${String(index)} ${part.path}` : part.path;
    const aligned = align(part, `${pointer}${toPointer([key])}`, targets);
    if (aligned.desired !== undefined) desired.push([key, aligned.desired]);
    if (aligned.live !== undefined) live.push([key, aligned.live]);
  });
  if (parts.reordered !== undefined) {
    desired.push([orderKey, JSON.stringify(labelsOf(parts.reordered.desired))]);
    live.push([orderKey, JSON.stringify(labelsOf(parts.reordered.live))]);
    targets.set(`${pointer}/${orderKey}`, { type: "order", pair, order: parts.reordered });
  }
  return { desired: objectOf(desired), live: objectOf(live) };
}

function labelsOf(items: readonly CommonItem[]): readonly string[] {
  return items.map(({ label }) => label);
}

function isEqual(pair: Pair): boolean {
  return pair.desired?.text === pair.live?.text;
}

/** The two sides as they are written, and what changes of their fields do. */
interface Written {
  readonly desired: JsonObject;
  readonly live: JsonObject;
  readonly effects: EffectTable;
}

/** What differs between the two sides of an object, one a field, in the order of the desired side. */
export interface Differences {
  readonly changes: readonly Change[];
  /** Fields that only Git has because the API server drops them. */
  readonly ineffective: readonly Ineffective[];
}

/** Finds every difference between the two sides of an object. */
export function findDifferences(pair: Pair, written: Written): Differences {
  const targets: Targets = new Map();
  // Wrapped, so that two roots of unlike form are compared too.
  const { desired, live } = align(pair, "/o", targets);
  const operations = jsonPatch.compare(wrap(desired), wrap(live));
  const place = new Map([...targets.keys()].map((pointer, index) => [pointer, index]));
  const found = operations
    .toSorted((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0))
    .flatMap((operation) => targets.get(operation.path) ?? []);
  const dropped = new Map(found.map((target) => [target, droppedBy(target, written.desired)]));
  const changes = found.flatMap((target) => (dropped.get(target) ? [] : [toChange(target, written)]));
  // What both sides write alike means something else because of another change: that one is what people want to see.
  const edited = changes.filter(({ desired, live }) => !sameJson(desired?.value, live?.value));
  return {
    changes: edited.length > 0 ? edited : changes,
    ineffective: found.flatMap((target) => dropped.get(target) ?? []),
  };
}

/** What the API server makes of a field that only Git has: undefined where that is not the reason, or not known to be. */
function droppedBy({ pair }: Target, object: JsonObject): Ineffective | undefined {
  if (pair.desired === undefined || pair.unknownTo === undefined) return undefined;
  const { site } = pair.desired;
  if (isDropped(String(site.name), site) !== true) return undefined;
  const reason = droppedReason(String(site.name), pair.unknownTo, site);
  return { path: pair.path, desired: located(object, pair.desired), reason };
}

function wrap(document: Json | undefined): object {
  return document === undefined ? {} : { o: document };
}

function toChange({ pair, ...target }: Target, written: Written): Change {
  const desired = pair.desired && located(written.desired, pair.desired);
  const live = pair.live && located(written.live, pair.live);
  const change: Change = {
    type: desired === undefined ? "added" : live === undefined ? "removed" : "changed",
    path: pair.path,
    ...(desired && { desired }),
    ...(live && { live }),
    ...explained(target.type === "order" ? { ...pair, reordered: target.order } : pair, written.effects),
  };
  return target.type === "order" ? reordered(change, target.order) : change;
}

/** What a change does, and which rules about its place could not be decided. */
function explained(pair: Pair, effects: EffectTable): Pick<Change, "effect" | "undecided"> {
  const effect = findEffect(effects, pair);
  const undecided = [...pair.undecided, ...openDrop(pair)].map(({ row, missing }) => ({
    rule: row.id,
    missing,
  }));
  return { ...(effect && { effect }), ...(undecided.length > 0 && { undecided }) };
}

/** Where the API server may have dropped the field, what would have to be known to say so. */
function openDrop({ desired, unknownTo }: Pair): readonly Undecided[] {
  if (desired === undefined || unknownTo === undefined) return [];
  const dropped = isDropped(String(desired.site.name), desired.site);
  return typeof dropped === "boolean" ? [] : [{ row: unknownFieldRow, missing: dropped.missing }];
}

/** The order of a list's common items, told by their labels. */
function reordered(change: Change, order: Reordered): Change {
  const { desired, live, ...rest } = change;
  return {
    ...rest,
    type: "reordered",
    ...(desired && { desired: inOrder(desired, labelsOf(order.desired)) }),
    ...(live && { live: inOrder(live, labelsOf(order.live)) }),
  };
}

function inOrder({ pointer, line }: Located, labels: readonly string[]): Located {
  return { pointer, ...(line !== undefined && { line }), value: labels };
}
