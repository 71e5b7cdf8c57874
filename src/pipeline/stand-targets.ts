import { advanceClocks, type Advance } from "../core/judge/advance-clocks.ts";
import { effectiveNow, type EffectiveNow } from "../core/judge/effective-now.ts";
import { guardTarget } from "../core/judge/guards.ts";
import { observe, type ObservedTarget } from "../core/judge/observe.ts";
import { stand } from "../core/judge/stand.ts";
import { agedUnchecked } from "../core/judge/aged-unchecked.ts";
import { fingerprint, sha256 } from "../core/model/digest.ts";
import { parseInstant } from "../core/model/instant.ts";
import { formatKind, keyId } from "../core/model/resource.ts";
import { emptyState, type KindCount, type State } from "../core/model/state.ts";
import { judgeByState, keepState } from "./keep-state.ts";
import { type JudgeContext, type JudgedTarget, warned } from "./judged.ts";
import { readingsOf } from "./server-readings.ts";

/**
 * Says of every finding since when it is there and until when it must be in Git, by what earlier runs knew; and keeps what
 * this one saw, before anything is reported.
 */
export async function standTargets(
  judged: readonly JudgedTarget[],
  context: JudgeContext,
): Promise<readonly JudgedTarget[]> {
  const { ports, options } = context;
  const judge = (state: State): Stood => standBy(state, judged, context);
  if (ports.state === undefined) return judge(emptyState).targets;
  const end = options.isReadOnly === true ? judgeByState : keepState;
  const { judged: stood, warnings } = await end(ports.state, judge);
  return stood.targets.map((one, index) => (index === 0 ? warned(one, warnings) : one));
}

interface Stood {
  readonly state: State;
  readonly targets: readonly JudgedTarget[];
}

function standBy(given: State, judged: readonly JudgedTarget[], context: JudgeContext): Stood {
  const { config, startedAt, options } = context;
  const salt = given.salt ?? options.fingerprintKey;
  const state = { ...given, salt };
  const time = effectiveNow(startedAt.getTime(), readingsOf(judged), state.lastRun);
  const clusters = [...new Set(judged.map(({ target }) => target.cluster))];
  const observations = clusters.map((cluster) =>
    observe(
      cluster,
      judged.filter(({ target }) => target.cluster === cluster).map((one) => observed(one, context)),
      (text) => fingerprint(salt, text),
    ),
  );
  const advance = advanceClocks(state, observations, {
    ...time,
    syncWithinMs: config.judging.breakGlass.syncWithinMs,
  });
  let next = advance.state;
  const targets = judged.map((one, index) => {
    const stood = standTarget(one, advance);
    const guarded = guardTarget(next, guardObservation(stood, time, context));
    next = guarded.state;
    return warned({ ...stood, guards: guarded.guards }, index === 0 ? time.warnings : []);
  });
  return { state: next, targets };
}

function observed(
  { target, judgement, findings, hidden, desired, live }: JudgedTarget,
  { options }: JudgeContext,
): ObservedTarget {
  return {
    name: target.name,
    judgement,
    findings,
    hidden,
    isFull: options.namespaces === undefined,
    isUnknown: desired.type === "failed" || live.source === "",
  };
}

function standTarget(one: JudgedTarget, advance: Advance): JudgedTarget {
  const { cluster, name } = one.target;
  const isHere = isAbout(one);
  return {
    ...one,
    findings: one.findings.map((finding) =>
      stand(finding, (path) => advance.standingOf(cluster, finding.key, path)),
    ),
    judgement: {
      ...one.judgement,
      unchecked: agedUnchecked(one.judgement.unchecked, name, {
        isWholeTarget: one.desired.type === "failed" || one.live.source === "",
        standings: advance.unknowns.filter(({ target }) => target === name),
      }),
    },
    resolved: advance.resolved.filter((gone) => gone.cluster === cluster && isHere(keyId(gone.key))),
    transient: advance.transient.filter((edit) => edit.cluster === cluster && isHere(keyId(edit.key))),
  };
}

/** Whether an object is this target's business: it wants it, or has something to say of it. */
function isAbout({ judgement, findings }: JudgedTarget): (id: string) => boolean {
  const ids = new Set(
    [...judgement.inSync, ...findings.map(({ key }) => key), ...judgement.desired].map(keyId),
  );
  return (id) => ids.has(id);
}

function guardObservation(
  { target, judgement, findings, desired }: JudgedTarget,
  { now }: EffectiveNow,
  { options }: JudgeContext,
) {
  const firstSeen = findings.flatMap(({ standing }) => {
    const seen = parseInstant(standing?.clock?.firstSeen ?? "");
    return standing?.state === "exempt" || seen === undefined ? [] : [seen];
  });
  return {
    target: target.name,
    run: {
      time: now,
      commit: desired.checkout?.commit.sha ?? "",
      closure: closureOf(desired),
      counts: countsOf(judgement),
    },
    isWhole: judgement.unchecked.length === 0 && options.namespaces === undefined,
    firstSeen,
  };
}

/** A digest of everything that the target was made from. */
function closureOf(desired: JudgedTarget["desired"]): string {
  if (desired.type === "failed") return "";
  const { checkout, files, bases } = desired;
  const blobs = files.map((file) => [file, checkout.tree.get(file)?.oid ?? ""]);
  return sha256(JSON.stringify([blobs, bases.map(({ repository, commit }) => [repository, commit])]));
}

function countsOf({ desired, live }: JudgedTarget["judgement"]): readonly KindCount[] {
  const counts = new Map<string, { desired: number; live: number }>();
  const countOf = (kind: string) => {
    const known = counts.get(kind) ?? { desired: 0, live: 0 };
    counts.set(kind, known);
    return known;
  };
  for (const key of desired) countOf(formatKind(key)).desired += 1;
  for (const key of live) countOf(formatKind(key)).live += 1;
  return [...counts].map(([kind, count]) => ({ kind, ...count }));
}
