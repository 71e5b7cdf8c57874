import { formatKind, keyId, type Resource } from "../model/resource.ts";
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

/**
 * What rules may ask. An object is taken from live where it was read, else from Git; one that stands in neither is
 * unknown, because nobody says that it was looked for.
 */
export function factsFrom(
  settings: MeshSettings,
  objects: { readonly desired: readonly Resource[]; readonly live: readonly Resource[] },
): Facts {
  const byId = new Map<string, Resource>();
  for (const resource of [...objects.desired, ...objects.live]) byId.set(keyId(resource.key), resource);
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
  };
}
