import type { Unchecked } from "../model/finding.ts";
import { field, sameJson, textField } from "../model/json.ts";
import { formatKey, formatKind, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { isMeshGroup, meshKindOf } from "../mesh/kinds.ts";

/** What the mesh reads among a set of objects. */
export interface Selection {
  /** One of each key, in the order given. */
  readonly mesh: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  /** Objects of kinds that the mesh does not read: not compared, and not missed. */
  readonly notMesh: readonly ResourceKey[];
}

/** What tells the mesh's objects from others. */
export interface SelectOptions {
  /** A name beside `istio` and `istio-<revision>` under which a cluster keeps mesh configuration. */
  readonly sharedMeshConfig?: string;
  /** By keyId, what the other side has: a ConfigMap that is mesh configuration there is it here too, whatever it holds. */
  readonly others?: Pick<ReadonlyMap<string, unknown>, "has">;
}

/**
 * Sorts one side's objects. An object that stands twice with different contents is unchecked, because nobody knows
 * which one counts.
 */
export function selectMesh(resources: readonly Resource[], options: SelectOptions = {}): Selection {
  const mesh = new Map<string, Resource>();
  const unchecked = new Map<string, Unchecked>();
  const notMesh: ResourceKey[] = [];
  for (const given of resources) {
    const resource = withScope(given);
    const id = keyId(resource.key);
    if (meshKindOf(resource.key) === undefined) {
      if (isMeshGroup(resource.key.group)) unchecked.set(id, unknownKind(resource.key));
      else notMesh.push(resource.key);
    } else if (!isMeshConfig(resource, options)) {
      notMesh.push(resource.key);
    } else {
      const first = mesh.get(id);
      if (first === undefined) mesh.set(id, resource);
      else if (!sameJson(first.object, resource.object)) unchecked.set(id, duplicate(first, resource));
    }
  }
  for (const id of unchecked.keys()) mesh.delete(id);
  return { mesh: [...mesh.values()], unchecked: [...unchecked.values()], notMesh };
}

/** Cluster-scoped objects have no namespace, whatever a manifest says. */
function withScope(resource: Resource): Resource {
  const { key } = resource;
  if (key.namespace === "" || meshKindOf(key)?.scope !== "cluster") return resource;
  return { ...resource, key: { ...key, namespace: "" } };
}

/** Whether an object may be the mesh's, by its key alone: of ConfigMaps only those that are called like mesh configuration. */
export function mayBeMesh(key: ResourceKey, options: SelectOptions): boolean {
  if (meshKindOf(key) === undefined) return isMeshGroup(key.group);
  return key.kind !== "ConfigMap" || isMeshConfigName(key.name, options) || mayHoldRevision(key.name);
}

/** Of ConfigMaps only those that hold mesh configuration are the mesh's; of other kinds all. */
function isMeshConfig({ key, object }: Resource, options: SelectOptions): boolean {
  if (key.kind !== "ConfigMap" || isMeshConfigName(key.name, options)) return true;
  const data = field(object, "data");
  const holdsConfig = textField(data, "mesh") !== "" || textField(data, "meshNetworks") !== "";
  return mayHoldRevision(key.name) && (holdsConfig || options.others?.has(keyId(key)) === true);
}

function isMeshConfigName(name: string, { sharedMeshConfig }: SelectOptions): boolean {
  return name === "istio" || name === sharedMeshConfig;
}

/** `istio-<revision>`; Istio has others of such names, so only what they hold tells. */
function mayHoldRevision(name: string): boolean {
  return name.startsWith("istio-");
}

function unknownKind(key: ResourceKey): Unchecked {
  return {
    what: formatKey(key),
    key,
    code: "UNKNOWN_KIND",
    reason: `${formatKind(key)} is no kind of the mesh that this version knows`,
    hint: "Check the spelling of kind and apiVersion.",
  };
}

function duplicate(first: Resource, second: Resource): Unchecked {
  const { key } = first;
  const files = [first, second].flatMap(({ provenance }) => provenance?.file ?? []);
  const where = files.length < 2 ? "more than once on one side" : `in ${files.join(" and in ")}`;
  return {
    what: formatKey(key),
    key,
    code: "DUPLICATE_OBJECT",
    reason: `it stands ${where}, with different contents`,
    hint: "Keep one of the copies.",
  };
}
