import { readFileSync } from "node:fs";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { field, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import { ApiClient } from "./api-client.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "./control-plane.ts";

const virtualServices = "/apis/networking.istio.io/v1/namespaces/shop/virtualservices";

const namespace: JsonObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

function virtualService(timeout: string): JsonObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "reviews", namespace: "shop" },
    spec: { hosts: ["reviews"], http: [{ timeout, route: [{ destination: { host: "reviews" } }] }] },
  };
}

const istio = "networking.istio.io";
const gateway = "gateway.networking.k8s.io";

/** Every kind of the mesh, by group, version and plural. */
const kinds: readonly (readonly [group: string, version: string, plurals: string])[] = [
  [
    istio,
    "v1",
    "virtualservices destinationrules gateways serviceentries sidecars workloadentries workloadgroups",
  ],
  [istio, "v1beta1", "virtualservices proxyconfigs"],
  [istio, "v1alpha3", "virtualservices envoyfilters"],
  ["security.istio.io", "v1", "authorizationpolicies peerauthentications requestauthentications"],
  ["telemetry.istio.io", "v1", "telemetries"],
  ["extensions.istio.io", "v1alpha1", "wasmplugins trafficextensions"],
  [
    gateway,
    "v1",
    "gatewayclasses gateways httproutes grpcroutes tlsroutes referencegrants backendtlspolicies listenersets",
  ],
  [gateway, "v1beta1", "gateways httproutes referencegrants"],
  [gateway, "v1alpha2", "tcproutes udproutes"],
];

describe.skipIf(controlPlaneBinary() === undefined)("the test control plane", { timeout: 30_000 }, () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane({ apiServerFlags: ["--etcd-compaction-interval=10s"] });
    await plane.apply([virtualService("1s"), namespace]);
  }, 120_000);

  afterAll(async () => {
    await plane.stop();
  });

  it("lets the reader list what the administrator created", async () => {
    const { status, json } = await plane.request("GET", virtualServices, undefined, "reader");
    expect(status).toBe(200);
    expect(field(json, "items")).toMatchObject([virtualService("1s")]);
  });

  it("lets the reader write nothing, not even as a dry run", async () => {
    const create = await plane.request("POST", virtualServices, virtualService("2s"), "reader");
    const patch = await plane.request("PATCH", `${virtualServices}/reviews?dryRun=All`, {}, "reader");
    expect([create.status, patch.status]).toEqual([403, 403]);
  });

  it.for(["namespaces", "services", "configmaps"])("lets the reader list %s", async (plural) => {
    const { status } = await plane.request("GET", `/api/v1/${plural}`, undefined, "reader");
    expect(status).toBe(200);
  });

  it.for(["/api/v1/secrets", `${virtualServices}?watch=true`])("refuses the reader %s", async (path) => {
    const { status } = await plane.request("GET", path, undefined, "reader");
    expect(status).toBe(403);
  });

  it.for(["nobody", "guest"] as const)("lets %s discover but not list", async (user) => {
    const discovered = await plane.request("GET", "/apis/networking.istio.io/v1", undefined, user);
    const listed = await plane.request("GET", virtualServices, undefined, user);
    expect([discovered.status, listed.status]).toEqual([200, 403]);
  });

  it("knows the reader by client certificate", async () => {
    expect(await statusByCertificate(plane, virtualServices)).toBe(200);
    expect(await statusByCertificate(plane, "/api/v1/secrets")).toBe(403);
  });

  it("replaces an object that is applied again", async () => {
    await plane.apply([virtualService("3s")]);
    const { json } = await plane.request("GET", `${virtualServices}/reviews`);
    expect(json).toMatchObject({ ...virtualService("3s"), metadata: { generation: 2 } });
  });

  it("says which object the server refused", async () => {
    const wrong = { ...virtualService("3s"), spec: { hosts: 7 } };
    await expect(plane.apply([wrong])).rejects.toThrow(/shop\/virtualservices\/reviews was refused: 4\d\d/);
  });

  it("accepts the fresh token that the proxy makes of one that is too old", async () => {
    const others = ["a", "b"].map((name) => ({
      ...virtualService("1s"),
      metadata: { name, namespace: "shop" },
    }));
    await plane.apply(others);
    const proxy = await startFaultProxy({ upstream: plane.server, upstreamCaFile: plane.caFile });
    const client = new ApiClient(proxy.server, readFileSync(proxy.caFile));
    const list = (query: string) =>
      client.request({ method: "GET", path: `${virtualServices}?${query}`, token: plane.token("reader") });
    try {
      const first = await list("limit=1");
      proxy.setFault(() => ({ type: "expired", freshToken: true }));
      const expired = await list(`limit=1&continue=${tokenIn(first.json)}`);
      proxy.setFault(() => undefined);
      const second = await list(`limit=1&continue=${tokenIn(expired.json)}`);
      expect([first.status, expired.status, second.status]).toEqual([200, 410, 200]);
      expect([namesIn(first.json), namesIn(second.json)]).toEqual([["a"], ["b"]]);
    } finally {
      client.close();
      await proxy.stop();
    }
  });

  it("logs who asked for what", async () => {
    await plane.request("GET", `${virtualServices}?limit=7`, undefined, "reader");
    const about = { group: istio, resource: "virtualservices", namespace: "shop" };
    const entries = await plane.audit();
    expect(entries).toContainEqual(
      expect.objectContaining({ ...about, verb: "create", user: "admin", name: "reviews", code: 201 }),
    );
    expect(entries.at(-1)).toMatchObject({
      ...about,
      verb: "list",
      user: "reader",
      code: 200,
      requestURI: `${virtualServices}?limit=7`,
    });
  });

  it.for(kinds)("serves the kinds of %s/%s", async ([group, version, plurals]) => {
    for (const plural of plurals.split(" ")) {
      const { status } = await plane.request(
        "GET",
        `/apis/${group}/${version}/${plural}`,
        undefined,
        "reader",
      );
      expect([plural, status]).toEqual([plural, 200]);
    }
  });
});

describe.skipIf(controlPlaneBinary() === undefined)("a control plane that cannot start", () => {
  it("says why", { timeout: 30_000 }, async () => {
    await expect(startControlPlane({ apiServerFlags: ["--no-such-flag"] })).rejects.toThrow(
      /unknown flag: --no-such-flag/,
    );
  });
});

function tokenIn(list: Json): string {
  return textField(field(list, "metadata"), "continue");
}

function namesIn(list: Json): readonly string[] {
  const items = field(list, "items") as readonly Json[]; // A list of an API server has items.
  return items.map((item) => textField(field(item, "metadata"), "name"));
}

/** What the server answers to the client certificate in certificate.kubeconfig. */
async function statusByCertificate(plane: ControlPlane, path: string): Promise<number | undefined> {
  const config = parse(readFileSync(plane.kubeconfig("certificate"), "utf8")) as Json;
  const [entry] = field(config, "users") as readonly Json[];
  const user = field(entry, "user") as Record<string, string>;
  const decode = (name: string) => Buffer.from(user[name] ?? "", "base64");
  return new Promise((resolve, reject) => {
    const sent = request(plane.server + path, {
      agent: false,
      ca: readFileSync(plane.caFile),
      cert: decode("client-certificate-data"),
      key: decode("client-key-data"),
    });
    sent.on("error", reject).on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.end();
  });
}
