import { oneSided } from "../compare/compare-sides.ts";
import type { Finding, Unchecked } from "../model/finding.ts";
import { field, isList } from "../model/json.ts";
import { keyId, type Resource } from "../model/resource.ts";
import type { DeliveredElsewhere } from "../model/scan-result.ts";
import { deliveredBy } from "./delivered-by.ts";
import type { DesiredSet } from "./side.ts";

/** Live objects in the scope of one target that no target of the cluster wants. */
export interface Unwanted {
  readonly extra: readonly Finding[];
  /** Those on which a deployer left its mark. */
  readonly elsewhere: readonly DeliveredElsewhere[];
}

/** Which targets want an object, by its keyId, in their order. */
export type WantedBy = ReadonlyMap<string, readonly DesiredSet[]>;

/** Who wants what. */
export function wantedBy(sets: readonly DesiredSet[]): WantedBy {
  const wanted = new Map<string, DesiredSet[]>();
  for (const set of sets) {
    for (const id of set.byId.keys()) {
      const others = wanted.get(id);
      if (others === undefined) wanted.set(id, [set]);
      else others.push(set);
    }
  }
  return wanted;
}

/** Kinds that are never extra: everybody writes to them. */
const sharedKinds = new Set(["Namespace", "ConfigMap"]);

/**
 * The unwanted objects of each target that has any. Two targets may look after one namespace: what is extra there is
 * told once, by the first. Nothing is extra while it is not known in full what the targets want.
 */
export function findUnwanted(
  sets: readonly DesiredSet[],
  objects: readonly Resource[],
  wanted: WantedBy,
): ReadonlyMap<DesiredSet, Unwanted> {
  const found = new Map<DesiredSet, { extra: Finding[]; elsewhere: DeliveredElsewhere[] }>();
  if (!sets.every(({ complete }) => complete)) return found;
  const owners = ownersOfNamespaces(sets);
  for (const resource of objects) {
    const { key } = resource;
    const owner = owners.get(key.namespace);
    if (owner === undefined || sharedKinds.has(key.kind)) continue;
    if (wanted.has(keyId(key)) || isControlled(resource)) continue;
    const unwanted = found.get(owner) ?? { extra: [], elsewhere: [] };
    found.set(owner, unwanted);
    const by = deliveredBy(resource);
    if (by === undefined) unwanted.extra.push(oneSided("extra", resource));
    else unwanted.elsewhere.push({ key, by });
  }
  return found;
}

/** Each namespace with the first target that looks after it. */
function ownersOfNamespaces(sets: readonly DesiredSet[]): ReadonlyMap<string, DesiredSet> {
  const owners = new Map<string, DesiredSet>();
  for (const set of sets) {
    for (const namespace of set.target.scopeNamespaces) {
      if (!owners.has(namespace)) owners.set(namespace, set);
    }
  }
  return owners;
}

/** Whether a controller owns the object (Kubernetes: at most one ownerReference has `controller: true`). */
function isControlled({ object }: Resource): boolean {
  const owners = field(field(object, "metadata"), "ownerReferences");
  return isList(owners) && owners.some((owner) => field(owner, "controller") === true);
}

/** Said by the target whose render is not complete: what is extra on its cluster was not judged. */
export function openExtra(set: DesiredSet, sets: readonly DesiredSet[]): readonly Unchecked[] {
  const looksForExtra = sets.some(({ target }) => target.scopeNamespaces.length > 0);
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
