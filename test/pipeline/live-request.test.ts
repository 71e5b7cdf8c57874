import { expect, it } from "vitest";
import type { ClusterConfig, TargetConfig } from "../../src/config/config.ts";
import type { Desired } from "../../src/pipeline/desired.ts";
import { liveRequest } from "../../src/pipeline/live-request.ts";
import { checkoutOf } from "../adapters/kustomize/memory-checkout.ts";
import { resource, virtualService } from "../support/resources.ts";

const cluster: ClusterConfig = {
  name: "eu1",
  live: { type: "in-cluster" },
  istio: { rootNamespace: "mesh", sharedMeshConfig: "shared" },
};

function target(name: string, namespaces: readonly string[]): TargetConfig {
  return {
    name,
    desired: { type: "overlay", overlay: name },
    repository: { url: "/shop", revision: "", allowStaleMs: 0 },
    cluster: "eu1",
    scope: { namespaces },
  };
}

function configMap(name: string, namespace: string): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}}, data: {mesh: ""}}`;
}

const desired: Desired = {
  type: "rendered",
  checkout: checkoutOf({}),
  resources: [
    virtualService("{hosts: [reviews]}"),
    resource(configMap("istio", "canary-mesh")),
    resource(configMap("shared", "shared-mesh")),
    resource(configMap("settings", "shop")),
    resource("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
  ],
  unchecked: [],
  warnings: [],
  bases: [],
  files: [],
};

const request = liveRequest(
  cluster,
  [target("a", ["payments"]), target("broken", ["checkout"])],
  Promise.resolve(new Map([["a", desired]])),
  { now: new Date(0), namespaces: ["shop"] },
);

it("asks for a kind where the targets want it or look after everything", async () => {
  const virtualServices = { group: "networking.istio.io", kind: "VirtualService" };
  expect((await request.namespacesOf(virtualServices, [])).toSorted()).toEqual([
    "checkout",
    "payments",
    "shop",
  ]);
});

it("asks for the live namespaces that a target chooses by label", async () => {
  const choosing: TargetConfig = {
    ...target("a", []),
    scope: { namespaces: [], selector: [{ operator: "exists", key: "mesh" }] },
  };
  const chosen = liveRequest(cluster, [choosing], Promise.resolve(new Map()), { now: new Date(0) });
  const namespaces = ["{name: on, labels: {mesh: x}}", "{name: off}"].map((metadata) =>
    resource(`{apiVersion: v1, kind: Namespace, metadata: ${metadata}}`),
  );
  const sidecars = { group: "networking.istio.io", kind: "Sidecar" };
  expect(await chosen.namespacesOf(sidecars, namespaces)).toEqual(["on"]);
});

it("asks for mesh configuration where it stands, and not for the ConfigMaps of everybody", async () => {
  const configMaps = { group: "", kind: "ConfigMap" };
  expect((await request.namespacesOf(configMaps, [])).toSorted()).toEqual([
    "canary-mesh",
    "mesh",
    "shared-mesh",
  ]);
});

it.for([
  ["ConfigMap", "istio", true],
  ["ConfigMap", "istio-canary", true],
  ["ConfigMap", "shared", true],
  ["ConfigMap", "settings", false],
  ["Namespace", "any", true],
  ["Secret", "istio", false],
] as const)("keeps %s/%s: %s", ([kind, name, isKept]) => {
  expect(request.keep?.({ group: "", kind, namespace: "mesh", name })).toBe(isKept);
});
