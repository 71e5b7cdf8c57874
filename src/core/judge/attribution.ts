import type { Attribution } from "../model/attribution.ts";
import type { Change } from "../model/finding.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { childPath, fromPointer, itemPath } from "../model/path.ts";
import { formatFew, type Resource } from "../model/resource.ts";
import { splitPath, type Step } from "../model/split-path.ts";
import { itemNamed } from "./item-named.ts";
import { reachOf, wayTo, type WayStep } from "./owned-depth.ts";
import { type AttributionContext, tell, type Writer, writersOf } from "./writers.ts";

/**
 * Who wrote the live value of a change, as the object's managedFields have it: the latest of those who hold the field,
 * else of those who hold what is around it and is written as a whole (`around`: "last wrote spec.http"), else who wrote
 * the object last. Of a field that live lacks nobody is recorded; what was around it may be. Undefined where the live
 * side tells of no writers. Never throws, whatever the managedFields are.
 */
export function attributeChange(
  live: Resource,
  change: Change,
  context: AttributionContext,
): Attribution | undefined {
  if (live.owners === undefined) return undefined;
  const writers = writersOf(live, context);
  const place = placeOf(live, change);
  const { depth, holders } = deepest(writers, place);
  const [writer] = holders;
  if (writer === undefined) return attributeWhole(live, writers, context, doubtOf(change, writers));
  const isField = place.isExact && depth === place.way.length;
  const told = tell(writer, live, context);
  return withDoubts(
    {
      ...told,
      wrote: isField ? change.path : pathOf(change.path, place.way.slice(0, depth)),
      precision: isField ? "field" : "around",
    },
    [...(told.doubts ?? []), ...others(holders)],
  );
}

/** Where a change stands in the live object. */
interface Place {
  readonly way: readonly WayStep[];
  /** Whether live has the field at all; else the way leads to what is around it. */
  readonly isThere: boolean;
  /** Whether the way leads to the field itself, not to a text that holds it, or to what a rule made of it. */
  readonly isExact: boolean;
}

function placeOf({ object }: Resource, change: Change): Place {
  const { path, live, desired } = change;
  const parts = splitPath(path) ?? [];
  const steps = fromPointer((live ?? desired)?.pointer ?? "");
  if (live === undefined) return { way: wayAround(object, parts, steps), isThere: false, isExact: false };
  const way = wayTo(object, steps);
  const isThere = way.length === steps.length;
  return { way, isThere, isExact: isThere && !(parts.length > way.length && isAlong(parts, way)) };
}

/** Who wrote an object last, and first where that was somebody else. Undefined where the live side tells of no writers. */
export function attributeObject(live: Resource, context: AttributionContext): Attribution | undefined {
  if (live.owners === undefined) return undefined;
  const writers = writersOf(live, context);
  const named = writers.filter(({ found, timeMs }) => !found.isArtefact && timeMs !== undefined);
  const [last, first] = [named[0], named.at(-1)];
  const isOther = first !== undefined && first.owner.manager !== last?.owner.manager;
  return attributeWhole(live, writers, context, isOther ? [`${first.owner.manager} wrote to it before`] : []);
}

function attributeWhole(
  live: Resource,
  writers: readonly Writer[],
  context: AttributionContext,
  more: readonly string[],
): Attribution {
  const [writer] = writers;
  if (writer === undefined) {
    const isEmpty = live.owners === undefined || live.owners.length === 0;
    const doubt = isEmpty
      ? "the object has no managedFields"
      : "its managedFields name only writers of its status";
    return { manager: "", class: "unknown", wrote: "", precision: "object", doubts: [doubt] };
  }
  const told = tell(writer, live, context);
  return withDoubts({ ...told, wrote: "", precision: "object" }, [...more, ...(told.doubts ?? [])]);
}

function withDoubts(attribution: Attribution, doubts: readonly string[]): Attribution {
  return doubts.length === 0 ? attribution : { ...attribution, doubts };
}

function doubtOf({ live }: Change, writers: readonly Writer[]): readonly string[] {
  if (writers.length === 0) return [];
  return [live === undefined ? "who removed it is not recorded" : "nobody is recorded as its writer"];
}

/** Those whose fields go deepest, in the order given: who holds a field only above it wrote no part of what is below. */
function deepest(
  writers: readonly Writer[],
  { way, isThere }: Place,
): { readonly depth: number; readonly holders: readonly Writer[] } {
  const reached = writers.flatMap((writer) => {
    const reach = reachOf(writer.owner.fields, way);
    // Of what surrounds a field that is not there only what is written as a whole tells of it.
    return reach === undefined || (!isThere && !reach.isWhole) ? [] : [{ writer, depth: reach.depth }];
  });
  const depth = reached.reduce((most, one) => Math.max(most, one.depth), 0);
  return { depth, holders: reached.filter((one) => one.depth === depth).map(({ writer }) => writer) };
}

/** Who holds the same value besides, where that is another sort of writer: then more than one wanted it. */
function others([first, ...rest]: readonly Writer[]): readonly string[] {
  const differing = rest.filter(({ found }) => !found.isArtefact && found.class !== first?.found.class);
  const names = [...new Set(differing.map(({ owner }) => owner.manager))].filter((name) => name !== "");
  return names.length === 0 ? [] : [`${formatFew(names)} wrote the same`];
}

/** The way towards a field of Git that live lacks, as far as live has it. Items are found by what the path calls them. */
function wayAround(object: JsonObject, parts: readonly Step[], steps: readonly string[]): readonly WayStep[] {
  const positionOf = (list: readonly Json[], step: number): number => {
    const part = parts.length === steps.length ? parts[step] : undefined;
    return part === undefined ? -1 : itemNamed(list, part);
  };
  return wayTo(object, steps.slice(0, -1), positionOf);
}

/** A way as an identity path: in the words of the change's own path where it starts so, else by names and positions. */
function pathOf(path: string, way: readonly WayStep[]): string {
  const parts = splitPath(path) ?? [];
  const own = parts.slice(0, way.length).map(({ written }) => written);
  if (isAlong(parts, way)) return own.join("");
  return way.reduce(
    (text, step) => (step.type === "field" ? childPath(text, step.name) : itemPath(text, String(step.index))),
    "",
  );
}

function isAlong(parts: readonly Step[], way: readonly WayStep[]): boolean {
  return way.every((step, at) => {
    const part = parts[at];
    if (part === undefined) return false;
    return step.type === "item" ? part.type !== "field" : part.type !== "item" && part.text === step.name;
  });
}
