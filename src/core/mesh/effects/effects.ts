import type { Effect } from "../../model/finding.ts";
import type { GroupKind, Resource } from "../../model/resource.ts";
import { isSameKind } from "../../model/resource.ts";
import type { EffectTable, KindEffects } from "../effect.ts";
import { authorizationPolicyEffects } from "./authorization-policy.ts";
import { configMapEffects } from "./config-map.ts";
import { destinationRuleEffects } from "./destination-rule.ts";
import { envoyFilterEffects } from "./envoy-filter.ts";
import { gatewayEffects } from "./gateway.ts";
import { httpRouteEffects } from "./http-route.ts";
import { metadataEffects } from "./metadata.ts";
import { peerAuthenticationEffects } from "./peer-authentication.ts";
import { proxyConfigEffects } from "./proxy-config.ts";
import { requestAuthenticationEffects } from "./request-authentication.ts";
import { serviceEntryEffects } from "./service-entry.ts";
import { sidecarEffects } from "./sidecar.ts";
import { telemetryEffects } from "./telemetry.ts";
import { trafficExtensionEffects } from "./traffic-extension.ts";
import { virtualServiceEffects } from "./virtual-service.ts";
import { wasmPluginEffects } from "./wasm-plugin.ts";
import { workloadEntryEffects } from "./workload-entry.ts";
import { workloadGroupEffects } from "./workload-group.ts";

/** What differences do, kind by kind. */
export const kindEffects: readonly KindEffects[] = [
  virtualServiceEffects,
  destinationRuleEffects,
  gatewayEffects,
  serviceEntryEffects,
  sidecarEffects,
  workloadEntryEffects,
  workloadGroupEffects,
  envoyFilterEffects,
  proxyConfigEffects,
  authorizationPolicyEffects,
  peerAuthenticationEffects,
  requestAuthenticationEffects,
  telemetryEffects,
  wasmPluginEffects,
  trafficExtensionEffects,
  httpRouteEffects,
  configMapEffects,
];

const fieldsByKind = new Map(
  kindEffects.map((kind) => [nameOf(kind), { ...metadataEffects, ...kind.fields }] as const),
);

function nameOf({ group, kind }: GroupKind): string {
  return `${kind}.${group}`;
}

/** What changes of a kind's fields do, labels and annotations included; those alone for a kind without a table. */
export function effectsOf(kind: GroupKind): EffectTable {
  return fieldsByKind.get(nameOf(kind)) ?? metadataEffects;
}

/** What it does that an object is only in Git, or only live; undefined where nothing is known of its kind. */
export function wholeEffect(type: "missing" | "extra", resource: Resource): Effect | undefined {
  return kindEffects.find((kind) => isSameKind(kind, resource.key))?.[type](resource);
}
