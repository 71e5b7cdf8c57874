import type { JsonObject } from "../../src/core/model/json.ts";

export const istio = "networking.istio.io/v1";

/** An object with a namespace: `place` is "namespace/name". */
export function object(apiVersion: string, kind: string, place: string, spec: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: metadataOf(place), spec };
}

function metadataOf(place: string): JsonObject {
  const [namespace = "", name = ""] = place.split("/");
  return { name, namespace };
}

/** A VirtualService with a timeout; `more` are further metadata. */
export function virtualService(place: string, timeout: string, more: JsonObject = {}): JsonObject {
  const host = place.split("/")[1] ?? "";
  const spec = { hosts: [host], http: [{ timeout, route: [{ destination: { host } }] }] };
  const metadata = { ...metadataOf(place), ...more };
  return { ...object(istio, "VirtualService", place, spec), metadata };
}

export function namespace(name: string, labels: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** An HTTPRoute as people write it: the server adds what it left out. */
export function httpRoute(place: string, port: number): JsonObject {
  const spec = {
    parentRefs: [{ name: "edge" }],
    rules: [{ backendRefs: [{ name: "reviews", port }] }],
  };
  return object("gateway.networking.k8s.io/v1", "HTTPRoute", place, spec);
}

export function destinationRule(place: string, host: string): JsonObject {
  return object(istio, "DestinationRule", place, { host });
}

export function policy(place: string): JsonObject {
  return object("security.istio.io/v1", "AuthorizationPolicy", place, { rules: [{}] });
}
