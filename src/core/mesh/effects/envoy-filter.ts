import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { eitherSide, itemAround, nameAt } from "../effect-values.ts";
import { added, any, removed, reordered, to } from "../effect-words.ts";
import { field, textField } from "../../model/json.ts";
import { listAt } from "../sites.ts";

/**
 * Sentences about EnvoyFilters. A patch may do anything to a proxy, so that no change of one is sure to be harmless.
 * Facts: istio.io/api networking/v1alpha3/envoy_filter.proto:23-28, 972-990; istio pilot/pkg/model/envoyfilter.go.
 */

/** What a patch is applied to, as people call it. */
const words: Readonly<Record<string, string>> = {
  LISTENER: "listeners",
  FILTER_CHAIN: "filter chains",
  NETWORK_FILTER: "network filters",
  HTTP_FILTER: "HTTP filters",
  ROUTE_CONFIGURATION: "route configurations",
  VIRTUAL_HOST: "virtual hosts",
  HTTP_ROUTE: "HTTP routes",
  CLUSTER: "clusters",
  EXTENSION_CONFIG: "extensions",
  BOOTSTRAP: "the bootstrap",
  LISTENER_FILTER: "listener filters",
};

function patched(at: Difference): string {
  const applyTo = nameAt(eitherSide(itemAround(at, "configPatches")), "applyTo") ?? "";
  return `${words[applyTo] ?? "a part"} of the proxies`;
}

function about(before: string, after = ""): (at: Difference) => string {
  return (at) => `${before}${patched(at)}${after}`;
}

const fields: EffectTable = {
  spec: [any("proxies are patched in another way", "weakens")],
  "spec.workloadSelector": [
    added("only the selected proxies are patched", "weakens"),
    removed("every proxy is patched, no longer the selected ones only", "weakens"),
    any("other proxies are patched", "weakens"),
  ],
  "spec.targetRefs": [any("other proxies are patched", "weakens")],
  "spec.configPatches": [
    reordered("patches are applied in another order", "weakens"),
    added("proxies are patched, which Git does not say", "weakens"),
    removed("proxies are no longer patched", "weakens"),
    any("proxies are patched in another way", "weakens"),
  ],
  "spec.configPatches[]": [
    added(about("", " are patched, which Git does not say"), "weakens"),
    removed(about("", " are no longer patched as Git says"), "weakens"),
    any(about("", " are patched in another way"), "weakens"),
  ],
  "spec.configPatches[].applyTo": [any("another part of the proxies is patched", "weakens")],
  "spec.configPatches[].match": [
    removed(about("a patch applies to all "), "weakens"),
    any(about("a patch applies to other "), "weakens"),
  ],
  "spec.configPatches[].match.context": [
    to("GATEWAY", "a patch applies to gateways only", "weakens"),
    to("SIDECAR_INBOUND", "a patch applies only to what workloads receive", "weakens"),
    to("SIDECAR_OUTBOUND", "a patch applies only to what workloads send", "weakens"),
    any("a patch applies to gateways and to whatever workloads send and receive", "weakens"),
  ],
  "spec.configPatches[].patch.operation": [
    to("REMOVE", about("parts are taken away from "), "weakens"),
    any(about("", " are patched in another way"), "weakens"),
  ],
  "spec.configPatches[].patch.value": [any(about("a patch sets something else in "), "weakens")],
  "spec.configPatches[].patch.filterClass": [
    any("a filter stands at another place among those of authentication and authorization", "weakens"),
  ],
  "spec.priority": [any("patches are applied before or after other EnvoyFilters than Git says", "weakens")],
  "spec.workloadLabels": [any("a field that Istio no longer reads has another value")],
  "spec.filters": [any("a field that Istio no longer reads has another value")],
};

/** What it means that an EnvoyFilter is only in Git, or only live. */
export const envoyFilterEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "EnvoyFilter",
  fields,
  missing: ({ object }) => ({ text: `${partsOf(object)} are no longer patched`, direction: "weakens" }),
  extra: ({ object }) => ({
    text: `${partsOf(object)} are patched, which Git does not say`,
    direction: "weakens",
  }),
};

function partsOf(object: Parameters<typeof field>[0]): string {
  const parts = listAt(field(object, "spec"), "configPatches").map((patch) => textField(patch, "applyTo"));
  const [first, ...others] = new Set(parts.map((part) => words[part] ?? "parts"));
  if (first === undefined || others.length > 0) return "parts of the proxies";
  return `${first} of the proxies`;
}
