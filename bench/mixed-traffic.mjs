// Objects that lead traffic, one maker a kind: what a team writes for a service, of about 2 KB where people write that much.
// `edit` changes what it means, `respell` does not.

/** @typedef {{ apiVersion: string, kind: string, make: (name: string) => any, edit: (spec: any) => void, respell: (spec: any) => void }} Maker */

const istio = "networking.istio.io/v1";

/** Some of one thing. @template T @param {number} count @param {(index: number) => T} make @returns {T[]} */
export function some(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** @type {Maker} */
const virtualService = {
  apiVersion: istio,
  kind: "VirtualService",
  make: (name) => ({
    hosts: [name, `${name}.example.com`],
    gateways: ["mesh", "istio-system/gw"],
    http: some(5, (index) => ({
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
    })),
  }),
  edit: (spec) => (spec.http[1].timeout = "6s"),
  respell: (spec) => (spec.http[1].timeout = "5000ms"),
};

/** @type {Maker} */
const destinationRule = {
  apiVersion: istio,
  kind: "DestinationRule",
  make: (name) => {
    const policy = {
      connectionPool: {
        tcp: { maxConnections: 100 },
        http: { http2MaxRequests: 1000, maxRequestsPerConnection: 10 },
      },
      outlierDetection: { consecutive5xxErrors: 7, interval: "30s", baseEjectionTime: "60s" },
      tls: { mode: "ISTIO_MUTUAL" },
    };
    const subsets = some(5, (index) => ({
      name: `v${index}`,
      labels: { version: `v${index}` },
      trafficPolicy: policy,
    }));
    return { host: name, trafficPolicy: policy, subsets };
  },
  edit: (spec) => (spec.trafficPolicy.outlierDetection.interval = "31s"),
  respell: (spec) => spec.subsets.reverse(),
};

/** @type {Maker} */
const gateway = {
  apiVersion: istio,
  kind: "Gateway",
  make: (name) => ({
    selector: { istio: "ingressgateway" },
    servers: some(6, (index) => ({
      name: `https-${index}`,
      port: { number: 8443 + index, name: `https-${index}`, protocol: "HTTPS" },
      hosts: some(4, (host) => `team/${name}-${host}.example.com`),
      tls: { mode: "SIMPLE", credentialName: `${name}-${index}`, minProtocolVersion: "TLSV1_2" },
    })),
  }),
  edit: (spec) => (spec.servers[2].tls.minProtocolVersion = "TLSV1_3"),
  respell: (spec) => spec.servers[2].hosts.reverse(),
};

/** @type {Maker} */
const serviceEntry = {
  apiVersion: istio,
  kind: "ServiceEntry",
  make: (name) => ({
    hosts: some(4, (index) => `${name}-${index}.example.org`),
    addresses: some(8, (index) => `10.1.${index}.0/24`),
    location: "MESH_EXTERNAL",
    resolution: "STATIC",
    exportTo: [".", "istio-system"],
    ports: some(3, (index) => ({ number: 8080 + index, name: `http-${index}`, protocol: "HTTP" })),
    endpoints: some(8, (index) => ({
      address: `10.0.0.${index}`,
      locality: "eu/eu-1/a",
      weight: 10,
      labels: { app: name, version: "v1" },
      ports: { "http-0": 9080, "http-1": 9081 },
    })),
  }),
  edit: (spec) => (spec.endpoints[3].weight = 20),
  respell: (spec) => spec.hosts.reverse(),
};

/** @type {Maker} */
const sidecar = {
  apiVersion: istio,
  kind: "Sidecar",
  make: (name) => ({
    workloadSelector: { labels: { app: name } },
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    ingress: some(4, (index) => ({
      port: { number: 9080 + index, protocol: "HTTP", name: `in-${index}` },
      defaultEndpoint: `127.0.0.1:${8080 + index}`,
    })),
    egress: some(4, (index) => ({
      port: { number: 7080 + index, protocol: "HTTP", name: `out-${index}` },
      hosts: some(8, (host) => `team-${host}/service-${host}.team-${host}.svc.cluster.local`),
    })),
  }),
  edit: (spec) => (spec.egress[1].hosts[0] = "*/other.example.com"),
  respell: (spec) => spec.egress[1].hosts.reverse(),
};

/** @type {Maker} */
const workloadEntry = {
  apiVersion: istio,
  kind: "WorkloadEntry",
  make: (name) => ({
    address: "10.2.0.1",
    network: "vms",
    locality: "eu/eu-1/a",
    weight: 10,
    serviceAccount: name,
    labels: Object.fromEntries(some(12, (index) => [`example.com/label-${index}`, `${name}-${index}`])),
    ports: Object.fromEntries(some(12, (index) => [`port-${index}`, 8080 + index])),
  }),
  edit: (spec) => (spec.weight = 20),
  respell: (spec) => (spec.weight = "10"),
};

/** @type {Maker} */
const workloadGroup = {
  apiVersion: istio,
  kind: "WorkloadGroup",
  make: (name) => ({
    metadata: {
      labels: { app: name, version: "v1" },
      annotations: Object.fromEntries(
        some(8, (index) => [`example.com/note-${index}`, `${name} note ${index}`]),
      ),
    },
    template: {
      serviceAccount: name,
      network: "vms",
      labels: { app: name },
      ports: Object.fromEntries(some(12, (index) => [`port-${index}`, 8080 + index])),
    },
    probe: {
      initialDelaySeconds: 5,
      periodSeconds: 10,
      httpGet: { path: "/ready", port: 8080, httpHeaders: [{ name: "x-probe", value: "yes" }] },
    },
  }),
  edit: (spec) => (spec.probe.httpGet.path = "/healthy"),
  respell: (spec) => (spec.probe.timeoutSeconds = 1),
};

/** @type {Maker} */
const httpRoute = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  make: (name) => ({
    parentRefs: [{ name: "gw", namespace: "istio-system", sectionName: "https" }],
    hostnames: [`${name}.example.com`, `${name}.example.net`],
    rules: some(5, (index) => ({
      name: `rule-${index}`,
      matches: [
        {
          path: { type: "PathPrefix", value: `/api/v${index}` },
          headers: [{ name: "x-canary", value: "true" }],
        },
        { path: { type: "Exact", value: `/healthz/${index}` } },
      ],
      filters: [
        { type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "x-route", value: name }] } },
      ],
      timeouts: { request: "5s" },
      backendRefs: [
        { name: `${name}-v1`, port: 8080, weight: 90 },
        { name: `${name}-v2`, port: 8080, weight: 10 },
      ],
    })),
  }),
  edit: (spec) => (spec.rules[1].backendRefs[0].weight = 80),
  respell: (spec) => (spec.rules[1].backendRefs[0].kind = "Service"),
};

export const traffic = [
  virtualService,
  destinationRule,
  gateway,
  serviceEntry,
  sidecar,
  workloadEntry,
  workloadGroup,
  httpRoute,
];
