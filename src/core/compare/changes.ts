import jsonPatch from "fast-json-patch";
import type { Change, Located } from "../model/finding.ts";
import { type Json, type JsonObject, objectOf } from "../model/json.ts";
import { toPointer } from "../model/path.ts";
import type { Node } from "../mesh/table.ts";
import { locate } from "./locate.ts";
import { type Pair, type Parts, partsOf } from "./pair.ts";
import { secretPlaces } from "./secret-places.ts";

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
  | { readonly type: "order"; readonly pair: Pair; readonly order: NonNullable<Parts["reordered"]> };

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
    desired.push([orderKey, JSON.stringify(parts.reordered.desired)]);
    live.push([orderKey, JSON.stringify(parts.reordered.live)]);
    targets.set(`${pointer}/${orderKey}`, { type: "order", pair, order: parts.reordered });
  }
  return { desired: objectOf(desired), live: objectOf(live) };
}

function isEqual(pair: Pair): boolean {
  return pair.desired?.text === pair.live?.text;
}

/** Every difference between the two sides of an object, one a field, in the order of the desired side. */
export function findChanges(
  pair: Pair,
  objects: { desired: JsonObject; live: JsonObject },
): readonly Change[] {
  const targets: Targets = new Map();
  // Wrapped, so that two roots of unlike form are compared too.
  const { desired, live } = align(pair, "/o", targets);
  const operations = jsonPatch.compare(wrap(desired), wrap(live));
  const place = new Map([...targets.keys()].map((pointer, index) => [pointer, index]));
  return operations
    .toSorted((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0))
    .flatMap((operation) => {
      const target = targets.get(operation.path);
      return target === undefined ? [] : [toChange(target, objects)];
    });
}

function wrap(document: Json | undefined): object {
  return document === undefined ? {} : { o: document };
}

function toChange({ pair, ...target }: Target, objects: { desired: JsonObject; live: JsonObject }): Change {
  const desired = pair.desired && located(objects.desired, pair.desired);
  const live = pair.live && located(objects.live, pair.live);
  const undecided = pair.undecided.map(({ row, missing }) => ({ rule: row.id, missing }));
  const change: Change = {
    type: desired === undefined ? "added" : live === undefined ? "removed" : "changed",
    path: pair.path,
    ...(desired && { desired }),
    ...(live && { live }),
    ...(undecided.length > 0 && { undecided }),
  };
  return target.type === "order" ? reordered(change, target.order) : change;
}

/** The order of a list's common items, told by their labels. */
function reordered(change: Change, order: NonNullable<Parts["reordered"]>): Change {
  return {
    type: "reordered",
    path: change.path,
    ...(change.desired && { desired: { pointer: change.desired.pointer, value: order.desired } }),
    ...(change.live && { live: { pointer: change.live.pointer, value: order.live } }),
    ...(change.undecided && { undecided: change.undecided }),
  };
}

function located(object: JsonObject, node: Node): Located {
  const secret = secretPlaces(node);
  return { pointer: toPointer(locate(object, node)), value: node.raw, ...(secret.length > 0 && { secret }) };
}
