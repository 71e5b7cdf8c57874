import type { Json, JsonObject } from "../../src/core/model/json.ts";

/** An object of a kind by what its table is about: the spec, or of a ConfigMap the text of the mesh configuration. */
export function meshObject(
  { group, kind }: { readonly group: string; readonly kind: string },
  spec: Json,
  namespace = "shop",
): JsonObject {
  if (kind === "ConfigMap") return meshConfigMap(typeof spec === "string" ? spec : JSON.stringify(spec));
  return { apiVersion: `${group}/v1`, kind, metadata: { name: "reviews", namespace }, spec };
}

/** A ConfigMap with mesh configuration. */
export function meshConfigMap(mesh: string, name = "istio"): JsonObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "istio-system" },
    data: { mesh },
  };
}

/** The names above what the table of a kind is about. */
export function rootOf(kind: string): readonly string[] {
  return kind === "ConfigMap" ? ["data", "mesh"] : ["spec"];
}
