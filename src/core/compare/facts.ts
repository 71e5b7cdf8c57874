import { formatKind, type GroupKind, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import type { Facts } from "../mesh/table.ts";

/** What the configuration says of a cluster's mesh. */
export interface MeshSettings {
  /** The cluster's DNS domain; "cluster.local" by default. */
  readonly domain?: string;
  /** Istio's version, "1.30"; unknown by default. */
  readonly istio?: string;
  /** The namespace whose policies hold for the whole mesh; "istio-system" by default. */
  readonly rootNamespace?: string;
}

/** The settings, and the name of the ConfigMap with the shared mesh configuration. */
export interface FactSettings extends MeshSettings {
  readonly sharedMeshConfig?: string;
}

/** The objects that facts are taken from. */
export interface KnownObjects {
  readonly desired: readonly Resource[];
  readonly live: readonly Resource[];
  /** Whether the live objects of a kind are all that a namespace, or the cluster, has. */
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}

/**
 * What rules may ask. An object is taken from live where its kind was read, else from Git; one that stands in neither
 * is unknown.
 */
export function factsFrom(settings: FactSettings, known: KnownObjects): Facts {
  const { desired, live, isComplete } = known;
  const planned = desired.filter(({ key }) => !isComplete(key, key.namespace));
  const byId = new Map([...planned, ...live].map((resource) => [keyId(resource.key), resource]));
  const byKind = new Map<string, readonly Resource[]>();
  return {
    domain: settings.domain ?? "cluster.local",
    istio: settings.istio ?? "",
    rootNamespace: settings.rootNamespace ?? "istio-system",
    find: (group, kind, namespace, name) => byId.get(keyId({ group, kind, namespace, name })) ?? "unknown",
    all: (group, kind) => {
      const id = formatKind({ group, kind });
      const known = byKind.get(id) ?? [...byId.values()].filter(({ key }) => formatKind(key) === id);
      byKind.set(id, known);
      return known;
    },
    versions: (group, kind, namespace, name) => versionsOf({ group, kind, namespace, name }, known),
    sharedMeshConfig: settings.sharedMeshConfig ?? "",
    isWhole: (group, kind, namespace) => isComplete({ group, kind }, namespace),
  };
}

/** An object as either side has it. */
function versionsOf(
  key: ResourceKey,
  { desired, live, isComplete }: KnownObjects,
): ReturnType<Facts["versions"]> {
  const id = keyId(key);
  const isMeant = (resource: Resource): boolean => keyId(resource.key) === id;
  const there = live.find(isMeant);
  if (there === undefined && !isComplete(key, key.namespace)) return "unknown";
  return [...desired.filter(isMeant), there];
}
