import type { EffectTable } from "../effect.ts";
import { times } from "../effect-values.ts";
import { added, any, falls, from, removed, rises, to } from "../effect-words.ts";

/**
 * Sentences about limits of connections (ConnectionPoolSettings), for a DestinationRule's clients and for a Sidecar's
 * own workload: 0 and none are no limit, or what Envoy assumes.
 * Facts: istio.io/api networking/v1alpha3/destination_rule.proto; istio
 * pilot/pkg/networking/core/cluster_traffic_policy.go:87-183.
 */

/** Rows about a limit that 0 lifts: `{value}` and `{git}` are in the sentence. */
function limit(what: string): EffectTable[string] {
  return [
    to(0, `${what} are no longer limited`),
    from(0, `at most {value} ${what} are allowed`),
    added(`at most {value} ${what} are allowed`),
    removed(`${what} are no longer limited`),
    rises(`up to {value} ${what} are allowed, no longer {git}`),
    falls(`only {value} ${what} are allowed, no longer {git}`),
  ];
}

/** Rows about a time limit. */
function time(what: string): EffectTable[string] {
  return [
    added(`${what} get a time limit of their own`),
    removed(`${what} have the default time limit`),
    rises((at) => `${what} may take ${times(at) ?? "much"} longer`),
    falls((at) => `${what} are given up ${times(at) ?? "much"} sooner`),
  ];
}

/** What changes of the limits at a path do. */
export function connectionPoolRows(path: string): EffectTable {
  return {
    [path]: [
      added("connections and requests get limits that Git does not have"),
      removed("connections and requests lose the limits that Git has"),
      any("connections and requests are limited differently"),
    ],
    [`${path}.tcp.maxConnections`]: limit("connections"),
    [`${path}.tcp.connectTimeout`]: time("attempts to connect"),
    [`${path}.tcp.tcpKeepalive`]: [any("connections without traffic are probed differently")],
    [`${path}.tcp.maxConnectionDuration`]: time("connections"),
    [`${path}.tcp.idleTimeout`]: time("idle connections"),
    [`${path}.http.http1MaxPendingRequests`]: limit("requests waiting for a connection"),
    [`${path}.http.http2MaxRequests`]: limit("requests at a time"),
    [`${path}.http.maxRequestsPerConnection`]: limit("requests for each connection"),
    [`${path}.http.maxRetries`]: limit("retries at a time"),
    [`${path}.http.idleTimeout`]: time("idle HTTP connections"),
    [`${path}.http.h2UpgradePolicy`]: [
      to("UPGRADE", "HTTP/1.1 requests are sent as HTTP/2"),
      to("DO_NOT_UPGRADE", "HTTP/1.1 requests are not sent as HTTP/2"),
      any("the mesh configuration decides whether HTTP/1.1 requests are sent as HTTP/2"),
    ],
    [`${path}.http.useClientProtocol`]: [
      to(true, "requests are sent in the version of HTTP that the client speaks"),
      any("the version of HTTP no longer follows the client"),
    ],
    [`${path}.http.maxConcurrentStreams`]: limit("streams for each HTTP/2 connection"),
  };
}
