// Objects that say who may do what, what is seen of it, and what else the proxies do: one maker a kind.
import { some } from "./mixed-traffic.mjs";

/** @typedef {import("./mixed-traffic.mjs").Maker} Maker */

const selector = (/** @type {string} */ name) => ({ matchLabels: { app: name } });

/** @type {Maker} */
const envoyFilter = {
  apiVersion: "networking.istio.io/v1alpha3",
  kind: "EnvoyFilter",
  make: (name) => ({
    workloadSelector: { labels: { app: name } },
    configPatches: some(3, (index) => ({
      applyTo: "HTTP_FILTER",
      match: {
        context: "SIDECAR_INBOUND",
        listener: {
          portNumber: 8080 + index,
          filterChain: {
            filter: {
              name: "envoy.filters.network.http_connection_manager",
              subFilter: { name: "envoy.filters.http.router" },
            },
          },
        },
      },
      patch: {
        operation: "INSERT_BEFORE",
        value: {
          name: `envoy.filters.http.local_ratelimit.${index}`,
          typed_config: {
            "@type": "type.googleapis.com/udpa.type.v1.TypedStruct",
            type_url: "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
            value: {
              stat_prefix: `${name}_limiter`,
              token_bucket: { max_tokens: 100, tokens_per_fill: 100, fill_interval: "60s" },
              filter_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } },
            },
          },
        },
      },
    })),
  }),
  edit: (spec) => (spec.configPatches[1].patch.value.typed_config.value.token_bucket.max_tokens = 10),
  respell: (spec) => (spec.priority = 0),
};

/** @type {Maker} */
const proxyConfig = {
  apiVersion: "networking.istio.io/v1beta1",
  kind: "ProxyConfig",
  make: (name) => ({
    selector: selector(name),
    concurrency: 2,
    image: { imageType: "distroless" },
    environmentVariables: Object.fromEntries(some(20, (index) => [`SETTING_${index}`, `${name}-${index}`])),
  }),
  edit: (spec) => (spec.concurrency = 4),
  respell: (spec) => (spec.concurrency = "2"),
};

/** @type {Maker} */
const authorizationPolicy = {
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  make: (name) => ({
    selector: selector(name),
    action: "ALLOW",
    rules: some(5, (index) => ({
      from: [
        {
          source: {
            principals: some(4, (team) => `cluster.local/ns/team-${team}/sa/caller-${index}`),
            namespaces: [`team-${index}`],
          },
        },
      ],
      to: [{ operation: { methods: ["GET", "POST", "HEAD"], paths: [`/api/v${index}/*`, "/healthz"] } }],
      when: [{ key: "request.auth.claims[iss]", values: ["https://login.example.com", `team-${index}`] }],
    })),
  }),
  edit: (spec) => spec.rules[1].to[0].operation.methods.push("DELETE"),
  respell: (spec) => spec.rules[1].to[0].operation.methods.reverse(),
};

/** @type {Maker} */
const peerAuthentication = {
  apiVersion: "security.istio.io/v1",
  kind: "PeerAuthentication",
  make: (name) => ({
    selector: selector(name),
    mtls: { mode: "STRICT" },
    portLevelMtls: Object.fromEntries(some(30, (index) => [String(8080 + index), { mode: "STRICT" }])),
  }),
  edit: (spec) => (spec.portLevelMtls["8081"].mode = "PERMISSIVE"),
  respell: (spec) => spec,
};

/** @type {Maker} */
const requestAuthentication = {
  apiVersion: "security.istio.io/v1",
  kind: "RequestAuthentication",
  make: (name) => ({
    selector: selector(name),
    jwtRules: some(5, (index) => ({
      issuer: `https://login-${index}.example.com`,
      jwksUri: `https://login-${index}.example.com/.well-known/jwks.json`,
      audiences: [name, "mesh", "shop"],
      fromHeaders: [{ name: "x-token", prefix: "Bearer " }, { name: "authorization" }],
      fromParams: ["token", "access_token"],
      outputClaimToHeaders: [{ header: "x-user", claim: "sub" }],
      forwardOriginalToken: true,
    })),
  }),
  edit: (spec) => (spec.jwtRules[1].forwardOriginalToken = false),
  respell: (spec) => spec.jwtRules[1].audiences.reverse(),
};

/** @type {Maker} */
const telemetry = {
  apiVersion: "telemetry.istio.io/v1",
  kind: "Telemetry",
  make: (name) => ({
    selector: selector(name),
    tracing: [
      {
        providers: [{ name: "zipkin" }],
        randomSamplingPercentage: 10,
        customTags: Object.fromEntries(some(5, (index) => [`tag-${index}`, { literal: { value: name } }])),
      },
    ],
    metrics: [
      {
        providers: [{ name: "prometheus" }],
        overrides: some(6, (index) => ({
          match: { metric: index % 2 === 0 ? "REQUEST_COUNT" : "REQUEST_DURATION", mode: "SERVER" },
          tagOverrides: { [`tag_${index}`]: { operation: "UPSERT", value: "request.host" } },
        })),
      },
    ],
    accessLogging: [{ providers: [{ name: "otel" }], filter: { expression: "response.code >= 400" } }],
  }),
  edit: (spec) => (spec.tracing[0].randomSamplingPercentage = 100),
  respell: (spec) => (spec.tracing[0].randomSamplingPercentage = "10"),
};

/** Code that is fetched, and what it is told. @param {string} name */
const code = (name) => ({
  url: `oci://registry.example.com/filters/${name}:1.2.3`,
  imagePullPolicy: "IfNotPresent",
  sha256: "0123456789abcdef".repeat(4),
  pluginConfig: {
    rules: some(8, (index) => ({ path: `/api/v${index}`, limit: 10 * index, audience: name })),
  },
  vmConfig: { env: some(4, (index) => ({ name: `SETTING_${index}`, valueFrom: "INLINE", value: name })) },
});

/** @type {Maker} */
const wasmPlugin = {
  apiVersion: "extensions.istio.io/v1alpha1",
  kind: "WasmPlugin",
  make: (name) => ({
    selector: selector(name),
    phase: "AUTHN",
    priority: 10,
    match: [{ mode: "SERVER", ports: [{ number: 8080 }, { number: 8443 }] }],
    ...code(name),
  }),
  edit: (spec) => (spec.pluginConfig.rules[1].limit = 7),
  respell: (spec) => (spec.priority = "10"),
};

/** @type {Maker} */
const trafficExtension = {
  apiVersion: "extensions.istio.io/v1alpha1",
  kind: "TrafficExtension",
  make: (name) => ({
    selector: selector(name),
    phase: "STATS",
    priority: 10,
    match: [{ mode: "SERVER", ports: [{ number: 8080 }] }],
    wasm: code(name),
  }),
  edit: (spec) => (spec.wasm.pluginConfig.rules[1].limit = 7),
  respell: (spec) => (spec.priority = "10"),
};

export const policies = [
  envoyFilter,
  proxyConfig,
  authorizationPolicy,
  peerAuthentication,
  requestAuthentication,
  telemetry,
  wasmPlugin,
  trafficExtension,
];
