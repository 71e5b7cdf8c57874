import { formatKind, type GroupKind, keyId, type Resource } from "../model/resource.ts";
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
export function factsFrom(settings: MeshSettings, { desired, live, isComplete }: KnownObjects): Facts {
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
    isWhole: (group, kind, namespace) => isComplete({ group, kind }, namespace),
  };
}
