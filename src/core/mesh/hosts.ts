import type { Json } from "../model/json.ts";
import type { FieldRow, Site } from "./table.ts";

/** How Istio reads names of hosts, gateways and namespaces (istio pilot/pkg/model/config.go:209-293). */

const ipAddress = /^(?:\d{1,3}\.){3}\d{1,3}$|:/;

/**
 * A short host name belongs to the namespace of the object it stands in. Only a name without any dot is short:
 * `reviews.shop` is taken as it stands and is not `reviews.shop.svc.cluster.local`.
 */
export function fullHost(value: Json, at: Site): Json {
  if (typeof value !== "string") return value;
  return resolveHost(value, at.object.key.namespace, at.facts.domain);
}

/** The same, for a name in an object of a namespace. */
export function resolveHost(host: string, namespace: string, domain: string): string {
  if (host === "" || host === "*" || host.includes(".") || ipAddress.test(host)) return host;
  return `${host}.${namespace}.svc.${domain}`;
}

/** For the host of a destination, of a DestinationRule, and the hosts of a VirtualService. */
export const shortHost: FieldRow = {
  id: "host/short-name",
  level: "E2",
  type: "rewrite",
  reason: "A host name without dots is the Service of that name in the object's own namespace.",
  source: "istio pilot/pkg/model/config.go:209-241 (ResolveShortnameToFQDN)",
  to: fullHost,
};

/** For the gateways of a VirtualService. `mesh` is no gateway but every sidecar. */
export const gatewayName: FieldRow = {
  id: "host/gateway-name",
  level: "E2",
  type: "rewrite",
  reason: "A gateway without a namespace is the one in the object's own namespace.",
  source: "istio pilot/pkg/model/config.go:245-270 (resolveGatewayName)",
  to: fullGateway,
};

/** The full name of a gateway: `namespace/name`, or `mesh`. */
export function fullGateway(value: Json, at: Site): Json {
  return typeof value === "string" ? resolveGateway(value, at.object.key.namespace) : value;
}

/** The same, for a name in an object of a namespace. */
export function resolveGateway(gateway: string, own: string): string {
  if (gateway === "mesh" || gateway === "") return gateway;
  if (gateway.startsWith("./")) return `${own}/${gateway.slice(2)}`;
  if (gateway.includes("/")) return gateway;
  const [name = "", namespace, ...rest] = gateway.split(".");
  if (namespace === undefined) return `${own}/${gateway}`;
  // The old form name.namespace[.svc.domain] names the namespace in its second part.
  return rest.length === 0 || rest[0] === "svc" ? `${namespace}/${name}` : gateway;
}

/** For exportTo of VirtualService and ServiceEntry: a dot is the object's own namespace. */
export const ownNamespace: FieldRow = {
  id: "export-to/own-namespace",
  level: "E2",
  type: "rewrite",
  reason: 'In exportTo "." is the object\'s own namespace.',
  source: "istio pilot/pkg/model/virtualservice_controller.go:350-364; push_context.go:1117-1128",
  to: (value, at) => (value === "." ? at.object.key.namespace : value),
};
