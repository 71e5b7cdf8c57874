import type { EffectRow, EffectTable } from "../effect.ts";
import { times } from "../effect-values.ts";
import { added, any, changed, falls, from, inside, removed, rises, to } from "../effect-words.ts";
import { clientRows, furtherCaRows } from "./mesh-config-security.ts";
import { environmentRows, imageRows } from "./proxy-config.ts";

/**
 * Sentences about what all proxies are started with (ProxyConfig of MeshConfig), by the paths in the mesh
 * configuration. Facts: istio.io/api mesh/v1alpha1/proxy.proto; istio pkg/config/mesh/mesh.go:38-55.
 */

const block = "defaultConfig";

const sampling: readonly EffectRow[] = [
  to(0, "no requests are traced any more unless a caller asks for it"),
  changed("{git} % -> {value} % of requests are traced"),
  added("{value} % of requests are traced, no longer the default share"),
  removed("the default share of requests is traced, no longer {git} %"),
  any("another share of requests is traced"),
];

const tracing: EffectTable = {
  [`${block}.tracing`]: [inside("sampling", sampling), any("requests are traced differently")],
  [`${block}.tracing.sampling`]: sampling,
  [`${block}.tracing.customTags`]: [any("spans have other tags")],
  [`${block}.tracing.maxPathTagLength`]: [any("spans hold more or less of a path")],
  [`${block}.tracing.enableIstioTags`]: [
    to(false, "spans lose the tags of Istio"),
    any("spans have the tags of Istio"),
  ],
  ...clientRows(`${block}.tracing.tlsSettings`, "the tracer"),
  [`${block}.tracingServiceName`]: [any("spans name services differently")],
  [`${block}.serviceCluster`]: [any("spans and metrics name services differently")],
  [`${block}.zipkinAddress`]: [any("spans go to another place")],
};

function serviceRows(path: string, what: string, server: string): EffectTable {
  return {
    [path]: [
      added(`${what} are sent to a service`),
      removed(`${what} are no longer sent to a service`),
      any(`${what} are sent in another way or to another place`),
    ],
    ...clientRows(`${path}.tlsSettings`, server),
  };
}

function drain(what: string): EffectTable[string] {
  return [
    rises((at) => `${what} are left ${times(at) ?? "much"} longer to end`),
    falls((at) => `${what} are left a time ${times(at) ?? "much"} shorter to end`),
    any(`${what} are left another time to end`),
  ];
}

const telemetry: EffectTable = {
  ...serviceRows(`${block}.envoyAccessLogService`, "access logs", "the access log service"),
  ...serviceRows(`${block}.envoyMetricsService`, "metrics", "the metrics service"),
  [`${block}.envoyMetricsServiceAddress`]: [any("metrics are sent to another place")],
  [`${block}.statsdUdpAddress`]: [any("metrics are sent to another place")],
  [`${block}.statNameLength`]: [any("names of metrics are cut at another length")],
  [`${block}.extraStatTags`]: [any("metrics may have other tags")],
  [`${block}.proxyStatsMatcher`]: [any("proxies report other metrics")],
  [`${block}.statsCompression`]: [any("metrics are compressed, or not")],
  [`${block}.fileFlushInterval`]: [any("access logs are written to files at other times")],
  [`${block}.fileFlushMinSizeKb`]: [any("access logs are written to files at other times")],
  [`${block}.meshId`]: [any("proxies name another mesh as theirs")],
};

const callers = "what proxies tell of callers' certificates is taken from elsewhere";

const headers: EffectTable = {
  [`${block}.proxyHeaders`]: [any("proxies set, keep or drop other headers", "weakens")],
  [`${block}.proxyHeaders.forwardedClientCert`]: [any(callers, "weakens")],
  [`${block}.proxyHeaders.setCurrentClientCertDetails`]: [
    any("workloads are told other details of callers' certificates", "weakens"),
  ],
  [`${block}.proxyHeaders.requestId`]: [any("requests get an ID from proxies, or none")],
  [`${block}.proxyHeaders.server`]: [any("answers name another server")],
  [`${block}.proxyHeaders.attemptCount`]: [any("workloads are told of the number of attempts, or not")],
  [`${block}.proxyHeaders.envoyDebugHeaders`]: [any("answers carry headers for debugging, or none")],
  [`${block}.proxyHeaders.metadataExchangeHeaders`]: [
    added("headers about workloads stay inside the mesh", "strengthens"),
    any("headers about workloads leave the mesh", "weakens"),
  ],
  [`${block}.proxyHeaders.preserveHttp1HeaderCase`]: [any("names of headers keep their case, or not")],
  [`${block}.gatewayTopology`]: [any("gateways take what they know of callers from elsewhere", "weakens")],
  [`${block}.gatewayTopology.numTrustedProxies`]: [
    changed(
      "gateways take callers' addresses from hop {value} before them, no longer from hop {git}",
      "weakens",
    ),
    any("gateways take callers' addresses from another hop before them", "weakens"),
  ],
  [`${block}.gatewayTopology.forwardClientCertDetails`]: [any(callers, "weakens")],
  [`${block}.gatewayTopology.proxyProtocol`]: [
    added("gateways believe the PROXY header about callers' addresses", "weakens"),
    any("gateways no longer take callers' addresses from the PROXY header", "weakens"),
  ],
};

const start: EffectTable = {
  [`${block}.concurrency`]: [
    to(0, "proxies use a thread for every core"),
    changed("proxies use {value} threads, no longer {git}"),
    added("proxies use {value} threads, not as many as their limit of CPU says"),
    any("the limit of CPU decides how many threads proxies use"),
  ],
  ...environmentRows(`${block}.proxyMetadata`),
  ...imageRows(`${block}.image`),
  [`${block}.binaryPath`]: [any("another program runs as the proxy", "weakens")],
  [`${block}.customConfigFile`]: [any("proxies start from another configuration file", "weakens")],
  [`${block}.proxyBootstrapTemplatePath`]: [any("proxies start from another template", "weakens")],
  [`${block}.configPath`]: [any("proxies write their configuration to another folder")],
  [`${block}.runtimeValues`]: [any("proxies run with other values of Envoy's runtime", "weakens")],
  [`${block}.holdApplicationUntilProxyStarts`]: [
    to(true, "applications start only when their proxy is ready"),
    any("applications may start before their proxy is ready"),
  ],
  [`${block}.readinessProbe`]: [any("whether a proxy is ready is probed differently")],
  [`${block}.statusPort`]: [any("proxies tell of their state on another port")],
  [`${block}.proxyAdminPort`]: [any("proxies take administrators' requests on another port")],
  [`${block}.drainDuration`]: drain("connections of an old configuration"),
  [`${block}.terminationDrainDuration`]: drain("connections of a proxy that stops"),
  [`${block}.availabilityZone`]: [any("proxies count as in another zone")],
};

const trust: EffectTable = {
  [`${block}.discoveryAddress`]: [
    changed("proxies are configured by {value}, no longer by {git}", "weakens"),
    added("proxies are configured by {value}, not the default istiod", "weakens"),
    removed("proxies are configured by the default istiod, no longer by {git}", "weakens"),
    any("proxies are configured by another istiod", "weakens"),
  ],
  [`${block}.discoveryRefreshDelay`]: [any("proxies ask for their configuration at another interval")],
  [`${block}.controlPlaneAuthPolicy`]: [
    to("NONE", "proxies talk to istiod without mutual TLS", "weakens"),
    from("NONE", "proxies talk to istiod with mutual TLS", "strengthens"),
    any("proxies talk to istiod in another way", "weakens"),
  ],
  [`${block}.interceptionMode`]: [
    to("NONE", "proxies no longer take over the traffic of workloads", "weakens"),
    from("NONE", "proxies take over the traffic of workloads", "strengthens"),
    any("proxies take over the traffic of workloads by another means"),
  ],
  [`${block}.sds`]: [any("proxies get keys and certificates from elsewhere", "weakens")],
  [`${block}.privateKeyProvider`]: [any("private keys are handled by other hardware or software", "weakens")],
  ...furtherCaRows(`${block}.caCertificatesPem`),
};

/** Rows by the paths in the mesh configuration. */
export const meshProxy: EffectTable = {
  [block]: [any("proxies are started with other settings", "weakens")],
  ...tracing,
  ...telemetry,
  ...headers,
  ...start,
  ...trust,
};
