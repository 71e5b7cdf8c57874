import type { Unchecked } from "../model/finding.ts";
import { formatKind } from "../model/resource.ts";
import type { Standing } from "../model/standing.ts";
import type { ClusterState } from "../model/state.ts";
import { heal, type Moment, standingOf, startClock } from "./clock.ts";

/** What of a target was not compared: where the target as a whole was not, nothing in it was. */
export interface Unknown extends Pick<Unchecked, "code" | "key" | "kind"> {
  readonly target: string;
  readonly isWholeTarget: boolean;
}

/** Something that is not compared, and since when. */
export interface UnknownStanding {
  readonly id: string;
  readonly target: string;
  readonly standing: Standing;
  /** Something wider is not compared in this run, and names it no more: it is still not compared. */
  readonly isCovered: boolean;
}

/**
 * What names something that is not compared, from run to run: the target, the kind, or the object, and never why, because
 * another reason for the same is no news. What names neither is told by its code.
 */
export function unknownId({ target, isWholeTarget, code, key, kind }: Unknown): string {
  if (isWholeTarget) return JSON.stringify([target]);
  if (key !== undefined) return JSON.stringify([target, formatKind(key), key.namespace, key.name]);
  return JSON.stringify(kind === undefined ? [target, "", code] : [target, formatKind(kind)]);
}

type Unknowns = ClusterState["unknowns"];

/** The clocks of what is not compared, and where each stands. */
export interface AdvancedUnknowns {
  readonly unknowns: Unknowns;
  readonly standings: readonly UnknownStanding[];
}

/**
 * Advances the clocks of what is not compared: that ages, too. What was part of something wider that was not compared
 * begins when that did. A clock ends when its target was looked at in full and the thing was compared; one whose thing is
 * now part of something wider goes on under it.
 */
export function advanceUnknowns(
  before: Unknowns,
  seen: readonly Unknown[],
  lookedAt: readonly string[],
  moment: Moment,
): AdvancedUnknowns {
  const known = new Map(before.map((clock) => [clock.id, clock]));
  const ids = new Set(seen.map(unknownId));
  const kept = before.filter(
    ({ id }) => !ids.has(id) && (isCovered(id, ids) || !lookedAt.includes(targetOf(id))),
  );
  const named = [...ids].map((id) => {
    const own = known.get(id) ?? known.get(widerOf(id).find((wider) => known.has(wider)) ?? "");
    const clock = own === undefined ? startClock(undefined, undefined, moment) : heal(own, moment);
    return { ...clock, id, lastSeen: moment.seenAt };
  });
  const standings = [...named, ...kept.filter(({ id }) => isCovered(id, ids))].map((clock) => ({
    id: clock.id,
    target: targetOf(clock.id),
    standing: standingOf(clock, moment.now, ids.has(clock.id) && isNew(clock.id, known)),
    isCovered: !ids.has(clock.id),
  }));
  return { unknowns: [...named, ...kept], standings };
}

function isNew(id: string, known: ReadonlyMap<string, unknown>): boolean {
  return ![id, ...widerOf(id)].some((one) => known.has(one));
}

function isCovered(id: string, named: ReadonlySet<string>): boolean {
  return widerOf(id).some((wider) => named.has(wider));
}

/** The ids of what is wider than that of an id, the widest last. */
function widerOf(id: string): readonly string[] {
  const parts = JSON.parse(id) as readonly string[];
  return parts
    .map((_, index) => JSON.stringify(parts.slice(0, index)))
    .slice(1)
    .reverse();
}

/** Whether something that is not compared is part of something wider that is not. */
export function isPartOf(id: string, wider: string): boolean {
  return widerOf(id).includes(wider);
}

function targetOf(id: string): string {
  return (JSON.parse(id) as readonly string[])[0] ?? "";
}
