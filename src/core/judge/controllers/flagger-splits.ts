import { field, isList, type Json, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { canaryPart, count, type Split, stablePart } from "./drive.ts";

/** What decides about the split, from the spec and the status of a Canary. */
interface Progress {
  /** `status.canaryWeight` */
  readonly weight: number;
  /** `status.iterations` */
  readonly iterations: number;
  /** `analysis.iterations`: of A/B tests and blue/green; 0 where traffic is shifted step by step. */
  readonly rounds: number;
  /** Whether some requests are chosen by header: an A/B test. */
  readonly isByMatch: boolean;
  /** What is mirrored before, or instead of, shifting traffic, in percent. */
  readonly mirrors: number | undefined;
  /** The weight at which the steps end. */
  readonly last: number;
}

/** What a Canary wants in each of its phases. */
interface PhaseRow {
  readonly phase: string;
  readonly splits: (progress: Progress) => readonly Split[];
  readonly source: string;
}

const scheduler = "fluxcd/flagger pkg/controller/scheduler.go";

const none = (): readonly Split[] => [split(0)];

const phases: readonly PhaseRow[] = [
  {
    phase: "Initializing",
    splits: none,
    source: "fluxcd/flagger pkg/router/istio.go (reconcileVirtualService)",
  },
  {
    phase: "Initialized",
    splits: none,
    source: "fluxcd/flagger pkg/router/istio.go (reconcileVirtualService)",
  },
  {
    phase: "Waiting",
    splits: ({ weight }) => [split(weight)],
    source: `${scheduler} (runConfirmRolloutHooks)`,
  },
  { phase: "Progressing", splits: progressing, source: `${scheduler} (runCanary, runAB, runBlueGreen)` },
  { phase: "WaitingPromotion", splits: waiting, source: `${scheduler} (runConfirmPromotionHooks)` },
  { phase: "Promoting", splits: promoting, source: `${scheduler} (runPromotionTrafficShift)` },
  { phase: "Finalising", splits: none, source: `${scheduler} (runPromotionTrafficShift)` },
  { phase: "Succeeded", splits: none, source: `${scheduler} (advanceCanary)` },
  { phase: "Failed", splits: none, source: `${scheduler} (rollback)` },
];

/** The splits that the status of a Canary allows now; undefined where nobody knows its phase. */
export function flaggerSplits(canary: Resource): readonly Split[] | undefined {
  const phase = textField(field(canary.object, "status"), "phase");
  const row = phases.find((one) => one.phase === phase);
  return row?.splits(progressOf(canary));
}

function split(weight: number, mirrors?: number): Split {
  const weights = new Map([
    [canaryPart, weight],
    [stablePart, 100 - weight],
  ]);
  return { weights, ...(mirrors !== undefined && { mirrors }) };
}

function progressOf({ object }: Resource): Progress {
  const spec = field(object, "spec");
  const analysis = field(spec, "analysis") ?? field(spec, "canaryAnalysis");
  const status = field(object, "status");
  const match = field(analysis, "match");
  const percent = count(field(analysis, "mirrorWeight")) ?? 0;
  return {
    weight: count(field(status, "canaryWeight")) ?? 0,
    iterations: count(field(status, "iterations")) ?? 0,
    rounds: count(field(analysis, "iterations")) ?? 0,
    isByMatch: isList(match) && match.length > 0,
    mirrors: field(analysis, "mirror") === true ? (percent > 0 ? percent : 100) : undefined,
    last: lastWeight(analysis),
  };
}

/** Step by step; of an A/B test all once it has begun; of blue/green all once its rounds are over. */
function progressing({ weight, iterations, rounds, isByMatch, mirrors }: Progress): readonly Split[] {
  if (rounds > 0 && isByMatch) return [split(iterations > 0 ? 100 : 0)];
  if (rounds > 0) {
    return iterations > rounds ? [split(100)] : [split(0), ...(iterations > 0 ? mirrored(mirrors) : [])];
  }
  // The status does not tell whether the step with the mirror has begun.
  return weight === 0 ? [split(0), ...mirrored(mirrors)] : [split(weight)];
}

function mirrored(mirrors: number | undefined): readonly Split[] {
  return mirrors === undefined ? [] : [split(0, mirrors)];
}

/** Weight and iterations are taken back when the phase begins: what the steps end with stays. */
function waiting({ rounds, isByMatch, mirrors, last }: Progress): readonly Split[] {
  if (rounds === 0) return [split(last)];
  return isByMatch ? [split(100)] : [split(100), split(0), ...mirrored(mirrors)];
}

/** All at once, which ends the phase, or step by step back to the primary. */
function promoting({ weight, rounds, last }: Progress): readonly Split[] {
  if (weight > 0) return [split(weight)];
  return [split(rounds > 0 ? 100 : last)];
}

/** Source: fluxcd/flagger pkg/controller/scheduler.go (maxWeight, nextStepWeight, runCanary) */
function lastWeight(analysis: Json | undefined): number {
  const listed = field(analysis, "stepWeights");
  const steps = isList(listed) ? listed.flatMap((step) => count(step) ?? []) : [];
  const end = steps.at(-1);
  if (end !== undefined) return Math.min(100, end);
  const most = count(field(analysis, "maxWeight")) ?? 0;
  const step = count(field(analysis, "stepWeight")) ?? 0;
  const limit = most > 0 ? most : 100;
  return step > 0 ? Math.min(100, Math.ceil(limit / step) * step) : limit;
}
