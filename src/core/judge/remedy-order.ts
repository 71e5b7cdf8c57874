import type { Finding } from "../model/finding.ts";
import { compareKeys, formatKind } from "../model/resource.ts";

/**
 * The order in which objects are brought back: make before break. What others refer to comes first and goes last, and
 * what refuses requests stands before what lets them in.
 * Source: https://istio.io/latest/docs/ops/best-practices/traffic-management/ (make-before-break).
 */
const order: readonly string[] = [
  "Namespace",
  "ConfigMap",
  "GatewayClass.gateway.networking.k8s.io",
  // A policy that asks for what tokens say refuses everybody where no token is read.
  "RequestAuthentication.security.istio.io",
  "AuthorizationPolicy.security.istio.io",
  "EnvoyFilter.networking.istio.io",
  "WasmPlugin.extensions.istio.io",
  "TrafficExtension.extensions.istio.io",
  "ServiceEntry.networking.istio.io",
  "WorkloadGroup.networking.istio.io",
  "WorkloadEntry.networking.istio.io",
  "Gateway.networking.istio.io",
  "Gateway.gateway.networking.k8s.io",
  "ListenerSet.gateway.networking.k8s.io",
  "ReferenceGrant.gateway.networking.k8s.io",
  "BackendTLSPolicy.gateway.networking.k8s.io",
  "DestinationRule.networking.istio.io",
  // Clients encrypt before servers demand it.
  "PeerAuthentication.security.istio.io",
  "VirtualService.networking.istio.io",
  "HTTPRoute.gateway.networking.k8s.io",
  "GRPCRoute.gateway.networking.k8s.io",
  "TLSRoute.gateway.networking.k8s.io",
  "TCPRoute.gateway.networking.k8s.io",
  "UDPRoute.gateway.networking.k8s.io",
];

/** Lists of what routes refer to: an object that only loses items of one by going back waits for the routes. */
const referred: Readonly<Record<string, readonly string[]>> = {
  "DestinationRule.networking.istio.io": ["spec.subsets"],
  "Gateway.networking.istio.io": ["spec.servers"],
  "Gateway.gateway.networking.k8s.io": ["spec.listeners"],
  "ServiceEntry.networking.istio.io": ["spec.hosts"],
};

/** What going back to Git does to the lists that routes refer to. */
export function shiftOf({ key, changes }: Finding): "grows" | "shrinks" | "both" | "neither" {
  const lists = referred[formatKind(key)] ?? [];
  const inLists = changes.filter(({ path }) => lists.some((list) => path.startsWith(list)));
  const shrinks = inLists.some(({ type }) => type === "added");
  const grows = inLists.some(({ type }) => type === "removed");
  if (shrinks && grows) return "both";
  return shrinks ? "shrinks" : grows ? "grows" : "neither";
}

/** Sorts what is to be brought back: made first, then what only loses something, then what is deleted. */
export function inSafeOrder(findings: readonly Finding[]): readonly Finding[] {
  const made = findings.filter((one) => one.type !== "extra" && shiftOf(one) !== "shrinks").sort(forwards);
  const cut = findings.filter((one) => one.type !== "extra" && shiftOf(one) === "shrinks").sort(backwards);
  const deleted = findings.filter(({ type }) => type === "extra").sort(backwards);
  return [...made, ...cut, ...deleted];
}

function rankOf({ key }: Finding): number {
  const rank = order.indexOf(formatKind(key));
  return rank < 0 ? order.length : rank;
}

function forwards(a: Finding, b: Finding): number {
  return rankOf(a) - rankOf(b) || compareKeys(a.key, b.key);
}

function backwards(a: Finding, b: Finding): number {
  return forwards(b, a);
}
