import type { EqualitySetting, Finding, Unchecked } from "../model/finding.ts";
import { compareKeys, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { wholeEffect } from "../mesh/effects/effects.ts";
import type { MetadataSetting } from "./compare-objects.ts";
import { type ChangedObject, compareSets, type SetsDiff } from "./compare-sets.ts";
import { factsFrom, type FactSettings, type MeshSettings } from "./facts.ts";
import { selectMesh } from "./select.ts";

/** One side, as far as it could be read. */
export interface Side {
  readonly resources: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  /** Whether everything was read: only then is what is not here missing. */
  readonly isComplete: boolean;
}

/** How two whole sides are compared. */
export interface SidesOptions {
  readonly equality: EqualitySetting;
  readonly metadata: MetadataSetting;
  readonly mesh: MeshSettings;
  /** The name of the ConfigMap with the shared mesh configuration. */
  readonly sharedMeshConfig?: string;
}

/** What facts need to know of the options. */
export function factSettings({
  mesh,
  sharedMeshConfig,
}: Pick<SidesOptions, "mesh" | "sharedMeshConfig">): FactSettings {
  return { ...mesh, ...(sharedMeshConfig !== undefined && { sharedMeshConfig }) };
}

/** What stands against each other. */
export interface SidesDiff extends Pick<SetsDiff, "notes" | "equalBy" | "inSync"> {
  /** Sorted by key; those about an object on both sides with their patch. */
  readonly findings: readonly (Pick<ChangedObject, "finding"> & Partial<ChangedObject>)[];
  readonly unchecked: readonly Unchecked[];
  /** Objects of kinds that the mesh does not read: not compared. */
  readonly notMesh: readonly ResourceKey[];
}

/**
 * Compares two sides without anything around them: what only one of them has is missing or extra, if the other was
 * read in full.
 */
export function compareSides(desired: Side, live: Side, options: SidesOptions): SidesDiff {
  const selected = {
    desired: selectMesh(desired.resources, options),
    live: selectMesh(live.resources, options),
  };
  const unchecked = [desired, live, selected.desired, selected.live].flatMap((side) => side.unchecked);
  const unclear = new Set(unchecked.flatMap(({ key }) => (key === undefined ? [] : [keyId(key)])));
  const isClear = ({ key }: Resource): boolean => !unclear.has(keyId(key));
  const diff = compareSets(selected.desired.mesh.filter(isClear), selected.live.mesh.filter(isClear), {
    equality: options.equality,
    metadata: options.metadata,
    facts: factsFrom(factSettings(options), {
      desired: desired.resources,
      live: live.resources,
      isComplete: () => live.isComplete,
    }),
  });
  const findings = [
    ...diff.changed,
    ...(live.isComplete ? diff.onlyDesired : []).map((one) => ({ finding: oneSided("missing", one) })),
    ...(desired.isComplete ? diff.onlyLive : []).map((one) => ({ finding: oneSided("extra", one) })),
  ];
  return {
    findings: findings.sort((a, b) => compareKeys(a.finding.key, b.finding.key)),
    notes: diff.notes,
    equalBy: diff.equalBy,
    inSync: diff.inSync,
    unchecked,
    notMesh: [...selected.desired.notMesh, ...selected.live.notMesh],
  };
}

/** An object that only one side has. */
export function oneSided(type: "missing" | "extra", resource: Resource): Finding {
  const { key, provenance } = resource;
  const effect = wholeEffect(type, resource);
  return { type, key, changes: [], ...(effect && { effect }), ...(provenance && { provenance }) };
}
