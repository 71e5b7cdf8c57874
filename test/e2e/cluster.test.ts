import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/model/json.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import {
  destinationRule,
  httpRoute,
  istio,
  namespace,
  object,
  policy,
  virtualService,
} from "./cluster-objects.ts";
import { makeWorld } from "./cluster-world.ts";

/** What is live in every test. */
const live: readonly JsonObject[] = [
  namespace("shop", { team: "a" }),
  namespace("payments", { team: "b" }),
  namespace("many"),
  virtualService("shop/same", "5s"),
  // An older version of the same object.
  { ...virtualService("shop/older", "5s"), apiVersion: "networking.istio.io/v1beta1" },
  virtualService("shop/changed", "30s"),
  virtualService("shop/nobody", "5s"),
  virtualService("shop/argo", "5s", { annotations: { "argocd.argoproj.io/tracking-id": "mesh:x" } }),
  virtualService("shop/flux", "5s", { labels: { "kustomize.toolkit.fluxcd.io/name": "mesh" } }),
  virtualService("shop/helm", "5s", { annotations: { "meta.helm.sh/release-name": "mesh" } }),
  virtualService("shop/canary", "5s", {
    ownerReferences: [
      { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "x", uid: "1", controller: true },
    ],
  }),
  destinationRule("shop/same", "reviews"),
  destinationRule("payments/changed", "live"),
  policy("payments/nobody"),
  httpRoute("shop/same", 80),
  httpRoute("shop/changed", 9090),
];

/** What Git has in every test, but for what a test adds. */
const desired: readonly JsonObject[] = [
  virtualService("shop/same", "5s"),
  virtualService("shop/older", "5s"),
  virtualService("shop/changed", "5s"),
  virtualService("shop/gone", "5s"),
  destinationRule("shop/same", "reviews"),
  destinationRule("payments/changed", "git"),
  httpRoute("shop/same", 80),
  httpRoute("shop/changed", 80),
];

const drift = [
  "changed payments/DestinationRule/changed",
  "changed shop/HTTPRoute/changed",
  "changed shop/VirtualService/changed",
  "missing shop/VirtualService/gone",
];
const scope = { namespaces: ["shop", "payments"] };

describe.skipIf(controlPlaneBinary() === undefined)("drift on a real API server", { timeout: 60_000 }, () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.apply(live);
  }, 180_000);

  afterAll(async () => {
    await plane.stop();
  });

  const reader = () => ({ context: "reader", kubeconfig: plane.kubeconfig("reader") });

  it("finds exactly what changed, and what is missing and extra, through a read-only user", async () => {
    const before = (await plane.audit()).length;
    const result = makeWorld(desired, reader(), scope).scan();
    expect(result).toMatchObject({ exitCode: 1, verdict: "drifted", inSync: 4, unchecked: [], stderr: "" });
    expect(result.findings).toEqual(
      [
        "extra payments/AuthorizationPolicy/nobody",
        ...drift.slice(0, 3),
        "missing shop/VirtualService/gone",
        "extra shop/VirtualService/nobody",
      ].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    );
    expect(result.elsewhere.toSorted()).toEqual([
      "shop/VirtualService/argo Argo CD mesh:x",
      "shop/VirtualService/flux Flux mesh",
      "shop/VirtualService/helm Helm mesh",
    ]);
    const entries = (await plane.audit()).slice(before).filter(({ userAgent }) => userAgent === "mesh-drift");
    const lists = entries.filter(({ verb }) => verb === "list");
    // One of each kind, ConfigMaps in one namespace, and discovery.
    expect(lists.map(({ requestURI }) => requestURI).length).toBe(
      new Set(lists.map(({ resource, group }) => `${resource}.${group}`)).size,
    );
    const others = entries.filter(({ verb }) => verb !== "list").map(({ requestURI }) => requestURI);
    // Canaries and deployers may explain what was found: whether there are any is asked then.
    expect(new Set(others)).toEqual(
      new Set(["/apis", "/apis/argoproj.io", "/apis/flagger.app", "/apis/kustomize.toolkit.fluxcd.io"]),
    );
    expect(new Set(entries.map(({ user }) => user))).toEqual(new Set(["reader"]));
  });

  it.for(["server", "certificate", "--context", "--kubeconfig"])(
    "is reached by %s with the same result",
    (way) => {
      const tokenFile = path.join(plane.folder, "reader.token");
      writeFileSync(tokenFile, plane.token("reader"), { mode: 0o600 });
      const file = plane.kubeconfig("reader");
      const ways: Readonly<Record<string, readonly [JsonObject, ...string[]]>> = {
        server: [{ server: plane.server, caFile: plane.caFile, tokenFile }],
        certificate: [{ context: "certificate", kubeconfig: plane.kubeconfig("certificate") }],
        "--context": [{ context: "elsewhere" }, "--context", "reader", "--kubeconfig", file],
        "--kubeconfig": [{ context: "reader" }, "--kubeconfig", file, "--request-timeout", "50s"],
      };
      const [cluster = {}, ...args] = ways[way] ?? [];
      const result = makeWorld(desired, cluster).scan(...args);
      rmSync(tokenFile);
      expect(result).toMatchObject({ exitCode: 1, unchecked: [], inSync: 4, findings: drift });
    },
  );

  it("compares only the namespaces of -n, and lists nothing of the others", async () => {
    const before = (await plane.audit()).length;
    const result = makeWorld(desired, reader(), scope).scan("-n", "payments");
    expect(result.findings).toEqual([
      "extra payments/AuthorizationPolicy/nobody",
      "changed payments/DestinationRule/changed",
    ]);
    const entries = (await plane.audit()).slice(before).filter(({ userAgent }) => userAgent === "mesh-drift");
    expect(
      entries.some(
        ({ resource, namespace: place }) => resource === "virtualservices" && place !== "payments",
      ),
    ).toBe(false);
  });

  it("looks for extra objects where a selector says", () => {
    const result = makeWorld(desired, reader(), { namespaceSelector: "team=b" }).scan();
    expect(result.findings.filter((one) => one.startsWith("extra"))).toEqual([
      "extra payments/AuthorizationPolicy/nobody",
    ]);
  });

  it("tells of objects that are being deleted, and calls them neither missing nor extra", async () => {
    const held = { finalizers: ["example.com/hold"] };
    const place = `/apis/${istio}/namespaces/shop/virtualservices`;
    await plane.apply([virtualService("shop/leaving", "5s", held), virtualService("shop/going", "5s", held)]);
    for (const name of ["leaving", "going"]) await plane.request("DELETE", `${place}/${name}`);
    const result = makeWorld([...desired, virtualService("shop/leaving", "5s")], reader(), scope).scan();
    for (const name of ["leaving", "going"]) {
      await plane.request("PATCH", `${place}/${name}`, { metadata: { finalizers: null } });
    }
    expect(result.exitCode).toBe(2);
    expect(result.unchecked.toSorted()).toEqual([
      "OBJECT_TERMINATING shop/VirtualService/going",
      "OBJECT_TERMINATING shop/VirtualService/leaving",
    ]);
    expect(result.findings.filter((one) => /leaving|going/.test(one))).toEqual([]);
  });

  it("leaves unchecked by name what a user may not list, and judges the rest", async () => {
    await bindGuest(plane);
    const guest = { context: "guest", kubeconfig: plane.kubeconfig("guest") };
    const result = makeWorld([...desired, virtualService("payments/gone", "1s")], guest, scope).scan();
    expect(result.exitCode).toBe(2);
    expect(result.findings).toEqual([
      "changed shop/VirtualService/changed",
      "missing shop/VirtualService/gone",
      "extra shop/VirtualService/nobody",
    ]);
    expect(result.unchecked).toContain("FORBIDDEN VirtualService.networking.istio.io in namespace payments");
    expect(result.unchecked).toContain("FORBIDDEN DestinationRule.networking.istio.io in namespace shop");
    expect(
      result.unchecked.filter((one) => one.endsWith("VirtualService.networking.istio.io in namespace shop")),
    ).toEqual([]);
    expect(result.kinds).toMatchObject({ DestinationRule: "unknown", HTTPRoute: "unknown" });
  });

  it("lists the namespaces that a target chooses by label one by one where it may not list the cluster", async () => {
    await bindGuest(plane);
    await plane.apply(bind({ kind: "ClusterRole", metadata: { name: "namespaces" } }, ["", "namespaces"]));
    const guest = { context: "guest", kubeconfig: plane.kubeconfig("guest") };
    const chosen = { namespaceSelector: "kubernetes.io/metadata.name=shop" };
    const result = makeWorld([virtualService("payments/gone", "1s")], guest, chosen).scan();
    expect(result.findings).toContain("extra shop/VirtualService/nobody");
    expect(result.unchecked.filter((one) => one.includes("VirtualService"))).toEqual([
      "FORBIDDEN VirtualService.networking.istio.io in namespace payments",
    ]);
  });

  it("knows nothing through a user that may list nothing", () => {
    const nobody = { context: "nobody", kubeconfig: plane.kubeconfig("nobody") };
    const result = makeWorld(desired, nobody, scope).scan();
    expect(result).toMatchObject({ exitCode: 2, verdict: "unknown", findings: [], inSync: 0 });
  });

  it("reads more objects than fit on a page, and an object of 1.5 MB", async () => {
    const many = Array.from({ length: 620 }, (_, index) =>
      virtualService(`many/vs-${String(index).padStart(3, "0")}`, "5s"),
    );
    const large = virtualService("many/large", "5s");
    const routes = Array.from({ length: 900 }, (_, index) => ({
      match: [{ uri: { exact: `/${String(index)}/${"x".repeat(1600)}` } }],
      route: [{ destination: { host: "reviews" } }],
    }));
    const huge = { ...large, spec: { hosts: ["large"], http: routes } };
    expect(JSON.stringify(huge).length).toBeGreaterThan(1_500_000);
    await plane.apply([...many, huge]);
    const before = (await plane.audit()).length;
    const changed = virtualService("many/vs-619", "6s");
    const result = makeWorld([...many.slice(0, -1), changed, huge], reader(), {
      namespaces: ["many"],
    }).scan();
    expect(result).toMatchObject({
      unchecked: [],
      inSync: 620,
      findings: ["changed many/VirtualService/vs-619"],
    });
    const lists = (await plane.audit())
      .slice(before)
      .filter(({ resource, userAgent }) => resource === "virtualservices" && userAgent === "mesh-drift");
    expect(lists).toHaveLength(2);
  });

  it("says once that a definition is missing, and nothing where Git has no object of the kind", async () => {
    const definition = "proxyconfigs.networking.istio.io";
    await plane.request("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition}`);
    await expect
      .poll(
        async () => (await plane.request("GET", "/apis/networking.istio.io/v1beta1/proxyconfigs")).status,
        { timeout: 20_000 },
      )
      .toBe(404);
    const proxies = ["a", "b", "c"].map((name) =>
      object("networking.istio.io/v1beta1", "ProxyConfig", `shop/${name}`, {}),
    );
    const result = makeWorld([...desired, ...proxies], reader()).scan();
    expect(result.findings).toEqual([`missing CustomResourceDefinition/${definition}`, ...drift]);
    expect(result.kinds).toMatchObject({ ProxyConfig: "drifted" });
    expect(makeWorld(desired, reader()).scan()).toMatchObject({ findings: drift, unchecked: [] });
  });

  it("was never asked for anything but get and list", async () => {
    const entries = (await plane.audit()).filter(({ userAgent }) => userAgent === "mesh-drift");
    expect(entries.length).toBeGreaterThan(200);
    expect(new Set(entries.map(({ verb }) => verb))).toEqual(new Set(["get", "list"]));
  });
});

/** Findings come in the order of their keys. */
function keyOf(told: string): string {
  return told.slice(told.indexOf(" ") + 1);
}

/** Lets the guest list VirtualServices in shop, and nothing else. */
async function bindGuest(plane: ControlPlane): Promise<void> {
  const metadata = { name: "guest", namespace: "shop" };
  await plane.apply(bind({ kind: "Role", metadata }, ["networking.istio.io", "virtualservices"]));
}

/** A role that may list one resource, and its binding to the guest. */
function bind(
  role: { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string } },
  [group, resource]: readonly [string, string],
): JsonObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const { kind, metadata } = role;
  return [
    { apiVersion, ...role, rules: [{ apiGroups: [group], resources: [resource], verbs: ["list"] }] },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: metadata.name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "guest" }],
    },
  ];
}
