import { expect, it } from "vitest";
import { meshKinds } from "../../../src/core/mesh/kinds.ts";
import { pluralOf } from "../../../src/core/model/plural.ts";

it.for([
  ["Gateway", "gateways"],
  ["GatewayClass", "gatewayclasses"],
  ["ServiceEntry", "serviceentries"],
  ["WorkloadEntry", "workloadentries"],
  ["AuthorizationPolicy", "authorizationpolicies"],
  ["BackendTLSPolicy", "backendtlspolicies"],
  ["Telemetry", "telemetries"],
  ["ProxyConfig", "proxyconfigs"],
  ["HTTPRoute", "httproutes"],
  ["Canary", "canaries"],
  ["Ingress", "ingresses"],
] as const)("pluralOf(%s) is %s", ([kind, plural]) => {
  expect(pluralOf(kind)).toBe(plural);
});

it("names every kind of the mesh in lower case, each once", () => {
  const names = meshKinds.map(({ kind, group }) => `${pluralOf(kind)}.${group}`);
  expect(new Set(names).size).toBe(meshKinds.length);
  expect(names.every((name) => /^[a-z]+s\.[a-z0-9.]*$/.test(name))).toBe(true);
});
