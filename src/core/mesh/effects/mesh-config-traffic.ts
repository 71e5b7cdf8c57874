import type { EffectRow, EffectTable } from "../effect.ts";
import { nameOf, times, valueAt } from "../effect-values.ts";
import {
  added,
  any,
  changed,
  emptied,
  falls,
  filled,
  from,
  inside,
  listRows,
  removed,
  rises,
  to,
  told,
} from "../effect-words.ts";
import { retryRows } from "./retries.ts";

/**
 * Sentences about how the mesh configuration has traffic carried, taken in and logged, by the paths in it. Facts:
 * istio.io/api mesh/v1alpha1/config.proto; istio pkg/config/mesh/mesh.go:65-131 (what holds without a key),
 * pilot/pkg/config/kube/ingress/conversion.go (shouldProcessIngressWithClass).
 */

/** Which Ingress objects are served, from none to all. STRICT holds without the key; any other word is none. */
const ingressModes: readonly string[] = ["OFF", "STRICT", "DEFAULT"];

const ingressMode: EffectRow = told(({ desired, live }) => {
  const [before, after] = [desired, live].map((side) =>
    Math.max(0, ingressModes.indexOf(nameOf(side) ?? "STRICT")),
  );
  if (before === undefined || after === undefined || before === after) return undefined;
  if (after === 0) return { text: "Ingress objects are no longer served", direction: "strengthens" };
  if (after === 2) return { text: "Ingress objects without a class are served, too", direction: "weakens" };
  return before === 0
    ? { text: "Ingress objects of the mesh's class are served again", direction: "weakens" }
    : { text: "Ingress objects without a class are no longer served", direction: "strengthens" };
});

/** Rows about a list of providers that hold where a Telemetry names none. */
function providersByDefault(list: string, what: string, done: string): EffectTable {
  return listRows(`defaultProviders.${list}`, [
    emptied(`${what} are no longer ${done} by default`),
    filled(`${what} are ${done} by default, by the providers named`),
    added(`${what} also go to {value} by default`),
    removed(`${what} no longer go to {git} by default`),
    any(`${what} go to other providers by default`),
  ]);
}

const locality: readonly EffectRow[] = [
  to(false, "zones and regions no longer count in the choice of endpoints"),
  from(false, "endpoints near the client may be preferred"),
  any("zones and regions count as by default"),
];

function port(what: string): readonly EffectRow[] {
  return [
    changed(`proxies take ${what} on port {value}, no longer {git}`),
    any(`proxies take ${what} on another port`),
  ];
}

/** Rows by the paths in the mesh configuration. */
export const meshTraffic: EffectTable = {
  inboundTrafficPolicy: [any("requests reach applications at another of their addresses", "weakens")],
  proxyListenPort: port("outgoing connections"),
  proxyInboundListenPort: port("incoming connections"),
  proxyHttpPort: [any("applications find the HTTP proxy on another port, or none")],
  connectTimeout: [
    rises((at) => `attempts to connect may take ${times(at) ?? "much"} longer`),
    falls((at) => `attempts to connect are given up ${times(at) ?? "much"} sooner`),
    any("attempts to connect may take another time"),
  ],
  protocolDetectionTimeout: [any("the protocol of a connection is guessed for another time")],
  dnsRefreshRate: [
    rises("names of hosts are looked up less often"),
    falls("names of hosts are looked up more often"),
    any("names of hosts are looked up at another interval"),
  ],
  hboneIdleTimeout: [any("idle tunnels between proxies are closed at another time")],
  tcpKeepalive: [any("connections without traffic are probed differently")],
  h2UpgradePolicy: [
    to("UPGRADE", "HTTP/1.1 requests are sent as HTTP/2"),
    any("HTTP/1.1 requests are no longer sent as HTTP/2"),
  ],
  defaultHttpRetryPolicy: [
    added((at) =>
      valueAt(at.live, "attempts") === undefined
        ? "retries are now off, but for routes that ask for them"
        : "failed requests are tried again as written here, not by Istio's default",
    ),
    removed("failed requests are tried again by Istio's default"),
    any("failed requests are tried again differently"),
  ],
  ...retryRows("defaultHttpRetryPolicy"),
  localityLbSetting: [inside("enabled", locality), any("zones and regions share requests differently")],
  "localityLbSetting.enabled": locality,
  zoneAwareLbSetting: [any("zones share requests differently")],
  ingressControllerMode: [ingressMode, any("the same Ingress objects are served, by another word")],
  ingressClass: [any("Ingress objects of another class are served", "weakens")],
  ingressSelector: [any("another gateway serves Ingress objects", "weakens")],
  ingressService: [any("Ingress objects show the address of another Service")],
  accessLogFile: [
    to("", "access logs are now off unless a Telemetry asks for them"),
    removed("access logs are now off unless a Telemetry asks for them"),
    added("access logs are now on"),
    from("", "access logs are now on"),
    any("access logs are written to another file"),
  ],
  accessLogFormat: [any("access logs are written in another format")],
  accessLogEncoding: [
    to("JSON", "access logs are written as JSON"),
    any("access logs are written as text, no longer as JSON"),
  ],
  enableEnvoyAccessLogService: [
    to(true, "access logs are sent to the access log service"),
    any("access logs are no longer sent to the access log service"),
  ],
  disableEnvoyListenerLog: [
    to(true, "connections that no listener takes are no longer logged"),
    any("connections that no listener takes are logged"),
  ],
  enableTracing: [to(false, "tracing is now off"), any("tracing is now on")],
  enablePrometheusMerge: [
    to(false, "proxies no longer offer the metrics of their applications"),
    any("proxies offer the metrics of their applications"),
  ],
  inboundClusterStatName: [any("metrics of incoming requests have other names")],
  outboundClusterStatName: [any("metrics of outgoing requests have other names")],
  defaultProviders: [any("logs, metrics or spans go to other providers by default")],
  ...providersByDefault("tracing", "spans", "sent"),
  ...providersByDefault("metrics", "metrics", "made"),
  ...providersByDefault("accessLogging", "access logs", "written"),
};
