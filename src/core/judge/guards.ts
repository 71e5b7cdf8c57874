import { sha256 } from "../model/digest.ts";
import type { Guard, KindCount, State, TargetRun, TargetState } from "../model/state.ts";

/** More than so much lost, and more than so many objects, is taken for an accident. */
const lostShare = 0.3;
const lostObjects = 5;
/** More than so many new findings at once, and more than such a share of what the target wants. */
const newFindings = 25;
const newShare = 0.15;

/** What a run saw of one target. */
export interface TargetObservation {
  readonly target: string;
  readonly run: TargetRun;
  /** Whether all of both sides was read: what was not read is no loss. */
  readonly isWhole: boolean;
  /** When each of its findings was first seen (milliseconds since 1970). */
  readonly firstSeen: readonly number[];
}

/** The guards of a target, and what the next run shall know of it. */
export interface Guarded {
  readonly guards: readonly Guard[];
  readonly state: State;
}

/**
 * Looks for a run of a target that is more likely an accident than drift: measured against the last good run, which stays
 * the measure until somebody acknowledges the guards or their cause is gone. What a commit explains is no accident on the
 * desired side, and neither is that live has no more of what Git wants no more. A run that did not read everything
 * changes nothing.
 */
export function guardTarget(state: State, observation: TargetObservation): Guarded {
  const { target: name, run } = observation;
  const before = state.targets.find((one) => one.name === name);
  if (!observation.isWhole) return { guards: before?.held?.guards ?? [], state };
  const good = before?.good;
  const guards = findGuards(good, observation);
  const after: TargetState =
    guards.length === 0 ? { name, good: run } : { name, ...(good && { good }), held: { guards, run } };
  return { guards, state: withTarget(state, after) };
}

/**
 * Takes the run that raised a guard for a good one, with all its guards. Undefined where no guard has this id: it was
 * acknowledged before, or its cause is gone.
 */
export function acknowledge(
  state: State,
  id: string,
): { readonly state: State; readonly target: string; readonly guards: readonly Guard[] } | undefined {
  const found = state.targets.find(({ held }) => held?.guards.some((guard) => guard.id === id) === true);
  if (found?.held === undefined) return undefined;
  const { name, held } = found;
  const next = withTarget(state, { name, good: held.run });
  return { state: { ...next, revision: state.revision + 1 }, target: name, guards: held.guards };
}

function withTarget(state: State, target: TargetState): State {
  const others = state.targets.filter(({ name }) => name !== target.name);
  return { ...state, targets: [...others, target] };
}

function findGuards(good: TargetRun | undefined, observation: TargetObservation): readonly Guard[] {
  const found = [
    ...(good === undefined ? [] : findLosses(good, observation.run)),
    manyNew(good, observation),
  ];
  return found.flatMap((guard) => {
    if (guard === undefined) return [];
    const basis = JSON.stringify([guard.type, observation.target, good?.time, good?.commit]);
    return [{ ...guard, id: sha256(basis).slice(0, 12) }];
  });
}

type Found = Omit<Guard, "id"> | undefined;

function findLosses(good: TargetRun, run: TargetRun): readonly Found[] {
  const wanted = { before: sum(good.counts, "desired"), now: sum(run.counts, "desired") };
  const live = { before: sum(good.counts, "live"), now: sum(run.counts, "live") };
  const unwanted = wanted.before - wanted.now;
  const isExplained = run.closure !== good.closure;
  const hasGitShrunk = !isExplained && isLoss(wanted.before, unwanted);
  // Live counts what Git wants: what Git wants no more is missing there, too.
  const isTold = isExplained || hasGitShrunk;
  const gone = live.before - live.now - (isTold ? Math.max(0, unwanted) : 0);
  const shrunk = (side: "desired" | "live"): string => whatShrank(good.counts, run.counts, side);
  return [
    hasGitShrunk ? { type: "git-shrank", ...wanted, text: `${gitShrank}: ${shrunk("desired")}` } : undefined,
    isLoss(live.before, gone)
      ? { type: "live-shrank", ...live, text: `${liveShrank}: ${shrunk("live")}` }
      : undefined,
  ];
}

const gitShrank = "Git wants much less than at the last good run, and no commit says so";
const liveShrank = "much less is live than at the last good run, and Git still wants it";

function isLoss(before: number, lost: number): boolean {
  return lost > lostObjects && lost > before * lostShare;
}

function manyNew(good: TargetRun | undefined, { run, firstSeen }: TargetObservation): Found {
  const now = firstSeen.filter((time) => good === undefined || time > good.time).length;
  const before = Math.max(newFindings, Math.floor(sum(run.counts, "desired") * newShare));
  if (now <= before) return undefined;
  const since = good === undefined ? "in the first run" : "since the last good run";
  return { type: "many-new", before, now, text: `${String(now)} findings are new ${since}` };
}

function sum(counts: readonly KindCount[], side: "desired" | "live"): number {
  return counts.reduce((total, one) => total + one[side], 0);
}

/** The kinds of which less is there, those that lost most first: "VirtualService.networking.istio.io 40 -> 2". */
function whatShrank(
  before: readonly KindCount[],
  now: readonly KindCount[],
  side: "desired" | "live",
): string {
  const left = new Map(now.map((count) => [count.kind, count[side]]));
  const lost = before
    .map((count) => ({ kind: count.kind, before: count[side], now: left.get(count.kind) ?? 0 }))
    .filter((one) => one.now < one.before)
    .sort((a, b) => b.before - b.now - (a.before - a.now));
  return lost.map((one) => `${one.kind} ${String(one.before)} -> ${String(one.now)}`).join(", ");
}
