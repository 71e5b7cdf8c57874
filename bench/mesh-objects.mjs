// The objects a cluster is filled with: half VirtualServices, half DestinationRules, in 20 namespaces.

export const namespaceCount = 20;

/** One of the objects, always the same one. @param {number} index @param {string} [team] what its namespace begins with */
export function meshObject(index, team = "team") {
  const place = { name: `svc-${index >> 1}`, namespace: namespaceOf(index, team) };
  return index % 2 === 0 ? virtualService(place) : destinationRule(place);
}

/** @param {number} index @param {string} team */
export function namespaceOf(index, team) {
  return `${team}-${(index >> 1) % namespaceCount}`;
}

/** The same as somebody left it in the cluster: of every ten objects one has another value. @param {number} index @param {string} [team] */
export function liveObject(index, team) {
  const object = meshObject(index, team);
  if (!isChanged(index)) return object;
  if (object.kind === "VirtualService") object.spec.http[1].timeout = "6s";
  else object.spec.trafficPolicy.outlierDetection.interval = "31s";
  return object;
}

/** One of the ten VirtualServices, and one of the ten DestinationRules, of every twenty objects. @param {number} index */
function isChanged(index) {
  return index % 20 === 0 || index % 20 === 11;
}

/** @param {{ name: string, namespace: string }} place @returns {any} */
export function virtualService({ name, namespace }) {
  const retries = { attempts: 3, perTryTimeout: "2s", retryOn: "5xx,reset" };
  const to = (/** @type {string} */ subset) => ({ destination: { host: name, subset } });
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      hosts: [name],
      gateways: ["mesh", "istio-system/gw"],
      http: [
        {
          name: "canary",
          match: [{ headers: { "x-canary": { exact: "true" } }, uri: { prefix: "/api" } }],
          route: [{ destination: { host: name, subset: "v2", port: { number: 8080 } } }],
        },
        {
          name: "main",
          timeout: "5s",
          retries,
          route: [
            { ...to("v1"), weight: 90 },
            { ...to("v2"), weight: 10 },
          ],
        },
      ],
    },
  };
}

/** @param {{ name: string, namespace: string }} place @returns {any} */
function destinationRule({ name, namespace }) {
  const http = { http2MaxRequests: 1000, maxRequestsPerConnection: 10 };
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      host: name,
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 100 }, http },
        outlierDetection: { consecutive5xxErrors: 7, interval: "30s", baseEjectionTime: "60s" },
        tls: { mode: "ISTIO_MUTUAL" },
      },
      subsets: [
        { name: "v1", labels: { version: "v1" } },
        {
          name: "v2",
          labels: { version: "v2" },
          trafficPolicy: { loadBalancer: { simple: "LEAST_REQUEST" } },
        },
      ],
    },
  };
}
