import { namespaceKind, type ResourceKey } from "../model/resource.ts";
import { authorizationPolicy } from "./kinds/authorization-policy.ts";
import { configMap } from "./kinds/config-map.ts";
import { destinationRule } from "./kinds/destination-rule.ts";
import { envoyFilter } from "./kinds/envoy-filter.ts";
import { gateway } from "./kinds/gateway.ts";
import { httpRoute } from "./kinds/http-route.ts";
import { peerAuthentication } from "./kinds/peer-authentication.ts";
import { proxyConfig } from "./kinds/proxy-config.ts";
import { requestAuthentication } from "./kinds/request-authentication.ts";
import { serviceEntry } from "./kinds/service-entry.ts";
import { sidecar } from "./kinds/sidecar.ts";
import { telemetry } from "./kinds/telemetry.ts";
import { trafficExtension } from "./kinds/traffic-extension.ts";
import { virtualService } from "./kinds/virtual-service.ts";
import { wasmPlugin } from "./kinds/wasm-plugin.ts";
import { workloadEntry } from "./kinds/workload-entry.ts";
import { workloadGroup } from "./kinds/workload-group.ts";
import { asItStands } from "./secrets.ts";
import type { KindTable } from "./table.ts";

/** A kind that the mesh reads. */
export interface MeshKind {
  readonly group: string;
  readonly kind: string;
  readonly scope: "namespaced" | "cluster";
  readonly table: KindTable;
}

/** The tables of meaning, in the order of the documentation. */
const tables: readonly KindTable[] = [
  virtualService,
  destinationRule,
  gateway,
  serviceEntry,
  sidecar,
  workloadEntry,
  workloadGroup,
  envoyFilter,
  proxyConfig,
  authorizationPolicy,
  peerAuthentication,
  requestAuthentication,
  telemetry,
  wasmPlugin,
  trafficExtension,
  httpRoute,
  configMap,
];

/** Kinds of the mesh by group; those in `cluster` have no namespace. */
const groups: readonly { group: string; kinds: readonly string[]; cluster?: readonly string[] }[] = [
  {
    group: "networking.istio.io",
    kinds: [
      "VirtualService",
      "DestinationRule",
      "Gateway",
      "ServiceEntry",
      "Sidecar",
      "WorkloadEntry",
      "WorkloadGroup",
      "EnvoyFilter",
      "ProxyConfig",
    ],
  },
  {
    group: "security.istio.io",
    kinds: ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"],
  },
  { group: "telemetry.istio.io", kinds: ["Telemetry"] },
  { group: "extensions.istio.io", kinds: ["WasmPlugin", "TrafficExtension"] },
  {
    group: "gateway.networking.k8s.io",
    kinds: [
      "Gateway",
      "HTTPRoute",
      "GRPCRoute",
      "TLSRoute",
      "TCPRoute",
      "UDPRoute",
      "ReferenceGrant",
      "BackendTLSPolicy",
      "ListenerSet",
    ],
    cluster: ["GatewayClass"],
  },
  { group: "", kinds: ["ConfigMap"], cluster: ["Namespace"] },
];

/**
 * What labels and annotations decide, of kinds without a table: labels of what istiod makes for a gateway (with its
 * annotations, such as those for a cloud's load balancer), or of a namespace that discovery selectors and allowed
 * routes select by them.
 * Sources: istio deploymentcontroller.go:495; gateway-api v1 shared_types.go, RouteNamespaces.
 */
const readMetadata: Readonly<Record<string, Pick<KindTable, "labels" | "annotations">>> = {
  "Gateway.gateway.networking.k8s.io": { labels: "read", annotations: "read" },
  "Namespace.": { labels: "declared" },
};

function structuralTable(group: string, kind: string): KindTable {
  // A Namespace has no spec that the mesh reads.
  const fields = kind === namespaceKind.kind ? {} : { spec: asItStands };
  return { group, kind, fields, ...readMetadata[`${kind}.${group}`], structural: true };
}

/** Every kind of the mesh, with its table. */
export const meshKinds: readonly MeshKind[] = groups.flatMap(({ group, kinds, cluster = [] }) =>
  [...kinds, ...cluster].map((kind) => ({
    group,
    kind,
    scope: cluster.includes(kind) ? ("cluster" as const) : ("namespaced" as const),
    table:
      tables.find((table) => table.group === group && table.kind === kind) ?? structuralTable(group, kind),
  })),
);

const byName = new Map(meshKinds.map((kind) => [`${kind.kind}.${kind.group}`, kind]));

/** The mesh kind of a key, or undefined where the mesh does not read it (a Deployment) or does not know it (a typo). */
export function meshKindOf(key: Pick<ResourceKey, "group" | "kind">): MeshKind | undefined {
  return byName.get(`${key.kind}.${key.group}`);
}

/** Whether every kind of this group is the mesh's: an unknown kind in it is a typo or too new, not somebody else's. */
export function isMeshGroup(group: string): boolean {
  return group !== "" && groups.some((known) => known.group === group);
}
