import { describe, expect, it } from "vitest";
import { discover } from "../../../src/adapters/kubernetes/discovery.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import { broken, readScript, type ReadScript, type Scripted } from "./read-script.ts";

const istio = "networking.istio.io";
const virtualService = { group: istio, kind: "VirtualService" };
const proxyConfig = { group: istio, kind: "ProxyConfig" };
const gateway = { group: istio, kind: "Gateway" };
const otherGateway = { group: "gateway.networking.k8s.io", kind: "Gateway" };
const configMap = { group: "", kind: "ConfigMap" };
const wanted = [virtualService, proxyConfig, gateway, otherGateway, configMap];

/** What is said of each wanted kind: its version and path, "unserved", or the code of the failure. */
async function told(script: ReadScript) {
  const end = await discover(script.read, wanted, () => 0);
  if (end.type === "failed") return end.code;
  return wanted.map((kind) => {
    const found = end.discovery(kind);
    if (found.type === "unserved") return "unserved";
    if (found.type === "failed") return found.code;
    const { version, resource, isNamespaced } = found.served;
    return `${version} ${resource}${isNamespaced ? "" : " of the cluster"}`;
  });
}

/** A version of the aggregated form, with kinds of simple plurals. */
function version(name: string, kinds: readonly string[], more: JsonObject = {}): JsonObject {
  const resources = kinds.map((kind) => ({
    resource: `${kind.toLowerCase()}s`,
    responseKind: { group: "", version: "", kind },
    scope: "Namespaced",
    subresources: [{ subresource: "status" }],
  }));
  return { version: name, resources, freshness: "Current", ...more };
}

function aggregated(versions: readonly Json[], apiVersion = "v2"): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${apiVersion}`,
    items: [
      { metadata: { name: "apps" }, versions: [version("v1", ["Gateway"])] },
      { metadata: { name: istio }, versions },
    ],
  };
}

function plain(preferred: string, versions: readonly string[]): JsonObject {
  return {
    kind: "APIGroupList",
    groups: [
      {
        name: istio,
        versions: versions.map((name) => ({ groupVersion: `${istio}/${name}`, version: name })),
        preferredVersion: { version: preferred },
      },
      { name: "apps", versions: [{ version: "v1" }], preferredVersion: { version: "v1" } },
    ],
  };
}

function resourceList(kinds: readonly string[]): JsonObject {
  return {
    kind: "APIResourceList",
    resources: kinds.flatMap((kind) => [
      { name: `${kind.toLowerCase()}s`, kind, namespaced: true },
      { name: `${kind.toLowerCase()}s/status`, kind, namespaced: true },
    ]),
  };
}

/** A server with a list of groups, which knows nothing of what does not stand in it. */
function onlyGroups(answer: Json): ReadScript {
  return readScript((path) => (path === "/apis" ? answer : 404));
}

const otherGroup = "/apis/gateway.networking.k8s.io";

describe("discover", () => {
  it.for(["v2", "v2beta1"])("finds each kind in one answer of the form %s", async (form) => {
    const versions = [
      version("v1", ["VirtualService", "Gateway"]),
      version("v1beta1", ["VirtualService", "ProxyConfig"]),
    ];
    const script = onlyGroups(aggregated(versions, form));
    expect(await told(script)).toEqual([
      "v1 virtualservices",
      "v1beta1 proxyconfigs",
      "v1 gateways",
      "unserved",
      "v1 configmaps",
    ]);
    expect(script.asked).toEqual(["/apis", otherGroup]);
  });

  it("asks for the aggregated form first, and takes the plain one", async () => {
    const accepts: string[] = [];
    await discover(
      ({ accept }) => {
        accepts.push(accept);
        return Promise.resolve(broken);
      },
      wanted,
      () => 0,
    );
    expect(accepts[0]?.split(",").map((one) => /v=(\w+)/.exec(one)?.[1] ?? one)).toEqual([
      "v2",
      "v2beta1",
      "application/json",
    ]);
  });

  it("takes the version that the server names first", async () => {
    const versions = [version("v1beta1", ["VirtualService"]), version("v1", ["VirtualService"])];
    expect((await told(readScript(() => aggregated(versions))))[0]).toBe("v1beta1 virtualservices");
  });

  it("reads kinds of the whole cluster as such", async () => {
    const one = version("v1", []);
    const resources = [{ resource: "gateways", responseKind: { kind: "Gateway" }, scope: "Cluster" }];
    expect((await told(readScript(() => aggregated([{ ...one, resources }]))))[2]).toBe(
      "v1 gateways of the cluster",
    );
  });

  it("asks old servers for each version of the groups that matter, the preferred one first", async () => {
    const answers: Readonly<Record<string, Scripted>> = {
      "/apis": plain("v1beta1", ["v1alpha3", "v1beta1"]),
      [`/apis/${istio}/v1beta1`]: resourceList(["VirtualService", "ProxyConfig"]),
      [`/apis/${istio}/v1alpha3`]: resourceList(["VirtualService", "Gateway"]),
    };
    const script = readScript((path) => answers[path] ?? 404);
    expect(await told(script)).toEqual([
      "v1beta1 virtualservices",
      "v1beta1 proxyconfigs",
      "v1alpha3 gateways",
      "unserved",
      "v1 configmaps",
    ]);
    expect(script.asked.toSorted()).toEqual([
      "/apis",
      otherGroup,
      `/apis/${istio}/v1alpha3`,
      `/apis/${istio}/v1beta1`,
    ]);
  });
});

describe("a server that does not know all at the moment", () => {
  it.for(["v2", "v2beta1"])("leaves open what a stale version may have (%s)", async (form) => {
    const versions = [
      version("v1", [], { freshness: "Stale" }),
      version("v1beta1", ["VirtualService", "ProxyConfig"]),
    ];
    expect(await told(onlyGroups(aggregated(versions, form)))).toEqual([
      "v1beta1 virtualservices",
      "v1beta1 proxyconfigs",
      "DISCOVERY_STALE",
      "unserved",
      "v1 configmaps",
    ]);
  });

  it("takes no kind from a stale version", async () => {
    const versions = [version("v1", ["VirtualService"], { freshness: "Stale" })];
    expect((await told(readScript(() => aggregated(versions))))[0]).toBe("DISCOVERY_STALE");
  });

  it("leaves open what a version may have that could not be asked", async () => {
    const script = readScript((path) => {
      if (path === "/apis") return plain("v1", ["v1", "v1beta1"]);
      if (path === otherGroup) return 404;
      return path.endsWith("/v1") ? 503 : resourceList(["VirtualService"]);
    });
    expect(await told(script)).toEqual([
      "v1beta1 virtualservices",
      "SERVER_ERROR",
      "SERVER_ERROR",
      "unserved",
      "v1 configmaps",
    ]);
  });

  it("leaves open what a version may have that it names and does not know", async () => {
    const script = readScript((path) => {
      if (path === "/apis") return plain("v1", ["v1", "v1beta1"]);
      return path.endsWith("/v1") ? 404 : resourceList(["VirtualService"]);
    });
    expect((await told(script)).slice(0, 2)).toEqual(["v1beta1 virtualservices", "ANSWER_INVALID"]);
  });

  it("leaves open what an answer without a list of kinds may mean", async () => {
    const script = readScript((path) => (path === "/apis" ? plain("v1", ["v1"]) : { kind: "Status" }));
    expect((await told(script)).slice(0, 2)).toEqual(["ANSWER_INVALID", "ANSWER_INVALID"]);
  });
});

describe("a kind that the list of groups lacks", () => {
  const other = { kind: "APIGroupDiscoveryList", items: [{ metadata: { name: "apps" }, versions: [] }] };
  const group = { kind: "APIGroup", name: istio, versions: [{ version: "v1" }] };
  const one = [version("v1", ["VirtualService"]), version("v1beta1", [])];

  it.for<readonly [name: string, answers: Readonly<Record<string, Scripted>>, found: readonly string[]]>([
    ["has", {}, ["unserved", "unserved", "unserved"]],
    [
      "lacks no more",
      { [`/apis/${istio}`]: group, [`/apis/${istio}/v1`]: resourceList(["VirtualService", "Gateway"]) },
      ["v1 virtualservices", "unserved", "v1 gateways"],
    ],
    ["cannot say of", { [`/apis/${istio}`]: 503 }, ["SERVER_ERROR", "SERVER_ERROR", "SERVER_ERROR"]],
    [
      "answers with another group for",
      { [`/apis/${istio}`]: { ...group, name: "apps" } },
      ["ANSWER_INVALID", "ANSWER_INVALID", "ANSWER_INVALID"],
    ],
  ])("is not there where the server $0 its group when it is asked", async ([, answers, found]) => {
    const script = readScript((path) => (path === "/apis" ? other : (answers[path] ?? 404)));
    expect((await told(script)).slice(0, 3)).toEqual(found);
  });

  it.for<readonly [name: string, v1beta1: Scripted, found: readonly string[]]>([
    ["agree", resourceList([]), ["v1 virtualservices", "unserved", "unserved"]],
    ["know more", resourceList(["Gateway"]), ["v1 virtualservices", "unserved", "v1beta1 gateways"]],
    ["are not known", 404, ["v1 virtualservices", "ANSWER_INVALID", "ANSWER_INVALID"]],
    ["cannot be asked", 503, ["v1 virtualservices", "SERVER_ERROR", "SERVER_ERROR"]],
  ])("is asked for in the versions of its group, which $0", async ([, v1beta1, found]) => {
    const answers: Readonly<Record<string, Scripted>> = {
      "/apis": aggregated(one),
      [`/apis/${istio}/v1`]: resourceList(["VirtualService"]),
      [`/apis/${istio}/v1beta1`]: v1beta1,
    };
    const script = readScript((path) => answers[path] ?? 404);
    expect((await told(script)).slice(0, 3)).toEqual(found);
    expect(script.asked).toHaveLength(4);
  });
});

describe("an answer that is no discovery", () => {
  it.for<readonly [string, Scripted]>([
    ["another failure", 500],
    ["a cut body", broken],
  ])("fails all: %s", async ([, answer]) => {
    expect(await told(readScript(() => answer))).toMatch(/^(?:SERVER_ERROR|ANSWER_CUT_OFF)$/);
  });

  it.for<readonly [string, Json]>([
    ["null", null],
    ["a Status", { kind: "Status" }],
    ["groups that are no list", { kind: "APIGroupList", groups: {} }],
    ["items that are null", { kind: "APIGroupDiscoveryList", items: null }],
    ["no groups at all", { kind: "APIGroupList", groups: [] }],
    ["no items at all", { kind: "APIGroupDiscoveryList", items: [] }],
  ])("is not taken for one of a server without the mesh: %s", async ([, answer]) => {
    expect(await told(readScript(() => answer))).toBe("ANSWER_INVALID");
  });

  it.for<readonly [string, JsonObject]>([
    ["no versions", { metadata: { name: istio } }],
    ["versions that are null", { metadata: { name: istio }, versions: null }],
  ])("leaves open what a group with %s has", async ([, group]) => {
    const other = { metadata: { name: "apps" }, versions: [version("v1", ["Gateway"])] };
    const script = onlyGroups({ kind: "APIGroupDiscoveryList", items: [other, group] });
    expect(await told(script)).toEqual([
      "ANSWER_INVALID",
      "ANSWER_INVALID",
      "ANSWER_INVALID",
      "unserved",
      "v1 configmaps",
    ]);
  });
});
