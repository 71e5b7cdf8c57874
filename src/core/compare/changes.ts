import jsonPatch from "fast-json-patch";
import type { Change, Located } from "../model/finding.ts";
import { type Json, type JsonObject, objectOf, sameJson } from "../model/json.ts";
import { toPointer } from "../model/path.ts";
import { type CommonItem, type EffectTable, findEffect, type Reordered } from "../mesh/effect.ts";
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

/** Every difference between the two sides of an object, one a field, in the order of the desired side. */
export function findChanges(pair: Pair, written: Written): readonly Change[] {
  const targets: Targets = new Map();
  // Wrapped, so that two roots of unlike form are compared too.
  const { desired, live } = align(pair, "/o", targets);
  const operations = jsonPatch.compare(wrap(desired), wrap(live));
  const place = new Map([...targets.keys()].map((pointer, index) => [pointer, index]));
  const found = operations
    .toSorted((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0))
    .flatMap((operation) => {
      const target = targets.get(operation.path);
      return target === undefined ? [] : [toChange(target, written)];
    });
  // What both sides write alike means something else because of another change: that one is what people want to see.
  const edited = found.filter(({ desired, live }) => !sameJson(desired?.value, live?.value));
  return edited.length > 0 ? edited : found;
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
  const undecided = pair.undecided.map(({ row, missing }) => ({ rule: row.id, missing }));
  return { ...(effect && { effect }), ...(undecided.length > 0 && { undecided }) };
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
