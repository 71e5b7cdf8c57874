import type { Config } from "../../../src/config/config.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import { meshKinds, type MeshKind } from "../../../src/core/mesh/kinds.ts";
import { formatKey, keyOf, type Resource } from "../../../src/core/model/resource.ts";
import { plainJudging } from "../../support/plain-judging.ts";

/** How an object stands: on which side it is, and whether both sides mean the same. */
export type Standing = "in-sync" | "changed" | "missing" | "extra";

/** One object of the world. */
interface WorldObject {
  readonly standing: Standing;
  readonly desired?: JsonObject;
  readonly live?: JsonObject;
}

/** How many VirtualServices are live: three pages of four. */
const liveVirtualServices = 11;

const istio = "networking.istio.io/v1";

/** Kinds of which there is one object of each standing. */
const kinds: readonly (readonly [apiVersion: string, kind: string, spec: (value: string) => JsonObject])[] = [
  [istio, "DestinationRule", (host) => ({ host })],
  ["security.istio.io/v1", "AuthorizationPolicy", (app) => ({ selector: { matchLabels: { app } } })],
  [
    "gateway.networking.k8s.io/v1",
    "HTTPRoute",
    (name) => ({ parentRefs: [{ name: "edge" }], rules: [{ backendRefs: [{ name, port: 80 }] }] }),
  ],
];

function objectOf(apiVersion: string, kind: string, place: string, spec: JsonObject): JsonObject {
  const [namespace = "", name = ""] = place.split("/");
  return { apiVersion, kind, metadata: { name, ...(namespace !== "" && { namespace }) }, spec };
}

/** An object in a standing: what differs is made of `value`. */
function stand(standing: Standing, make: (value: string) => JsonObject): WorldObject {
  return {
    standing,
    ...(standing !== "extra" && { desired: make("a") }),
    ...(standing !== "missing" && { live: make(standing === "changed" ? "b" : "a") }),
  };
}

function standings(): readonly WorldObject[] {
  return kinds.flatMap(([apiVersion, kind, spec]) =>
    (["in-sync", "changed", "missing", "extra"] as const).map((standing) =>
      stand(standing, (value) => objectOf(apiVersion, kind, `payments/${standing}`, spec(value))),
    ),
  );
}

/** Each page has some of each standing that a live object can have. */
function virtualServices(): readonly WorldObject[] {
  const make = (index: number, standing: Standing) => {
    const namespace = index < 7 ? "shop" : "payments";
    const place = `${namespace}/vs-${String(index).padStart(2, "0")}${standing === "missing" ? "-gone" : ""}`;
    return stand(standing, (value) =>
      objectOf(istio, "VirtualService", place, { hosts: [`${value}.example.com`] }),
    );
  };
  const live = Array.from({ length: liveVirtualServices }, (_, index) =>
    make(index, index % 4 === 0 ? "changed" : index % 4 === 1 ? "extra" : "in-sync"),
  );
  return [...live, make(0, "missing"), make(5, "missing"), make(9, "missing")];
}

function namespace(name: string, mode: string): JsonObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { "istio-injection": mode } } };
}

function meshConfig(mode: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio", namespace: "istio-system" },
    data: { mesh: `outboundTrafficPolicy: {mode: ${mode}}\n` },
  };
}

/** What stands in Git and what stands in the cluster, and what there is to be found. */
const world: readonly WorldObject[] = [
  ...virtualServices(),
  ...standings(),
  { standing: "in-sync", desired: namespace("shop", "enabled"), live: namespace("shop", "enabled") },
  { standing: "changed", desired: namespace("payments", "enabled"), live: namespace("payments", "disabled") },
  { standing: "changed", desired: meshConfig("REGISTRY_ONLY"), live: meshConfig("ALLOW_ANY") },
  stand("missing", () => objectOf(istio, "Sidecar", "shop/default", {})),
];

/** The objects to be made in the cluster. */
export const liveObjects: readonly JsonObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } },
  ...world.flatMap(({ live }) => (live === undefined ? [] : [live])),
];

/** What Git renders to. */
export const desiredResources: readonly Resource[] = world.flatMap(({ desired }) => {
  const key = desired === undefined ? undefined : keyOf(desired);
  return desired === undefined || key === undefined ? [] : [{ key, object: desired }];
});

/** "changed shop/VirtualService/vs-0000", of everything that is not in sync. */
export const truth: ReadonlySet<string> = new Set(
  world.flatMap(({ standing, desired, live }) => {
    const key = keyOf(desired ?? live ?? {});
    return key === undefined || standing === "in-sync" ? [] : [`${standing} ${formatKey(key)}`];
  }),
);

/** How many objects are the same on both sides. */
export const inSyncCount = world.filter(({ standing }) => standing === "in-sync").length;

/** What is read of the cluster: kinds with objects on both sides, on one, and on none. */
export const readKinds: readonly MeshKind[] = meshKinds.filter(
  ({ kind }) =>
    kind === "ProxyConfig" || world.some(({ desired, live }) => (desired ?? live)?.["kind"] === kind),
);

/** What the reader proves itself with; it may stand nowhere in what is told. Of no shape that a token usually has. */
export const token = "canary+of+the+reader";

/** The namespaces that the target looks after or has objects in. */
export const namespaces: readonly string[] = ["shop", "payments"];

const repository = { url: "/mesh", revision: "main", allowStaleMs: 0 };
const context = { type: "context", context: "test" } as const;

/** One target on the cluster that is read, and one on another that is always well. */
export const config: Config = {
  path: "/drift.yaml",
  clusters: new Map([
    ["c", { name: "c", live: context, istio: {} }],
    ["well", { name: "well", live: context, istio: {} }],
  ]),
  targets: [
    {
      name: "t",
      desired: { type: "overlay", overlay: "t" },
      cluster: "c",
      repository,
      scope: { namespaces },
    },
    {
      name: "well",
      desired: { type: "overlay", overlay: "well" },
      cluster: "well",
      repository,
      scope: { namespaces: [] },
    },
  ],
  compare: { equality: "istio", metadata: "declared" },
  render: { engine: "builtin", remoteBases: [] },
  judging: plainJudging,
};
