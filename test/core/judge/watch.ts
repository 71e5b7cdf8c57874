import {
  type Advance,
  advanceClocks,
  type ClusterObservation,
  type Difference,
} from "../../../src/core/judge/advance-clocks.ts";
import { formatInstant } from "../../../src/core/model/instant.ts";
import type { ResourceKey } from "../../../src/core/model/resource.ts";
import type { Standing } from "../../../src/core/model/standing.ts";
import { emptyState, type State } from "../../../src/core/model/state.ts";

export const hour = 3_600_000;

/** 2026-07-20T00:00:00Z, and so many hours later. */
export function at(hours: number): number {
  return Date.UTC(2026, 6, 20) + hours * hour;
}

/** The same as text. */
export function text(hours: number): string {
  return formatInstant(at(hours));
}

export const reviews: ResourceKey = {
  group: "networking.istio.io",
  kind: "VirtualService",
  namespace: "shop",
  name: "reviews",
};

/** A difference of reviews. */
export function differs(path: string, more: Partial<Difference> = {}): Difference {
  return { type: "changed", key: reviews, path, fingerprint: "0a1b2c", ...more };
}

/** What a run saw of cluster eu1, where all of reviews was told, unless `more` says otherwise. */
export function sees(
  differences: readonly Difference[],
  more: Partial<ClusterObservation> = {},
): ClusterObservation {
  return {
    cluster: "eu1",
    differences,
    judged: [{ key: reviews }],
    unchecked: [],
    swept: [],
    targets: ["eu1"],
    isAbsent: () => false,
    ...more,
  };
}

/** Runs one after the other, by their hours, and what came out of the last. */
export function watch(
  runs: readonly (readonly [hours: number, observation: ClusterObservation])[],
  { state = emptyState, within = 24 }: { readonly state?: State; readonly within?: number } = {},
): Advance {
  let advance: Advance = advanceClocks(state, [], moment(0, within));
  for (const [hours, observation] of runs) {
    advance = advanceClocks(advance.state, [observation], moment(hours, within));
  }
  return advance;
}

function moment(hours: number, within: number) {
  return { now: at(hours), seenAt: at(hours), isConfirmed: true, syncWithinMs: within * hour };
}

/** Where a path of reviews stands after a run: "open since 0 (seen) until 24", in hours. */
export function standing(advance: Advance, path: string): string {
  return words(advance.standingOf("eu1", reviews, path));
}

/** The same of any standing. */
export function words(found: Standing | undefined): string {
  if (found?.clock === undefined) return "none";
  const hoursOf = (moment: string): string => String((Date.parse(moment) - at(0)) / hour);
  const { since, basis, deadline } = found.clock;
  return `${found.state} since ${hoursOf(since)} (${basis}) until ${hoursOf(deadline)}`;
}
