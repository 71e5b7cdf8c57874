import type { ClusterConfig, TargetConfig } from "../config/config.ts";
import { mayBeMesh } from "../core/compare/select.ts";
import { selectNamespaces } from "../core/judge/scope.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import { type GroupKind, isSameKind } from "../core/model/resource.ts";
import type { LiveRequest } from "../ports/live.ts";
import type { Desired } from "./desired.ts";

const configMap: GroupKind = { group: "", kind: "ConfigMap" };

/** What is asked of a cluster for its targets, whose desired sides are read at the same time. */
export function liveRequest(
  cluster: ClusterConfig,
  targets: readonly TargetConfig[],
  desired: Promise<ReadonlyMap<string, Desired>>,
  { now, namespaces }: { readonly now: Date; readonly namespaces?: readonly string[] | undefined },
): LiveRequest {
  const { sharedMeshConfig, rootNamespace = "istio-system" } = cluster.istio;
  const options = sharedMeshConfig === undefined ? {} : { sharedMeshConfig };
  return {
    kinds: meshKinds,
    now,
    keep: (key) => mayBeMesh(key, options),
    ...(namespaces !== undefined && { namespaces }),
    namespacesOf: async (kind, live) => {
      const sides = await desired;
      // Mesh configuration stands in one namespace, and is never extra elsewhere.
      const places = new Set(
        isSameKind(kind, configMap)
          ? [rootNamespace]
          : targets.flatMap(({ scope: { namespaces: named, selector } }) =>
              selector === undefined ? named : [...named, ...selectNamespaces(selector, live)],
            ),
      );
      for (const { name } of targets) {
        const side = sides.get(name);
        for (const { key } of side?.type === "rendered" ? side.resources : []) {
          const isWanted = isSameKind(key, kind) && mayBeMesh(key, options);
          if (isWanted && key.namespace !== "") places.add(key.namespace);
        }
      }
      return [...places].filter((place) => !place.includes("${"));
    },
  };
}
