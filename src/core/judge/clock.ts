import { formatInstant } from "../model/instant.ts";
import type { Standing } from "../model/standing.ts";
import type { ClockState, PathClock } from "../model/state.ts";
import { areRelated, clockSteps } from "./clock-path.ts";

/** When a run is, as effectiveNow has it, in milliseconds since 1970, and how long a change may stay out of Git. */
export interface Moment {
  /** What deadlines are judged by: never before an earlier run. */
  readonly now: number;
  /** What is written down as the time of what is seen now. */
  readonly seenAt: number;
  /** Whether an API server told the time. */
  readonly isConfirmed: boolean;
  readonly syncWithinMs: number;
}

/** How long the clock of something that is gone is kept, so that reverting and applying again does not restart it. */
const tombstoneMs = 72 * 3_600_000;

/** A difference of one object, at a path in the form of clockPath. */
export interface SeenPath {
  readonly path: string;
  /** When its writer claims to have written it, in milliseconds since 1970. */
  readonly claim?: number | undefined;
  /** When it was last known not to be there; undefined where it never was. */
  readonly lastClean?: number | undefined;
  readonly fingerprint: string;
}

/** What a run saw of one object. */
export interface SeenPaths {
  readonly present: readonly SeenPath[];
  /** Whether every difference of it is told: only then is what is not told gone. */
  readonly isJudged: boolean;
}

/** The clocks of one object after a run. */
export interface AdvancedPaths {
  readonly clocks: readonly PathClock[];
  /** Those of what is present, by path. */
  readonly running: ReadonlyMap<string, PathClock>;
  /** Paths that were seen for the first time. */
  readonly fresh: ReadonlySet<string>;
  /** Clocks of differences that this run found gone. */
  readonly resolved: readonly PathClock[];
}

/**
 * Advances the clocks of one object. A difference goes on with the clock that its path has or had; a new path that leads
 * to or comes from one with a clock begins when that one did: the same edit told in finer or coarser words. Nothing
 * here moves a deadline later.
 */
export function advancePaths(
  before: readonly PathClock[],
  { present, isJudged }: SeenPaths,
  moment: Moment,
): AdvancedPaths {
  const known = new Map(
    before
      .filter(({ gone }) => gone === undefined || moment.now - gone <= tombstoneMs)
      .map((clock) => [clock.path, heal(clock, moment)]),
  );
  const now = new Map<string, PathClock>();
  const fresh = new Set<string>();
  const relatives = once(() =>
    [...known.values()].map((clock) => ({ clock, steps: clockSteps(clock.path) })),
  );
  for (const seen of present) {
    const { path, claim, lastClean, fingerprint } = seen;
    const own = now.get(path) ?? known.get(path);
    const found = { path, fingerprint, lastSeen: moment.seenAt };
    if (own !== undefined && own.gone === undefined && !fresh.has(path)) {
      now.set(path, { ...own, ...found });
      continue;
    }
    const steps = clockSteps(path);
    const earlier = relatives().filter((other) => areRelated(steps, other.steps));
    if (earlier.length === 0) fresh.add(path);
    const started = [startClock(claim, lastClean, moment), ...earlier.map(({ clock }) => clock)];
    // Two differences may stand at one path, because items without identity share theirs.
    now.set(path, { ...earliest(own === undefined ? started : [...started, own]), ...found });
  }
  const rest = [...known.values()].filter(({ path }) => !now.has(path));
  const left = isJudged ? rest.map((clock) => ({ ...clock, gone: clock.gone ?? moment.seenAt })) : rest;
  const ended = isJudged ? rest.filter(({ gone }) => gone === undefined) : [];
  return {
    clocks: [...now.values(), ...left],
    running: now,
    fresh,
    resolved: withoutMoved(ended, [...now.keys()]),
  };
}

/** Without those that are there under another path now. */
function withoutMoved(ended: readonly PathClock[], present: readonly string[]): readonly PathClock[] {
  if (ended.length === 0) return [];
  const others = present.map(clockSteps);
  return ended.filter(({ path }) => {
    const steps = clockSteps(path);
    return !others.some((other) => areRelated(steps, other));
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * A clock of something that is seen for the first time. What its writer claims may make it older, as far back as it was
 * last seen clean, and never younger; a claim that is absent, or lies in the future, says nothing.
 */
export function startClock(
  claim: number | undefined,
  lastClean: number | undefined,
  { seenAt, syncWithinMs }: Moment,
): ClockState {
  const start = credibleStart(claim, lastClean, seenAt);
  return { firstSeen: seenAt, ...start, due: start.since + syncWithinMs, lastSeen: seenAt };
}

function credibleStart(
  claim: number | undefined,
  lastClean: number | undefined,
  seenAt: number,
): Pick<ClockState, "since" | "basis"> {
  const since = claim === undefined ? seenAt : Math.max(claim, lastClean ?? claim);
  if (since >= seenAt) return { since: seenAt, basis: "seen" };
  return { since, basis: since === claim ? "claim" : "last-clean" };
}

/** One clock of several of the same thing: the earliest of all their times. */
function earliest(clocks: readonly ClockState[]): Omit<ClockState, "lastSeen"> {
  const sorted = clocks.toSorted((a, b) => a.since - b.since);
  return {
    firstSeen: Math.min(...clocks.map(({ firstSeen }) => firstSeen)),
    since: sorted[0]?.since ?? 0,
    basis: sorted[0]?.basis ?? "seen",
    due: Math.min(...clocks.map(({ due }) => due)),
  };
}

/**
 * A clock that goes on. One that a run began whose own clock was ahead begins now at the latest. Its deadline is the one
 * that was told, or an earlier one where less time is allowed by now: allowing more is for changes to come.
 */
export function heal<T extends ClockState>(clock: T, { now, syncWithinMs }: Moment): T {
  const since = Math.min(clock.since, now);
  const firstSeen = Math.min(clock.firstSeen, now);
  return { ...clock, since, firstSeen, due: Math.min(clock.due, since + syncWithinMs) };
}

/** Where something with this clock stands: overdue from its deadline on, before that new in the run that saw it first. */
export function standingOf(clock: ClockState, now: number, isNew: boolean): Standing {
  const isOverdue = now >= clock.due;
  return {
    state: isOverdue ? "overdue" : isNew ? "new" : "open",
    isOverdue,
    clock: {
      firstSeen: formatInstant(clock.firstSeen),
      since: formatInstant(clock.since),
      basis: clock.basis,
      deadline: formatInstant(clock.due),
    },
  };
}
