import type { EqualBy, Finding, Note, Unchecked } from "../model/finding.ts";
import { field, isList } from "../model/json.ts";
import { compareKeys, formatKind, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { type Comparison, compareObjects } from "../compare/compare-objects.ts";
import { compareSets, type SetsDiff } from "../compare/compare-sets.ts";
import { oneSided, type SidesOptions } from "../compare/compare-sides.ts";
import { factsFrom } from "../compare/facts.ts";
import { selectMesh } from "../compare/select.ts";
import type { DeliveredElsewhere } from "../model/scan-result.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import { deliveredBy } from "./delivered-by.ts";
import { type DesiredSet, desiredSet, type LiveSide, type TargetSide } from "./side.ts";

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

/**
 * Judges all targets of one cluster together: what one target does not want, another may (design: verdict rules 1
 * to 3). A target that could not be rendered never changes the verdict of another; it only leaves open what is extra.
 */
export function judgeCluster(
  targets: readonly TargetSide[],
  live: LiveSide,
  options: SidesOptions,
): ReadonlyMap<string, TargetJudgement> {
  const sets = targets.map((target) => desiredSet(target, options));
  const selection = selectMesh(live.resources, options);
  const wanted = targets.flatMap(({ desired }) => (desired.type === "rendered" ? desired.resources : []));
  const world: World = {
    live,
    // What the adapter could not read, and what cannot be told apart.
    unreadable: live.unchecked.filter(({ key }) => key === undefined),
    unclear: [...live.unchecked.filter(({ key }) => key !== undefined), ...selection.unchecked],
    objects: selection.mesh,
    how: {
      equality: options.equality,
      metadata: options.metadata,
      facts: factsFrom(options.mesh, { desired: wanted, live: live.resources }),
    },
    sets,
  };
  return new Map(sets.map((set) => [set.target.name, judgeTarget(set, world)]));
}

interface World {
  readonly live: LiveSide;
  readonly unreadable: readonly Unchecked[];
  readonly unclear: readonly Unchecked[];
  readonly objects: readonly Resource[];
  readonly how: Comparison;
  readonly sets: readonly DesiredSet[];
}

function judgeTarget(set: DesiredSet, world: World): TargetJudgement {
  const unclear = world.unclear.filter(({ key }) => key !== undefined && concerns(set, key));
  const conflicts = findConflicts(set, world);
  const excluded = new Set([
    ...unclear.flatMap(({ key }) => (key === undefined ? [] : [keyId(key)])),
    ...conflicts.map(({ key }) => keyId(key)),
  ]);
  const desired = set.mesh.filter(({ key }) => !excluded.has(keyId(key)));
  const wanted = new Set(desired.map(({ key }) => keyId(key)));
  const diff = compareSets(
    desired,
    world.objects.filter(({ key }) => wanted.has(keyId(key))),
    world.how,
  );
  const absent = judgeAbsent(diff, world.live);
  const beside = unwanted(set, world);
  const findings = [
    ...diff.changed.map(({ finding }) => finding),
    ...conflicts,
    ...absent.missing,
    ...beside.extra,
  ];
  const live = [...diff.inSync, ...diff.changed.map(({ finding }) => finding.key)];
  return {
    findings: findings.sort((a, b) => compareKeys(a.key, b.key)),
    notes: diff.notes,
    unchecked: [
      ...world.unreadable,
      ...set.unchecked,
      ...unclear,
      ...absent.unchecked,
      ...openExtra(set, world),
    ],
    equalBy: diff.equalBy,
    inSync: diff.inSync,
    elsewhere: beside.elsewhere,
    desired: set.mesh.map(({ key }) => key),
    live,
    notMesh: set.notMesh.length,
  };
}

/** Whether a live object is this target's business: it wants it, or looks after its namespace. */
function concerns(set: DesiredSet, key: ResourceKey): boolean {
  return set.target.scopeNamespaces.includes(key.namespace) || set.byId.has(keyId(key));
}

/** What Git has and live has not: missing where the live list of its kind is complete, else not known. */
function judgeAbsent(
  diff: SetsDiff,
  live: LiveSide,
): { readonly missing: readonly Finding[]; readonly unchecked: readonly Unchecked[] } {
  const missing: Finding[] = [];
  const unknown = new Map<string, ResourceKey[]>();
  for (const resource of diff.onlyDesired) {
    const { key } = resource;
    if (live.isComplete(key, key.namespace)) {
      missing.push(oneSided("missing", resource));
      continue;
    }
    const kind = formatKind(key);
    unknown.set(kind, [...(unknown.get(kind) ?? []), key]);
  }
  // Where a whole part of the live side could not be read, that says it all.
  if (live.unchecked.some(({ key }) => key === undefined)) return { missing, unchecked: [] };
  return { missing, unchecked: [...unknown].map(([kind, keys]) => kindNotRead(kind, keys)) };
}

function kindNotRead(kind: string, keys: readonly ResourceKey[]): Unchecked {
  const names = keys.map(({ namespace, name }) => (namespace === "" ? name : `${namespace}/${name}`));
  const shown = names.length > 3 ? [...names.slice(0, 3), `and ${String(names.length - 3)} more`] : names;
  return {
    what: kind,
    code: "KIND_NOT_READ",
    reason: `Git has ${shown.join(", ")}, and no complete list of live ${kind} objects was read`,
    hint: "Read this kind too; if the list is complete and empty, name the kind under `kinds` of the snapshot.",
  };
}

/** Objects that another target of the cluster wants differently. Whichever is live, somebody is wrong. */
function findConflicts(set: DesiredSet, world: World): readonly Finding[] {
  const others = world.sets.filter((other) => other !== set);
  return set.mesh.flatMap((mine): readonly Finding[] => {
    const table = meshKindOf(mine.key)?.table;
    for (const other of others) {
      const theirs = other.byId.get(keyId(mine.key));
      if (theirs === undefined || table === undefined) continue;
      const { changes } = compareObjects(table, mine, theirs, world.how);
      if (changes.length > 0) return [conflict(mine, other.target.name, changes)];
    }
    return [];
  });
}

function conflict({ key, provenance }: Resource, otherTarget: string, changes: Finding["changes"]): Finding {
  return { type: "conflict", key, changes, otherTarget, ...(provenance && { provenance }) };
}

/** Kinds that are never extra: everybody writes to them. */
const sharedKinds = new Set(["Namespace", "ConfigMap"]);

interface Unwanted {
  readonly extra: readonly Finding[];
  readonly elsewhere: readonly DeliveredElsewhere[];
}

/** Live objects in the target's scope that no target of the cluster wants: extra, unless a deployer left its mark. */
function unwanted(set: DesiredSet, world: World): Unwanted {
  const extra: Finding[] = [];
  const elsewhere: DeliveredElsewhere[] = [];
  if (!world.sets.every((other) => other.complete)) return { extra, elsewhere };
  for (const resource of world.objects) {
    const { key } = resource;
    if (sharedKinds.has(key.kind) || !isFirstInScope(set, world, key.namespace)) continue;
    if (world.sets.some((other) => other.byId.has(keyId(key))) || isControlled(resource)) continue;
    const by = deliveredBy(resource);
    if (by === undefined) extra.push(oneSided("extra", resource));
    else elsewhere.push({ key, by });
  }
  return { extra, elsewhere };
}

/** Two targets may look after one namespace: what is extra there is told once, by the first. */
function isFirstInScope(set: DesiredSet, world: World, namespace: string): boolean {
  return world.sets.find(({ target }) => target.scopeNamespaces.includes(namespace)) === set;
}

/** Whether a controller owns the object (Kubernetes: at most one ownerReference has `controller: true`). */
function isControlled({ object }: Resource): boolean {
  const owners = field(field(object, "metadata"), "ownerReferences");
  return isList(owners) && owners.some((owner) => field(owner, "controller") === true);
}

/** Said by the target whose render is not complete: what is extra on its cluster was not judged. */
function openExtra(set: DesiredSet, world: World): readonly Unchecked[] {
  const looksForExtra = world.sets.some(({ target }) => target.scopeNamespaces.length > 0);
  if (set.complete || !looksForExtra) return [];
  return [
    {
      what: `extra objects beside target ${set.target.name}`,
      code: "EXTRA_NOT_JUDGED",
      reason:
        "what this target wants is not known in full, so no live object of its cluster can be called extra",
      hint: "Mend what is not compared above.",
    },
  ];
}
