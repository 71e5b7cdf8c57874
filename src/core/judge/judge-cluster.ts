import { variablesIn } from "../manifest/substitute.ts";
import type { EqualBy, Finding, Note, Unchecked } from "../model/finding.ts";
import { compareKeys, formatKey, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { type Comparison, compareObjects } from "../compare/compare-objects.ts";
import { compareSets } from "../compare/compare-sets.ts";
import type { SidesOptions } from "../compare/compare-sides.ts";
import { factsFrom } from "../compare/facts.ts";
import { selectMesh } from "../compare/select.ts";
import type { Json } from "../model/json.ts";
import type { DeliveredElsewhere } from "../model/scan-result.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import { judgeAbsent, judgeUnread } from "./absent.ts";
import { canBeExtra, findUnwanted, type Unwanted, wantedBy, type WantedBy } from "./extra.ts";
import { resolveScope } from "./scope.ts";
import { isTerminating, terminating } from "./terminating.ts";
import { type DesiredSet, desiredSet, type LiveSide, type TargetSide, unresolvedVariables } from "./side.ts";

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
}

/** How the targets of one cluster are judged. */
export interface JudgeOptions extends SidesOptions {
  /** Only what stands in these namespaces is judged, and nothing that is cluster-scoped. Absent: everything. */
  readonly only?: readonly string[];
}

/**
 * Judges all targets of one cluster together: what one target does not want, another may. A
 * target that could not be rendered never changes the verdict of another, but where nobody can say whether
 * that target wants what is live. Those that are not reported only say what they want.
 */
export function judgeCluster(
  targets: readonly TargetSide[],
  live: LiveSide,
  options: JudgeOptions,
): ReadonlyMap<string, TargetJudgement> {
  const sets = targets.map((target) =>
    desiredSet(target, resolveScope(target.scope, live, options.only), options),
  );
  const selection = selectMesh(live.resources, options);
  const wanted = wantedBy(sets);
  const rendered = targets.flatMap(({ desired }) => (desired.type === "rendered" ? desired.resources : []));
  const world: World = {
    live,
    // What the adapter could not read, and what cannot be told apart.
    unreadable: live.unchecked.filter(({ key }) => key === undefined),
    unclear: [
      ...live.unchecked.filter(({ key }) => key !== undefined),
      ...selection.unchecked,
      ...selection.mesh.filter(isTerminating).map(terminating),
    ],
    liveById: new Map(selection.mesh.map((resource) => [keyId(resource.key), resource])),
    how: {
      equality: options.equality,
      metadata: options.metadata,
      facts: factsFrom(options.mesh, { desired: rendered, live: live.resources }),
    },
    sets,
    wanted,
    unwanted: findUnwanted(sets, selection.mesh, wanted),
  };
  const reported = sets.filter(({ target }) => target.isReported);
  return new Map(reported.map((set) => [set.target.name, judgeTarget(set, world)]));
}

interface World {
  readonly live: LiveSide;
  readonly unreadable: readonly Unchecked[];
  readonly unclear: readonly Unchecked[];
  /** The live mesh objects by keyId. */
  readonly liveById: ReadonlyMap<string, Resource>;
  readonly how: Comparison;
  readonly sets: readonly DesiredSet[];
  readonly wanted: WantedBy;
  readonly unwanted: ReadonlyMap<DesiredSet, Unwanted>;
}

function judgeTarget(set: DesiredSet, world: World): TargetJudgement {
  const unclear = world.unclear.filter(({ key }) => key !== undefined && concerns(set, key));
  const conflicts = findConflicts(set, world);
  const excluded = new Set([
    ...unclear.flatMap(({ key }) => (key === undefined ? [] : [keyId(key)])),
    ...conflicts.map(({ key }) => keyId(key)),
  ]);
  const compared = [...set.byId].filter(([id]) => !excluded.has(id));
  const diff = compareSets(
    compared.map(([, resource]) => resource),
    compared.flatMap(([id]) => world.liveById.get(id) ?? []),
    world.how,
  );
  const changed: Finding[] = [];
  const open: Unchecked[] = [];
  for (const { finding } of diff.changed) {
    const why = openBy(finding, set);
    if (why === undefined) changed.push(finding);
    else open.push(why);
  }
  const absent = judgeAbsent(diff.onlyDesired, world.live);
  const unwanted = world.unwanted.get(set);
  const findings = [...changed, ...conflicts, ...absent.missing, ...(unwanted?.extra ?? [])];
  const live = [...diff.inSync, ...diff.changed.map(({ finding }) => finding.key)];
  return {
    findings: findings.sort((a, b) => compareKeys(a.key, b.key)),
    notes: diff.notes,
    unchecked: [
      ...world.unreadable,
      ...judgeUnread(set, world.live, canBeExtra),
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
    live,
    notMesh: set.notMesh.length,
  };
}

/** Why a difference may be none: where Git has a variable, live has its value. Undefined where there is no variable. */
function openBy({ key, changes }: Finding, set: DesiredSet): Unchecked | undefined {
  const names = set.byId.get(keyId(key))?.unresolved ?? [];
  const open = names.filter((name) =>
    changes.some(({ path, desired }) => holds([path, desired?.value], name)),
  );
  return open.length === 0 ? undefined : { what: formatKey(key), key, ...unresolvedVariables(open) };
}

function holds(values: readonly (Json | undefined)[], name: string): boolean {
  return values.some((value) => value !== undefined && variablesIn(value).includes(name));
}

/** Whether a live object is this target's business: it wants it, or looks after its namespace. */
function concerns(set: DesiredSet, key: ResourceKey): boolean {
  return set.scope.includes(key.namespace) || set.byId.has(keyId(key));
}

/** Objects that another target of the cluster wants differently. Whichever is live, somebody is wrong. */
function findConflicts(set: DesiredSet, world: World): readonly Finding[] {
  return [...set.byId].flatMap(([id, mine]): readonly Finding[] => {
    const table = meshKindOf(mine.key)?.table;
    for (const other of world.wanted.get(id) ?? []) {
      const theirs = other.byId.get(id);
      if (other === set || theirs === undefined || table === undefined) continue;
      // Two variables may become the same.
      if (mine.unresolved !== undefined || theirs.unresolved !== undefined) continue;
      const { changes } = compareObjects(table, mine, theirs, world.how);
      if (changes.length > 0) return [conflict(mine, other.target.name, changes)];
    }
    return [];
  });
}

function conflict({ key, provenance }: Resource, otherTarget: string, changes: Finding["changes"]): Finding {
  return { type: "conflict", key, changes, otherTarget, ...(provenance && { provenance }) };
}
