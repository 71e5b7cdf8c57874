import { parse } from "yaml";
import type { JsonObject } from "../../src/core/model/json.ts";
import { keyOf, type Resource } from "../../src/core/model/resource.ts";

/** A resource from YAML as people write it in a test. */
export function resource(text: string): Resource {
  const object = parse(text) as JsonObject;
  const key = keyOf(object);
  if (key === undefined) throw new Error(`no apiVersion, kind or name in:\n${text}`);
  return { key, object };
}

/** A VirtualService shop/reviews with the given spec, in YAML flow or block style. */
export function virtualService(spec: string, name = "reviews"): Resource {
  const object = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace: "shop" },
    spec: parse(spec) as JsonObject,
  };
  return { key: { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name }, object };
}
