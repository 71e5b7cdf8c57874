// 10,000 parsed objects a side of about 2 KB, 1 % edited, in a process of its own: node bench/compare.mjs PERCENT
// Prints {ms, megabytes, bytes}: the time of the comparison, the most memory the process had, and the size of an object.
// PERCENT is how many more are spelled otherwise by the live side.
import { compare } from "mesh-drift";

const count = 10_000;
const respelledPercent = Number(process.argv[2]);

const desired = Array.from({ length: count }, (_, index) => meshObject(index));
const live = Array.from({ length: count }, (_, index) => asLive(meshObject(index), index));
const started = performance.now();
const { findings } = compare(desired, live);
const ms = performance.now() - started;
const edited = count / 100;
if (findings.length !== edited) throw new Error(`${findings.length} findings instead of ${edited}`);
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ ms, megabytes, bytes: JSON.stringify(desired).length / count }));

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

/**
 * Keys in another order, what a server adds, one in a hundred edited, and some spelled otherwise.
 *
 * @param {any} object @param {number} index
 */
function asLive(object, index) {
  if (index % 100 === 0) object.spec.http[1].timeout = "6s";
  else if (index % 2 === 0 && index % 100 < 2 * respelledPercent + 2) object.spec.http[1].timeout = "5000ms";
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
