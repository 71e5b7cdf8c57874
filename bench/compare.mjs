// 10,000 parsed objects a side of about 2 KB, 1 % different, the live side spelled by a server.
import { compare } from "../dist/core/compare/compare.js";

const count = 10_000;

/** @returns {{ what: string, ours: string, other: string, goal: string, met: boolean }[]} */
export function compareTenThousand() {
  const desired = Array.from({ length: count }, (_, index) => meshObject(index));
  const live = Array.from({ length: count }, (_, index) => asLive(meshObject(index), index));
  const bytes = JSON.stringify(desired).length / count;
  globalThis.gc?.();
  const started = performance.now();
  const { findings } = compare(desired, live);
  const ms = performance.now() - started;
  const megabytes = process.memoryUsage().rss / 1e6;
  if (findings.length !== count / 100)
    throw new Error(`${findings.length} findings instead of ${count / 100}`);
  return [
    {
      what: `${count} objects a side of ${(bytes / 1000).toFixed(1)} KB, 1 % different, compared`,
      ours: `${ms.toFixed(0)} ms, ${megabytes.toFixed(0)} MB`,
      other: "",
      goal: "<= 2000 ms, 500 MB",
      met: ms <= 2000 && megabytes <= 500,
    },
  ];
}

/** @param {number} index */
function meshObject(index) {
  const name = `svc-${index >> 1}`;
  const metadata = {
    name,
    namespace: `team-${(index >> 1) % 20}`,
    labels: { app: name, team: "shop", tier: "backend" },
  };
  return index % 2 === 0 ? virtualService(metadata) : destinationRule(metadata);
}

/** @param {{ name: string, namespace: string, labels: Record<string, string> }} metadata */
function virtualService(metadata) {
  const { name } = metadata;
  const route = (/** @type {number} */ index) => ({
    name: `route-${index}`,
    match: [
      {
        headers: { "x-canary": { exact: "true" }, "x-version": { prefix: `v${index}` } },
        uri: { prefix: `/api/v${index}` },
      },
      { uri: { exact: `/healthz/${index}` } },
    ],
    timeout: "5s",
    retries: { attempts: 3, perTryTimeout: "2s", retryOn: "5xx,reset" },
    route: [
      { destination: { host: name, subset: "v1", port: { number: 8080 } }, weight: 90 },
      { destination: { host: name, subset: "v2", port: { number: 8080 } }, weight: 10 },
    ],
  });
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata,
    spec: {
      hosts: [name, `${name}.example.com`],
      gateways: ["mesh", "istio-system/gw"],
      http: [0, 1, 2, 3, 4].map(route),
    },
  };
}

/** @param {{ name: string, namespace: string, labels: Record<string, string> }} metadata */
function destinationRule(metadata) {
  const policy = {
    connectionPool: {
      tcp: { maxConnections: 100 },
      http: { http2MaxRequests: 1000, maxRequestsPerConnection: 10 },
    },
    outlierDetection: { consecutive5xxErrors: 7, interval: "30s", baseEjectionTime: "60s" },
    tls: { mode: "ISTIO_MUTUAL" },
  };
  const subset = (/** @type {number} */ index) => ({
    name: `v${index}`,
    labels: { version: `v${index}` },
    trafficPolicy: policy,
  });
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata,
    spec: { host: metadata.name, trafficPolicy: policy, subsets: [1, 2, 3, 4, 5].map(subset) },
  };
}

/** Keys in another order, what a server adds, one in ten spelled otherwise, one in a hundred edited. @param {any} object @param {number} index */
function asLive(object, index) {
  if (index % 100 === 0) object.spec.http[1].timeout = "6s";
  else if (index % 10 === 0) object.spec.http[1].timeout = "5000ms";
  const metadata = {
    ...object.metadata,
    uid: String(index),
    resourceVersion: "1",
    managedFields: [{ manager: "helm" }],
  };
  return reversed({ ...object, metadata, status: {} });
}

/** @param {any} value @returns {any} */
function reversed(value) {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
