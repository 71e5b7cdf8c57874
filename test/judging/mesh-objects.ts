import type { Json, JsonObject } from "../../src/core/model/json.ts";
import type { Seeded } from "../support/seeded.ts";

const hosts = ["reviews", "ratings", "details", "reviews.shop.svc.cluster.local"];
const spans = ["1s", "2s", "5s", "250ms"];
const names = ["primary", "canary", "v1", "v2", "default"];

/** Some text of the small pools above: equal values in many places make it hard to say which one is which. */
export function anyValue(chances: Seeded): Json {
  return chances.pick<Json>([
    ...spans,
    ...names,
    1,
    5,
    100,
    8080,
    true,
    false,
    "x y: z",
    "it's",
    "1",
    "true",
  ]);
}

/** A mesh object with fields, lists, empty mappings and texts that look like other things. */
export function anyObject(name: string, chances: Seeded): JsonObject {
  const kind = chances.pick([
    "VirtualService",
    "VirtualService",
    "DestinationRule",
    "AuthorizationPolicy",
    "ConfigMap",
  ]);
  const metadata = {
    name,
    namespace: "shop",
    ...(chances.has(0.4) && { labels: { app: chances.pick(names), "istio.io/rev": chances.pick(names) } }),
    ...(chances.has(0.2) && { annotations: { "mesh.io/note": "see: #12" } }),
  };
  if (kind === "ConfigMap") {
    return {
      apiVersion: "v1",
      kind,
      metadata,
      data: { mesh: meshConfig(chances), note: chances.pick(names) },
    };
  }
  const group = kind === "AuthorizationPolicy" ? "security.istio.io/v1" : "networking.istio.io/v1";
  const specs = {
    VirtualService: virtualService,
    DestinationRule: destinationRule,
    AuthorizationPolicy: policy,
  };
  return { apiVersion: group, kind, metadata, spec: specs[kind as keyof typeof specs](chances) };
}

/** The text of a mesh configuration. */
export function meshConfig(chances: Seeded): string {
  const lines = [
    "rootNamespace: istio-system",
    "defaultConfig:",
    `  drainDuration: ${chances.pick(spans)}`,
    "",
    `  concurrency: ${String(chances.below(4))}`,
    "accessLogFile: /dev/stdout",
  ];
  return `${lines.join("\n")}${chances.has(0.7) ? "\n" : ""}`;
}

function many(chances: Seeded, make: () => Json): Json[] {
  return Array.from({ length: 1 + chances.below(3) }, make);
}

function virtualService(chances: Seeded): JsonObject {
  return { hosts: many(chances, () => chances.pick(hosts)), http: many(chances, () => httpRoute(chances)) };
}

function httpRoute(chances: Seeded): JsonObject {
  return {
    name: chances.pick(names),
    ...(chances.has(0.4) && {
      match: [{ uri: { prefix: "/api" } }, { headers: { "x-user": { exact: "true" } } }],
    }),
    route: many(chances, () => destination(chances)),
    ...(chances.has(0.6) && { timeout: chances.pick(spans) }),
    ...(chances.has(0.5) && {
      retries: chances.has(0.3) ? {} : { attempts: 5, perTryTimeout: chances.pick(spans) },
    }),
    ...(chances.has(0.2) && { mirrors: [] }),
  };
}

function destination(chances: Seeded): JsonObject {
  const subset = chances.has(0.6) && { subset: chances.pick(names) };
  return {
    destination: { host: chances.pick(hosts), ...subset, port: { number: 8080 } },
    weight: chances.pick([0, 50, 100]),
  };
}

function destinationRule(chances: Seeded): JsonObject {
  return {
    host: chances.pick(hosts),
    trafficPolicy: {
      tls: { mode: chances.pick(["ISTIO_MUTUAL", "DISABLE"]) },
      connectionPool: { tcp: { maxConnections: 100 }, http: { http1MaxPendingRequests: 100 } },
      ...(chances.has(0.4) && { outlierDetection: {} }),
    },
    subsets: many(chances, () => ({ name: chances.pick(names), labels: { version: chances.pick(names) } })),
  };
}

function policy(chances: Seeded): JsonObject {
  return {
    action: chances.pick(["ALLOW", "DENY"]),
    rules: chances.has(0.2)
      ? [{}]
      : [{ to: [{ operation: { methods: ["GET", "POST"], paths: ["/api/*"] } }] }],
  };
}
