import type { Finding } from "../model/finding.ts";
import { formatInstant, parseInstant } from "../model/instant.ts";
import { keyId, keyOfId, type ResourceKey } from "../model/resource.ts";
import type { Resolved } from "../model/resolved.ts";
import type { Standing } from "../model/standing.ts";
import {
  type ClusterState,
  emptyState,
  type ObjectState,
  type PathClock,
  type State,
} from "../model/state.ts";
import { advancePaths, type Moment, type SeenPath, standingOf } from "./clock.ts";
import { clockPath } from "./clock-path.ts";
import { lastRunAfter } from "./effective-now.ts";
import { type Counted, findTransient } from "./transient.ts";
import type { TransientEdit } from "../model/transient-edit.ts";
import { advanceUnknowns, type Unknown, type UnknownStanding } from "./unknowns.ts";

/** One difference that a run found. */
export interface Difference extends Pick<Finding, "type"> {
  readonly key: ResourceKey;
  /** Of the change; "" for an object that is missing, extra or deleted. */
  readonly path: string;
  /**
   * Since when it may have been there by what others say (ISO 8601): when its writer claims to have written the live value,
   * or, where that is later, when Git came to want another. Believed only where it makes the difference older.
   */
  readonly claim?: string | undefined;
  /** A keyed fingerprint of what it says. */
  readonly fingerprint: string;
}

/** What a run saw of one cluster. What it does not speak of was not looked at, and stays as it was. */
export interface ClusterObservation {
  readonly cluster: string;
  readonly differences: readonly Difference[];
  /** Differences that the operator's rules hide: they are there, but nobody wants to hear of them. Absent: none. */
  readonly ignored?: readonly Difference[];
  /** Objects of which every difference is told: in sync, changed, missing or extra, and nothing of them unchecked. */
  readonly judged: readonly Counted[];
  readonly unchecked: readonly Unknown[];
  /** Namespaces in which everything extra is told. */
  readonly swept: readonly string[];
  /** Targets that were looked at in full, whatever came out: not only in some namespaces. */
  readonly targets: readonly string[];
  /** Whether it is sure that neither Git nor live has an object: asked of those that are not named above. */
  readonly isAbsent: (key: ResourceKey) => boolean;
}

/** What comes out of a run. */
export interface Advance {
  /** For the next run. Its revision is the next one. */
  readonly state: State;
  /** Where a difference of this run stands; undefined where it told of none at that path. */
  readonly standingOf: (cluster: string, key: ResourceKey, path: string) => Standing | undefined;
  readonly unknowns: readonly UnknownStanding[];
  readonly resolved: readonly Resolved[];
  readonly transient: readonly TransientEdit[];
}

/** Advances all clocks by what a run saw. */
export function advanceClocks(
  state: State,
  observations: readonly ClusterObservation[],
  moment: Moment,
): Advance {
  const seen = new Map(observations.map((one) => [one.cluster, one]));
  const known = new Map(state.clusters.map((cluster) => [cluster.name, cluster]));
  const advanced = observations.map((one) => advanceCluster(known.get(one.cluster), one, moment));
  const standings = new Map(advanced.flatMap((one) => [...one.standings]));
  const others = state.clusters.filter(({ name }) => !seen.has(name));
  return {
    state: {
      ...emptyState,
      ...state,
      revision: state.revision + 1,
      lastRun: lastRunAfter(state.lastRun, moment),
      clusters: [...others, ...advanced.map(({ cluster }) => cluster)],
    },
    standingOf: (cluster, key, path) => standings.get(placeId(cluster, keyId(key), clockPath(path))),
    unknowns: advanced.flatMap(({ unknowns }) => unknowns),
    resolved: advanced.flatMap(({ resolved }) => resolved),
    transient: advanced.flatMap(({ transient }) => transient),
  };
}

function placeId(cluster: string, id: string, path: string): string {
  return `${cluster}\n${id}\n${path}`;
}

/** What a run adds to, while it goes through the objects of a cluster. */
interface ClusterAdvance {
  readonly name: string;
  readonly moment: Moment;
  /** When everything extra in a namespace was last told. */
  readonly swept: ReadonlyMap<string, number>;
  readonly standings: Map<string, Standing>;
  readonly resolved: Resolved[];
  readonly transient: TransientEdit[];
}

/** A cluster after a run, and what came out. */
interface AdvancedCluster extends Pick<ClusterAdvance, "standings" | "resolved" | "transient"> {
  readonly cluster: ClusterState;
  readonly unknowns: readonly UnknownStanding[];
}

function advanceCluster(
  before: ClusterState | undefined,
  observation: ClusterObservation,
  moment: Moment,
): AdvancedCluster {
  const { cluster: name, unchecked, targets } = observation;
  const swept = new Map(before?.swept.map(({ namespace, time }) => [namespace, time]));
  const into: ClusterAdvance = { name, moment, swept, standings: new Map(), resolved: [], transient: [] };
  const sights = sightsOf(observation);
  const known = (before?.objects ?? []).flatMap((object) => {
    const sight = sights.get(object.id) ?? unnamed(object, observation);
    sights.delete(object.id);
    if (sight !== undefined) return advanceObject(object, sight, into);
    return isOfUse(object, moment) ? object : [];
  });
  const others = [...sights].map(([id, sight]) => advanceObject({ id }, sight, into));
  for (const namespace of observation.swept) swept.set(namespace, moment.seenAt);
  const { unknowns, standings } = advanceUnknowns(before?.unknowns ?? [], unchecked, targets, moment);
  const cluster = {
    name,
    objects: [...known, ...others].filter(isKnown),
    swept: [...swept].map(([namespace, time]) => ({ namespace, time })),
    unknowns,
  };
  return { ...into, cluster, unknowns: standings };
}

/** Of an object that could not be compared, and was never before, nothing is known. */
function isKnown({ judged, clocks }: ObjectState): boolean {
  return judged !== undefined || clocks !== undefined;
}

/** What a run saw of one object. */
interface Sight {
  readonly differences: Difference[];
  readonly ignored: Difference[];
  /** Absent where not everything of it is told. */
  judged?: Counted | undefined;
}

function sightsOf({ differences, ignored = [], judged, unchecked }: ClusterObservation): Map<string, Sight> {
  const sights = new Map<string, Sight>();
  const sightOf = (key: ResourceKey): Sight => {
    const id = keyId(key);
    const sight = sights.get(id) ?? { differences: [], ignored: [] };
    sights.set(id, sight);
    return sight;
  };
  for (const counted of judged) sightOf(counted.key).judged = counted;
  for (const { key } of unchecked) if (key !== undefined) sightOf(key).judged = undefined;
  for (const difference of differences) sightOf(difference.key).differences.push(difference);
  for (const difference of ignored) sightOf(difference.key).ignored.push(difference);
  return sights;
}

/** An object that a run does not name: either neither side has it any more, or nobody looked. */
function unnamed({ id, clocks }: ObjectState, { isAbsent }: ClusterObservation): Sight | undefined {
  if (clocks === undefined) return undefined;
  const key = keyOfId(id);
  return isAbsent(key) ? { differences: [], ignored: [], judged: { key } } : undefined;
}

/** When an object was last clean is of use for as long: without it a claim reaches further back, and never less far. */
const cleanForMs = 30 * 24 * 3_600_000;

function isOfUse({ judged, clocks }: ObjectState, { now }: Moment): boolean {
  return clocks !== undefined || (judged !== undefined && now - judged <= cleanForMs);
}

function advanceObject(before: ObjectState, sight: Sight, into: ClusterAdvance): ObjectState {
  const { judged } = sight;
  const { moment } = into;
  const transient = judged && findTransient(before, judged, moment);
  if (transient?.edit !== undefined) into.transient.push({ cluster: into.name, ...transient.edit });
  const clocks = advanceDifferences(before, sight, into);
  const time = judged === undefined ? before.judged : moment.seenAt;
  const seen = transient === undefined ? before.seen : transient.seen;
  return {
    id: before.id,
    ...(time !== undefined && { judged: time }),
    ...(seen && { seen }),
    ...(clocks.length > 0 && { clocks }),
  };
}

function advanceDifferences(
  before: ObjectState,
  { differences, ignored, judged }: Sight,
  into: ClusterAdvance,
): readonly PathClock[] {
  // Most objects have none, and never had.
  if (differences.length === 0 && before.clocks === undefined) return [];
  const { moment, name } = into;
  const { id } = before;
  // A clock that a difference has goes on while a rule hides it, and none begins.
  const known = new Set((before.clocks ?? []).map(({ path }) => path));
  const hidden = ignored.filter(({ path }) => known.has(clockPath(path)));
  const present = [...differences, ...hidden].map((difference) => seenPath(difference, before, into));
  const paths = advancePaths(before.clocks ?? [], { present, isJudged: judged !== undefined }, moment);
  for (const [path, clock] of paths.running) {
    into.standings.set(placeId(name, id, path), standingOf(clock, moment.now, paths.fresh.has(path)));
  }
  into.resolved.push(...paths.resolved.map((clock) => asResolved(clock, id, into)));
  return paths.clocks;
}

function seenPath(
  { type, key, path, claim, fingerprint }: Difference,
  { judged }: ObjectState,
  { swept }: ClusterAdvance,
): SeenPath {
  const sweptAt = type === "extra" ? swept.get(key.namespace) : undefined;
  const clean = [judged, sweptAt].filter((time) => time !== undefined);
  return {
    path: clockPath(path),
    claim: claim === undefined ? undefined : parseInstant(claim),
    lastClean: clean.length === 0 ? undefined : Math.max(...clean),
    fingerprint,
  };
}

function asResolved(clock: PathClock, id: string, { name, moment }: ClusterAdvance): Resolved {
  const { path, since } = clock;
  return {
    cluster: name,
    key: keyOfId(id),
    path,
    since: formatInstant(since),
    lastedMs: Math.max(0, moment.seenAt - since),
  };
}
