import type { Unchecked } from "../model/finding.ts";
import { byDeadline } from "./by-deadline.ts";
import { isPartOf, type Unknown, unknownId, type UnknownStanding } from "./unknowns.ts";

/** What is known of how long things of one target were not compared. */
export interface UncheckedAges {
  /** Whether nothing of the target could be compared. */
  readonly isWholeTarget: boolean;
  readonly standings: readonly UnknownStanding[];
}

/**
 * What could not be compared, with since when: that ages, too. What was not compared before and is now part of something
 * wider makes that as old.
 */
export function agedUnchecked(
  unchecked: readonly Unchecked[],
  target: string,
  { isWholeTarget, standings }: UncheckedAges,
): readonly Unchecked[] {
  const byId = new Map(standings.map(({ id, standing }) => [id, standing]));
  const covered = standings.filter(({ isCovered }) => isCovered);
  return unchecked.map((one) => {
    const { code, key, kind } = one;
    const unknown: Unknown = { target, isWholeTarget, code, ...(key && { key }), ...(kind && { kind }) };
    const id = unknownId(unknown);
    const own = byId.get(id);
    const within = covered.filter((other) => isPartOf(other.id, id)).map((other) => other.standing);
    const standing = own && [own, ...within].toSorted(byDeadline)[0];
    return standing === undefined ? one : { ...one, standing };
  });
}
