import type { Unchecked, UnreadKind } from "../model/finding.ts";
import {
  formatFew,
  formatKey,
  type GroupKind,
  keyId,
  type Resource,
  type ResourceKey,
} from "../model/resource.ts";
import { type Selection, type SelectOptions, selectMesh } from "../compare/select.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import type { LabelSelector } from "../model/label-selector.ts";

/** Where a target looks after everything, so that what nobody wants is extra there. */
export interface Scope {
  readonly namespaces: readonly string[];
  /** Also the live namespaces with such labels. */
  readonly selector?: LabelSelector;
}

/** The namespaces of a scope, as far as they are known. */
export interface ResolvedScope {
  readonly namespaces: readonly string[];
  /** Why nobody knows which namespaces a selector means. */
  readonly unchecked: readonly Unchecked[];
}

/** The desired side of one target, as far as it could be had. */
export interface TargetSide {
  readonly name: string;
  /** Whether it gets a verdict; the others say what they want, so that it is not called extra. */
  readonly isReported: boolean;
  /** Where objects that only live has are reported. */
  readonly scope: Scope;
  readonly desired:
    | {
        readonly type: "rendered";
        readonly resources: readonly Resource[];
        /** Parts of it that could not be read: nobody knows what they hold. */
        readonly unchecked: readonly Unchecked[];
      }
    | { readonly type: "failed"; readonly unchecked: Unchecked };
}

/** The live side of one cluster (ports/live). */
export interface LiveSide {
  readonly resources: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  readonly unread: readonly UnreadKind[];
  readonly unserved: readonly GroupKind[];
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}

/** The mesh objects of a target, or why there are none to compare. */
export interface DesiredSet extends Selection {
  readonly target: TargetSide;
  /** The namespaces that it looks after. */
  readonly scope: readonly string[];
  /** The mesh objects by keyId. */
  readonly byId: ReadonlyMap<string, Resource>;
  /** Whether everything the target wants is known: only then can something live be extra. */
  readonly complete: boolean;
}

/** How the desired side of a target is sorted. */
export interface DesiredOptions extends SelectOptions {
  /** Only these namespaces, and nothing that is cluster-scoped. Absent: everything. */
  readonly only?: readonly string[];
}

/** Sorts what a target wants. A render without any mesh object is never taken as "delete everything". */
export function desiredSet(target: TargetSide, scope: ResolvedScope, options: DesiredOptions): DesiredSet {
  const { desired } = target;
  const whole =
    desired.type === "failed" ? nothing([desired.unchecked]) : placedSet(target, desired, options);
  const { only } = options;
  const isMeant = ({ namespace }: ResourceKey): boolean => only === undefined || only.includes(namespace);
  const mesh = whole.mesh.filter(({ key }) => isMeant(key));
  return {
    target,
    scope: scope.namespaces,
    mesh,
    byId: new Map(mesh.map((resource) => [keyId(resource.key), resource])),
    unchecked: [
      ...whole.unchecked.filter(({ key }) => key === undefined || !isSure(key) || isMeant(key)),
      ...scope.unchecked,
    ],
    notMesh: whole.notMesh.filter(isMeant),
    complete: whole.unchecked.every(({ key }) => key !== undefined && isSure(key)),
  };
}

/** The mesh objects of a render that have their place in the cluster. */
function placedSet(
  target: TargetSide,
  { resources, unchecked: unread }: Extract<TargetSide["desired"], { readonly type: "rendered" }>,
  options: SelectOptions,
): Selection {
  const selection = selectMesh(resources, options);
  const mesh = selection.mesh.filter((resource) => hasPlace(resource) && !hasOpenName(resource));
  const unchecked = [
    ...unread,
    ...selection.unchecked,
    ...selection.mesh.filter(hasOpenName).map(withOpenName),
    ...selection.mesh
      .filter((resource) => !hasPlace(resource) && !hasOpenName(resource))
      .map(({ key }) => withoutNamespace(key)),
  ];
  const { notMesh } = selection;
  if (mesh.length > 0 || unchecked.length > 0) return { mesh, unchecked, notMesh };
  return { ...nothing([emptyRender(target, resources.length)]), notMesh };
}

function nothing(unchecked: readonly Unchecked[]): Selection {
  return { mesh: [], unchecked, notMesh: [] };
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

/** Whether a variable without a value stands in the name: nobody can say which live object it is. */
function hasOpenName({ key, unresolved }: Resource): boolean {
  return unresolved !== undefined && mayBecome(key);
}

function mayBecome({ namespace, name }: ResourceKey): boolean {
  return `${namespace}/${name}`.includes("${");
}

/** Whether it is clear which object a key means, also where the object itself cannot be compared. */
function isSure(key: ResourceKey): boolean {
  return !mayBecome(key) && (key.namespace !== "" || meshKindOf(key)?.scope === "cluster");
}

function withOpenName({ key, unresolved = [] }: Resource): Unchecked {
  return { what: formatKey(key), key, ...unresolvedVariables(unresolved) };
}

/** What is said of an object with variables that nobody gave a value. */
export function unresolvedVariables(names: readonly string[]): Pick<Unchecked, "code" | "reason" | "hint"> {
  const variables = formatFew(names.map((name) => `\${${name}}`));
  return {
    code: "UNRESOLVED_VARIABLE",
    reason: `${variables} ${names.length === 1 ? "has" : "have"} no value`,
    hint: "Give the values that the deployer puts in, under transform.substitute of the target.",
  };
}

function emptyRender(target: TargetSide, objects: number): Unchecked {
  return {
    what: `target ${target.name}`,
    code: "EMPTY_RENDER",
    reason:
      objects === 0
        ? "Git has nothing for it; that is not taken as everything deleted"
        : `Git has ${String(objects)} objects for it, none of a kind that the mesh reads`,
    hint: "Check the path of the target and the resources of its kustomization, or remove the target.",
  };
}
