import type { Change, EqualBy, Finding, Note, Unchecked } from "../model/finding.ts";
import {
  compareKeys,
  formatKind,
  type GroupKind,
  isSameKind,
  keyId,
  type Resource,
  type ResourceKey,
} from "../model/resource.ts";
import { type Comparison, compareObjects } from "../compare/compare-objects.ts";
import { type ChangedObject, compareSets } from "../compare/compare-sets.ts";
import { factSettings, type SidesOptions } from "../compare/compare-sides.ts";
import { factsFrom } from "../compare/facts.ts";
import { selectMesh } from "../compare/select.ts";
import { sameJson } from "../model/json.ts";
import type { DeliveredElsewhere } from "../model/scan-result.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import { findWhyUnread, judgeAbsent, judgeUnread, type WhyUnread } from "./absent.ts";
import { type Claims, claimsOf, findUnwanted, ownerOf, type Unwanted } from "./extra.ts";
import { type Split, splitOpen } from "./open-changes.ts";
import { withoutPlaceless } from "./placeless.ts";
import { resolveScope } from "./scope.ts";
import { findDangling, type ReferenceInput } from "./references.ts";
import { kinds } from "./references/world.ts";
import { withRenames } from "./renames.ts";
import { type DesiredSet, desiredSet, type LiveSide, type TargetSide } from "./side.ts";
import { isTerminating, terminating } from "./terminating.ts";

/** What came out for one target. */
export interface TargetJudgement {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly unchecked: readonly Unchecked[];
  readonly equalBy: readonly EqualBy[];
  readonly inSync: readonly ResourceKey[];
  readonly elsewhere: readonly DeliveredElsewhere[];
  /** The mesh objects the target wants. */
  readonly desired: readonly ResourceKey[];
  /** Those of them that live has. */
  readonly live: readonly ResourceKey[];
  readonly notMesh: number;
  /** Where it wants or looks after something, among those that were asked for. */
  readonly namespaces: readonly string[];
  /** Whether everything the target wants is known. */
  readonly isWhole: boolean;
  /** One object of it on either side. */
  readonly desiredOf: (key: ResourceKey) => Resource | undefined;
  readonly liveOf: (key: ResourceKey) => Resource | undefined;
  /** How two objects of one key differ, as those of the target were compared. */
  readonly differences: (desired: Resource, live: Resource) => readonly Change[];
  /** Namespaces in which everything is told that nobody wants. */
  readonly swept: readonly string[];
  /** Whether it is sure that live has no such object, and that no target of the cluster wants it. */
  readonly isAbsent: (key: ResourceKey) => boolean;
}

/** What selectors select, beside WorkloadEntries. */
export interface Workloads {
  readonly pods: readonly Resource[];
  /** Whether these are all Pods of a namespace, or of the cluster. */
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}

/** How the targets of one cluster are judged. */
export interface JudgeOptions extends SidesOptions {
  /** Only what stands in these namespaces is judged, and nothing that is cluster-scoped. Absent: everything. */
  readonly only?: readonly string[];
  /** Pods, as far as they could be read, for selectors that select nothing any more. Absent: nobody looked. */
  readonly workloads?: Workloads;
  /** The annotation with which people document an edit, which is itself no difference. Absent: mesh-drift/* only. */
  readonly breakGlass?: string;
}

/**
 * Judges all targets of one cluster together: what one target does not want, another may. A
 * target that could not be rendered never changes the verdict of another, but where nobody can say whether
 * that target wants what is live. Those that are not reported only say what they want.
 */
export function judgeCluster(
  targets: readonly TargetSide[],
  read: LiveSide,
  options: JudgeOptions,
): ReadonlyMap<string, TargetJudgement> {
  const live = withoutPlaceless(read);
  const sets = targets.map((target) =>
    desiredSet(target, resolveScope(target.scope, live, options.only), options),
  );
  const claims = claimsOf(sets);
  const selection = selectMesh(live.resources, { ...options, others: claims.wanted });
  const rendered = targets.flatMap(({ desired }) => (desired.type === "rendered" ? desired.resources : []));
  const unclear = [...live.unchecked, ...selection.unchecked].filter(({ key }) => key !== undefined);
  const unclearKinds = new Set(unclear.flatMap(({ key }) => (key === undefined ? [] : [formatKind(key)])));
  const isComplete = (kind: GroupKind, namespace?: string): boolean =>
    live.isComplete(kind, namespace) && !unclearKinds.has(formatKind(kind));
  const world: World = {
    live,
    unreadable: live.unchecked.filter(({ key }) => key === undefined),
    unclear,
    liveById: new Map(selection.mesh.map((resource) => [keyId(resource.key), resource])),
    how: {
      equality: options.equality,
      metadata: options.metadata,
      ...(options.breakGlass !== undefined && { breakGlass: options.breakGlass }),
      facts: factsFrom(factSettings(options), {
        desired: rendered,
        live: live.resources,
        isComplete,
      }),
    },
    claims,
    unwanted: findUnwanted(selection.mesh, claims),
    why: findWhyUnread(live.unread),
    only: options.only,
  };
  const reported = sets.filter(({ target }) => target.isReported);
  const judgements = new Map(reported.map((set) => [set.target.name, judgeTarget(set, world)]));
  return withDangling(judgements, {
    domain: options.mesh.domain ?? "cluster.local",
    rootNamespace: options.mesh.rootNamespace ?? "istio-system",
    ...withPods(selection.mesh, isComplete, options.workloads),
    desired: new Map(sets.flatMap(({ byId }) => [...byId])),
  });
}

function withPods(
  mesh: readonly Resource[],
  isComplete: ReferenceInput["isComplete"],
  workloads: Workloads | undefined,
): Pick<ReferenceInput, "resources" | "isComplete"> {
  if (workloads === undefined) return { resources: mesh, isComplete };
  return {
    resources: [...mesh, ...workloads.pods],
    isComplete: (kind, namespace) =>
      (isSameKind(kind, kinds.pod) ? workloads : { isComplete }).isComplete(kind, namespace),
  };
}

/** The judgements with the references that the drift of one of them broke, each with the target whose drift it was. */
function withDangling(
  judgements: ReadonlyMap<string, TargetJudgement>,
  input: ReferenceInput,
): ReadonlyMap<string, TargetJudgement> {
  const all = [...judgements.values()].flatMap(({ findings }) => findings);
  const left = new Set(findDangling(all, input));
  if (left.size === 0) return judgements;
  return new Map(
    [...judgements].map(([name, judgement]) => {
      const ids = new Set(judgement.findings.map(({ key }) => keyId(key)));
      const own = [...left].filter(
        ({ dangling }) => dangling !== undefined && ids.has(keyId(dangling.brokenBy)),
      );
      for (const finding of own) left.delete(finding);
      return [name, { ...judgement, findings: [...judgement.findings, ...own] }];
    }),
  );
}

interface World {
  readonly live: LiveSide;
  /** What the adapter could not read, and nobody can name. */
  readonly unreadable: readonly Unchecked[];
  /** What is live, and cannot be compared or told apart. */
  readonly unclear: readonly Unchecked[];
  /** The live mesh objects by keyId. */
  readonly liveById: ReadonlyMap<string, Resource>;
  readonly how: Comparison;
  readonly claims: Claims;
  readonly unwanted: ReadonlyMap<DesiredSet, Unwanted>;
  readonly why: WhyUnread;
  readonly only: JudgeOptions["only"];
}

function judgeTarget(set: DesiredSet, world: World): TargetJudgement {
  const unclear = unclearFor(set, world);
  const conflicts = findConflicts(set, world);
  const excluded = new Set([...unclear, ...conflicts].flatMap(({ key }) => (key ? [keyId(key)] : [])));
  const compared = [...set.byId].filter(([id]) => !excluded.has(id));
  const diff = compareSets(
    compared.map(([, resource]) => resource),
    compared.flatMap(([id]) => world.liveById.get(id) ?? []),
    world.how,
  );
  const { changed, open } = splitChanges(diff.changed, set);
  const absent = judgeAbsent(diff.onlyDesired, world.live, world.why);
  const unwanted = world.unwanted.get(set);
  const oneSided = [...absent.missing, ...(unwanted?.extra ?? [])];
  const { equality, facts } = world.how;
  const renamed = withRenames(oneSided, { desired: set.byId, live: world.liveById, facts, equality });
  const findings = [...changed, ...conflicts, ...renamed];
  return {
    findings: findings.sort((a, b) => compareKeys(a.key, b.key)),
    notes: diff.notes,
    unchecked: [
      ...world.unreadable,
      ...judgeUnread(set, world.live, world.why),
      ...set.unchecked,
      ...unclear,
      ...absent.unchecked,
      ...open,
      ...(unwanted?.unchecked ?? []),
    ],
    equalBy: diff.equalBy,
    inSync: diff.inSync,
    elsewhere: unwanted?.elsewhere ?? [],
    desired: set.mesh.map(({ key }) => key),
    live: [...set.byId].filter(([id]) => world.liveById.has(id)).map(([, { key }]) => key),
    notMesh: set.notMesh.length,
    namespaces: namespacesOf(set),
    isWhole: set.complete,
    desiredOf: (key) => set.byId.get(keyId(key)),
    liveOf: (key) => world.liveById.get(keyId(key)),
    differences: (desired, live) => differences(desired, live, world),
    swept: areAllKnown(world) ? set.scope : [],
    isAbsent: (key) => isAbsent(key, world),
  };
}

function differences(desired: Resource, live: Resource, { how }: World): readonly Change[] {
  const table = meshKindOf(desired.key)?.table;
  return table === undefined ? [] : compareObjects(table, desired, live, how).changes;
}

/** Whether all is known of both sides, so that nothing unwanted can be hidden. */
function areAllKnown({ live, unclear, claims }: World): boolean {
  return (
    live.unread.length + live.unchecked.length + unclear.length === 0 &&
    claims.sets.every(({ complete }) => complete)
  );
}

function isAbsent(key: ResourceKey, { live, liveById, claims, unclear, only }: World): boolean {
  const id = keyId(key);
  return (
    (only === undefined || only.includes(key.namespace)) &&
    live.isComplete(key, key.namespace) &&
    !liveById.has(id) &&
    !claims.wanted.has(id) &&
    claims.sets.every(({ complete }) => complete) &&
    !unclear.some((one) => one.key !== undefined && keyId(one.key) === id)
  );
}

/** What is live but cannot be compared, and is this target's business: it wants it, or answers for it. */
function unclearFor(set: DesiredSet, { unclear, claims, liveById }: World): readonly Unchecked[] {
  const concerning = unclear.filter(
    ({ key }) => key !== undefined && (set.byId.has(keyId(key)) || ownerOf(key, claims) === set),
  );
  const ending = [...set.byId.keys()].flatMap((id) => liveById.get(id) ?? []).filter(isTerminating);
  return [...concerning, ...ending.map(terminating)];
}

function splitChanges(
  diff: readonly Pick<ChangedObject, "finding">[],
  set: DesiredSet,
): { readonly changed: readonly Finding[]; readonly open: readonly Unchecked[] } {
  const changed: Finding[] = [];
  const open: Unchecked[] = [];
  for (const { finding } of diff) {
    const desired = set.byId.get(keyId(finding.key));
    const split: Split = desired?.unresolved === undefined ? { finding } : splitOpen(finding, desired);
    if (split.finding !== undefined) changed.push(split.finding);
    if (split.open !== undefined) open.push(split.open);
  }
  return { changed, open };
}

function namespacesOf({ scope, mesh, unchecked }: DesiredSet): readonly string[] {
  const keys = [...mesh.map(({ key }) => key), ...unchecked.flatMap(({ key }) => key ?? [])];
  return [...new Set([...scope, ...keys.map(({ namespace }) => namespace)])];
}

/** Objects that another target of the cluster wants differently. Whichever is live, somebody is wrong. */
function findConflicts(set: DesiredSet, world: World): readonly Finding[] {
  return [...set.byId].flatMap(([id, mine]): readonly Finding[] => {
    for (const other of world.claims.wanted.get(id) ?? []) {
      const theirs = other.byId.get(id);
      if (other === set || theirs === undefined) continue;
      const changes = contradictions(mine, theirs, world);
      if (changes.length > 0) return [conflict(mine, other.target.name, changes)];
    }
    return [];
  });
}

function contradictions(mine: Resource, theirs: Resource, world: World): Finding["changes"] {
  const table = meshKindOf(mine.key)?.table;
  // Two variables may become the same.
  const isOpen = mine.unresolved !== undefined || theirs.unresolved !== undefined;
  if (table === undefined || isOpen || sameJson(mine.object, theirs.object)) return [];
  return compareObjects(table, mine, theirs, world.how).changes;
}

function conflict({ key, provenance }: Resource, otherTarget: string, changes: Finding["changes"]): Finding {
  return { type: "conflict", key, changes, otherTarget, ...(provenance && { provenance }) };
}
