import type { Unchecked } from "../model/finding.ts";
import { formatKey, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { type Selection, type SelectOptions, selectMesh } from "../compare/select.ts";
import { meshKindOf } from "../mesh/kinds.ts";

/** The desired side of one target, as far as it could be had. */
export interface TargetSide {
  readonly name: string;
  /** Whether it gets a verdict; the others say what they want, so that it is not called extra. */
  readonly isReported: boolean;
  /** Namespaces in which objects that only live has are reported. */
  readonly scopeNamespaces: readonly string[];
  readonly desired:
    | { readonly type: "rendered"; readonly resources: readonly Resource[] }
    | { readonly type: "failed"; readonly unchecked: Unchecked };
}

/** The live side of one cluster (ports/live). */
export interface LiveSide {
  readonly resources: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  readonly isComplete: (
    kind: { readonly group: string; readonly kind: string },
    namespace: string,
  ) => boolean;
}

/** The mesh objects of a target, or why there are none to compare. */
export interface DesiredSet extends Selection {
  readonly target: TargetSide;
  /** The mesh objects by keyId. */
  readonly byId: ReadonlyMap<string, Resource>;
  /** Whether everything the target wants is known: only then can something live be extra. */
  readonly complete: boolean;
}

/** Sorts what a target wants. A render without any mesh object is never taken as "delete everything". */
export function desiredSet(target: TargetSide, options: SelectOptions): DesiredSet {
  const { desired } = target;
  if (desired.type === "failed") {
    return incomplete(target, desired.unchecked, []);
  }
  const selection = selectMesh(desired.resources, options);
  const placed = selection.mesh.filter(hasPlace);
  const homeless = selection.mesh
    .filter((resource) => !hasPlace(resource))
    .map(({ key }) => withoutNamespace(key));
  const unchecked = [...selection.unchecked, ...homeless];
  if (placed.length === 0 && unchecked.length === 0) {
    return incomplete(target, emptyRender(target, desired.resources.length), selection.notMesh);
  }
  const byId = new Map(placed.map((resource) => [keyId(resource.key), resource]));
  const complete = unchecked.length === 0;
  return { target, mesh: placed, byId, unchecked, notMesh: selection.notMesh, complete };
}

function incomplete(target: TargetSide, why: Unchecked, notMesh: readonly ResourceKey[]): DesiredSet {
  return { target, mesh: [], byId: new Map(), unchecked: [why], notMesh, complete: false };
}

function hasPlace({ key }: Resource): boolean {
  return key.namespace !== "" || meshKindOf(key)?.scope === "cluster";
}

function withoutNamespace(key: ResourceKey): Unchecked {
  return {
    what: formatKey(key),
    key,
    code: "NO_NAMESPACE",
    reason: "it has no namespace, so nobody can say which live object it is",
    hint: "Set metadata.namespace, or `namespace:` in the overlay's kustomization.",
  };
}

function emptyRender(target: TargetSide, objects: number): Unchecked {
  return {
    what: `target ${target.name}`,
    code: "EMPTY_RENDER",
    reason:
      objects === 0
        ? "the overlay renders to nothing; that is not taken as everything deleted"
        : `the overlay renders ${String(objects)} objects, none of a kind that the mesh reads`,
    hint: "Check the resources of the overlay's kustomization, or remove the target.",
  };
}
