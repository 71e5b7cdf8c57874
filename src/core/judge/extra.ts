import { oneSided } from "../compare/compare-sides.ts";
import type { Finding, Unchecked } from "../model/finding.ts";
import { field, isList } from "../model/json.ts";
import {
  formatFew,
  formatKey,
  type GroupKind,
  keyId,
  type Resource,
  type ResourceKey,
} from "../model/resource.ts";
import type { DeliveredElsewhere } from "../model/scan-result.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import { deliveredBy } from "./delivered-by.ts";
import { isTerminating, terminating } from "./terminating.ts";
import type { DesiredSet } from "./side.ts";

/** Live objects in the scope of one target that no target of the cluster is known to want. */
export interface Unwanted {
  readonly extra: readonly Finding[];
  /** Those on which a deployer left its mark. */
  readonly elsewhere: readonly DeliveredElsewhere[];
  /** Those that may be extra, or wanted by a target that is not known in full; and those that are being deleted. */
  readonly unchecked: readonly Unchecked[];
}

/** Which targets want an object, by its keyId, in their order; also one that they want in a way nobody can compare. */
export type WantedBy = ReadonlyMap<string, readonly DesiredSet[]>;

function wantedBy(sets: readonly DesiredSet[]): WantedBy {
  const wanted = new Map<string, DesiredSet[]>();
  for (const set of sets) {
    const unclear = set.unchecked.flatMap(({ key }) => (key === undefined ? [] : [keyId(key)]));
    for (const id of new Set([...set.byId.keys(), ...unclear])) {
      const others = wanted.get(id);
      if (others === undefined) wanted.set(id, [set]);
      else others.push(set);
    }
  }
  return wanted;
}

/** Everybody writes to the kinds of the core group, and what has no namespace is in nobody's scope: neither is ever extra. */
export function canBeExtra(kind: GroupKind): boolean {
  return kind.group !== "" && meshKindOf(kind)?.scope === "namespaced";
}

/** Who wants what of a cluster, and who looks after what nobody wants. */
export interface Claims {
  readonly sets: readonly DesiredSet[];
  readonly wanted: WantedBy;
  /** Each namespace with the first reported target that looks after it. */
  readonly owners: ReadonlyMap<string, DesiredSet>;
}

/** What the targets of a cluster claim. */
export function claimsOf(sets: readonly DesiredSet[]): Claims {
  return { sets, wanted: wantedBy(sets), owners: ownersOfNamespaces(sets) };
}

/** The target that answers for a live object which no target wants. */
export function ownerOf(key: ResourceKey, { wanted, owners }: Claims): DesiredSet | undefined {
  return canBeExtra(key) && !wanted.has(keyId(key)) ? owners.get(key.namespace) : undefined;
}

/**
 * The unwanted objects of each target that has any. Two targets may look after one namespace: what is extra there is
 * told once, by the first that is reported. Nothing is extra while it is not known in full what the targets want.
 */
export function findUnwanted(
  objects: readonly Resource[],
  claims: Claims,
): ReadonlyMap<DesiredSet, Unwanted> {
  const found = new Map<DesiredSet, Resource[]>();
  for (const resource of objects) {
    const owner = ownerOf(resource.key, claims);
    if (owner === undefined || isControlled(resource)) continue;
    const others = found.get(owner);
    if (others === undefined) found.set(owner, [resource]);
    else others.push(resource);
  }
  const unknown = claims.sets.filter(({ complete }) => !complete).map(({ target }) => target.name);
  const own = deliveriesOf(objects.filter(({ key }) => claims.wanted.has(keyId(key))));
  return new Map([...found].map(([set, resources]) => [set, sortOut(resources, own, unknown)]));
}

/** By which deliveries the targets' own objects came: what came with them and is in no target's Git was left behind. */
function deliveriesOf(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.flatMap((resource) => deliveredBy(resource)?.id ?? []));
}

function ownersOfNamespaces(sets: readonly DesiredSet[]): ReadonlyMap<string, DesiredSet> {
  const owners = new Map<string, DesiredSet>();
  for (const set of sets) {
    for (const namespace of set.target.isReported ? set.scope : []) {
      if (!owners.has(namespace)) owners.set(namespace, set);
    }
  }
  return owners;
}

function sortOut(
  resources: readonly Resource[],
  own: ReadonlySet<string>,
  unknownTargets: readonly string[],
): Unwanted {
  const elsewhere: DeliveredElsewhere[] = [];
  const unchecked: Unchecked[] = [];
  const rest: Resource[] = [];
  for (const resource of resources) {
    const delivery = deliveredBy(resource);
    if (delivery !== undefined && !own.has(delivery.id))
      elsewhere.push({ key: resource.key, by: delivery.by });
    else if (isTerminating(resource)) unchecked.push(terminating(resource));
    else rest.push(resource);
  }
  if (unknownTargets.length === 0) {
    return { extra: rest.map((resource) => oneSided("extra", resource)), elsewhere, unchecked };
  }
  const keys = rest.map(({ key }) => key);
  if (keys.length > 0) unchecked.push(openExtra(keys, unknownTargets));
  return { extra: [], elsewhere, unchecked };
}

function openExtra(keys: readonly ResourceKey[], unknownTargets: readonly string[]): Unchecked {
  const targets = unknownTargets.length === 1 ? "target" : "targets";
  return {
    what: keys.length === 1 ? "a live object" : `${String(keys.length)} live objects`,
    code: "EXTRA_NOT_JUDGED",
    reason: `${formatFew(keys.map(formatKey))} may be extra, or wanted by ${targets} ${unknownTargets.join(", ")}, of which not everything is known`,
    hint: `Mend what is not compared of ${targets} ${unknownTargets.join(", ")}.`,
  };
}

/** Whether a controller owns the object (Kubernetes: at most one ownerReference has `controller: true`). */
function isControlled({ object }: Resource): boolean {
  const owners = field(field(object, "metadata"), "ownerReferences");
  return isList(owners) && owners.some((owner) => field(owner, "controller") === true);
}
