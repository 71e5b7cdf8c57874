import { describe, expect, it } from "vitest";
import { projectItem } from "../../../src/adapters/kubernetes/project.ts";
import { createOwnersReader } from "../../../src/core/manifest/owners.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";

const kind = { group: "networking.istio.io", kind: "VirtualService" };
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function project(item: Json) {
  return projectItem(item, kind, "networking.istio.io/v1", createOwnersReader());
}

/** The object that comes of an item. */
function objectOf(item: JsonObject): JsonObject {
  const projected = project(item);
  if (projected.type !== "resource") throw new Error(`it is ${projected.type}`);
  return projected.resource.object;
}

describe("projectItem", () => {
  it("keeps what is compared and what tells whose the object is", () => {
    const metadata = {
      name: "reviews",
      namespace: "shop",
      labels: { "helm.toolkit.fluxcd.io/name": "mesh" },
      annotations: { "argocd.argoproj.io/tracking-id": "mesh:x", "meta.helm.sh/release-name": "mesh" },
      ownerReferences: [{ kind: "Canary", name: "reviews", controller: true }],
      finalizers: ["example.com/hold"],
      deletionTimestamp: "2026-01-02T00:00:00Z",
      generation: 4,
      creationTimestamp: "2026-01-01T00:00:00Z",
      uid: "u",
    };
    const spec = { hosts: ["reviews"] };
    const rest = { resourceVersion: "7", managedFields: [], selfLink: "/x" };
    expect(objectOf({ metadata: { ...metadata, ...rest }, spec, status: { observed: 1 } })).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata,
      spec,
    });
  });

  it("drops what kubectl noted about its last apply, and only that annotation", () => {
    const annotations = { [lastApplied]: '{"password":"x"}', other: "kept" };
    const object = objectOf({ metadata: { name: "a", annotations }, spec: {} });
    expect(object).toMatchObject({ metadata: { annotations: { other: "kept" } } });
    expect(JSON.stringify(object)).not.toContain("password");
  });

  it("keeps every other part of an object, such as the data of a ConfigMap", () => {
    const object = projectItem(
      { metadata: { name: "istio", namespace: "istio-system" }, data: { mesh: "a: 1" }, immutable: true },
      { group: "", kind: "ConfigMap" },
      "v1",
      createOwnersReader(),
    );
    expect(object).toMatchObject({
      resource: {
        key: { group: "", kind: "ConfigMap", namespace: "istio-system", name: "istio" },
        object: { apiVersion: "v1", kind: "ConfigMap", data: { mesh: "a: 1" }, immutable: true },
      },
    });
  });

  it("keeps the key __proto__ as data", () => {
    const item = JSON.parse('{"metadata":{"name":"a"},"spec":{"__proto__":{"b":1}}}') as JsonObject;
    expect(JSON.stringify(objectOf(item))).toContain('"__proto__":{"b":1}');
  });

  it.for<readonly [string, Json]>([
    ["null", null],
    ["text", "reviews"],
    ["a list", []],
    ["an object without metadata", { spec: {} }],
    ["metadata that are null", { metadata: null }],
    ["an object without a name", { metadata: { namespace: "shop" } }],
    ["a name that is no text", { metadata: { name: 7 } }],
    ["another kind", { kind: "Gateway", metadata: { name: "a" } }],
  ])("takes %s for no object of the kind", ([, item]) => {
    expect(project(item)).toEqual({ type: "invalid" });
  });

  it.for([
    ["spec", (deep: Json) => ({ metadata: { name: "a", namespace: "shop" }, spec: deep })],
    [
      "managedFields",
      (deep: Json) => ({ metadata: { name: "a", namespace: "shop", managedFields: [{ fieldsV1: deep }] } }),
    ],
  ] as const)("does not follow %s that nest 20,000 deep", ([, wrap]) => {
    let deep: Json = {};
    for (let level = 0; level < 20_000; level++) deep = { "f:a": deep };
    expect(project(wrap(deep))).toMatchObject({
      type: "unclear",
      unchecked: { what: "shop/VirtualService/a", code: "OBJECT_TOO_DEEP" },
    });
  });
});
