import * as fc from "fast-check";
import { expect, it } from "vitest";
import { advanceClocks, type ClusterObservation } from "../../../src/core/judge/advance-clocks.ts";
import type { Moment } from "../../../src/core/judge/clock.ts";
import { effectiveNow } from "../../../src/core/judge/effective-now.ts";
import { emptyState, type LastRun } from "../../../src/core/model/state.ts";
import { at, differs, hour, reviews, sees, text } from "./watch.ts";

const paths = ["spec.http[name=a].timeout", "spec.http[2].retries", "spec.http", "spec.hosts", ""];
const types = ["changed", "missing", "extra"] as const;

/** All runs together are within the time that a clock is kept for what is gone. */
const run = fc.record({
  /** Hours since the run before; back where the clock of the machine jumped. */
  later: fc.integer({ min: -2, max: 6 }),
  /** How far the API server is off, in hours; absent where it does not answer. */
  server: fc.constantFrom(undefined, 0, 0, 1, -1),
  seen: fc.subarray(paths),
  type: fc.constantFrom(...types),
  claim: fc.option(fc.integer({ min: -100, max: 100 }), { nil: undefined }),
  sees: fc.constantFrom("all", "nothing", "a part", "another cluster"),
  within: fc.constantFrom(24, 24, 4, 48),
});

type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

function observed({ seen, type, claim, sees: part }: Run): ClusterObservation {
  const told = claim === undefined ? undefined : text(claim);
  const isSeen = part === "all" || part === "a part";
  return sees(isSeen ? seen.map((path) => differs(path, { type, claim: told })) : [], {
    cluster: part === "another cluster" ? "us1" : "eu1",
    judged: part === "all" ? [{ key: reviews }] : [],
  });
}

function momentOf({ server, within }: Run, hours: number, lastRun: LastRun | undefined): Moment {
  const local = at(hours);
  const servers = server === undefined ? [] : [{ cluster: "eu1", server: local + server * hour, local }];
  return { ...effectiveNow(local, servers, lastRun), syncWithinMs: within * hour };
}

it("moves no deadline later, whatever runs see in whatever order, and whatever the clocks say", () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 2, maxLength: 9 }), (runs) => {
      let state = emptyState;
      let hours = 0;
      const deadlines = new Map<string, string>();
      for (const one of runs) {
        hours += one.later;
        const observation = observed(one);
        const advance = advanceClocks(state, [observation], momentOf(one, hours, state.lastRun));
        state = advance.state;
        for (const { path } of observation.differences) {
          const { deadline = "" } = advance.standingOf("eu1", reviews, path)?.clock ?? {};
          expect(deadline).not.toBe("");
          const before = deadlines.get(path);
          if (before !== undefined) expect(deadline <= before).toBe(true);
          deadlines.set(path, deadline);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

it("says the same of a run whatever the order of what it saw", () => {
  const difference = fc.record({
    path: fc.constantFrom(...paths, "spec.http[3].retries"),
    claim: fc.option(fc.integer({ min: -100, max: 5 }), { nil: undefined }),
  });
  const shuffled = fc
    .array(difference, { maxLength: 6 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, fc.subarray(paths), ([one, other], before) => {
      const moment = (hours: number) => ({
        now: at(hours),
        seenAt: at(hours),
        isConfirmed: true,
        syncWithinMs: 24 * hour,
      });
      const first = advanceClocks(emptyState, [sees(before.map((path) => differs(path)))], moment(0));
      const told = (all: typeof one): unknown => {
        const seen = all.map(({ path, claim }) =>
          differs(path, { claim: claim === undefined ? undefined : text(claim) }),
        );
        const advance = advanceClocks(first.state, [sees(seen)], moment(6));
        return paths.map((path) => advance.standingOf("eu1", reviews, path)?.clock?.deadline);
      };
      expect(told(other)).toEqual(told(one));
    }),
    { numRuns: 1000 },
  );
});
