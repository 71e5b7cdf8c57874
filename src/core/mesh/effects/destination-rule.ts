import type { Direction } from "../../model/finding.ts";
import { field, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { hostName, wholeAround } from "../effect-values.ts";
import {
  added,
  any,
  changed,
  effect,
  emptied,
  filled,
  from,
  listRows,
  removed,
  to,
} from "../effect-words.ts";
import { tlsModesOf } from "./client-tls.ts";
import { trafficPolicyRows } from "./traffic-policy.ts";
import { aboutTarget, newSubsetsTls, newSubsetTls } from "./traffic-policy-tls.ts";

/**
 * Sentences about DestinationRules: what clients do once a host is chosen. Facts: istio.io/api
 * networking/v1alpha3/destination_rule.proto; istio pilot/pkg/networking/core/destination_rule.go.
 */

/** Who no longer follows the rule no longer follows its TLS settings. */
function whereTls(at: Difference): Direction {
  const { desired, live } = wholeAround(at);
  return [desired, live].some((side) => tlsModesOf(side?.raw).length > 0) ? "weakens" : "neutral";
}

const fields: EffectTable = {
  spec: [any("clients treat the host differently", whereTls)],
  "spec.host": [
    changed((at) => {
      const [before, after] = [hostName(at.desired), hostName(at.live)];
      return before === undefined || after === undefined
        ? undefined
        : `its settings hold for ${after}, no longer for ${before}`;
    }, whereTls),
    any("its settings hold for another host", whereTls),
  ],
  ...trafficPolicyRows("spec.trafficPolicy"),
  "spec.subsets": [
    newSubsetsTls,
    added(aboutTarget("routes may name subsets of")),
    removed(aboutTarget("routes to subsets of", " find no endpoints any more")),
    any(aboutTarget("routes may name other subsets of")),
  ],
  "spec.subsets[]": [
    newSubsetTls,
    added(aboutTarget("routes may name")),
    removed(aboutTarget("routes to", " find no endpoints any more")),
    any(aboutTarget("clients treat", " differently")),
  ],
  "spec.subsets[].labels": [any(aboutTarget("other endpoints belong to"))],
  ...trafficPolicyRows("spec.subsets[].trafficPolicy"),
  ...listRows("spec.exportTo", [
    emptied("clients of every namespace may follow it", "weakens"),
    filled("only clients of the named namespaces follow it", whereTls),
    to("*", "clients of every namespace follow it", "weakens"),
    from("*", "only clients of the named namespaces follow it", whereTls),
    added("clients of namespace {value} follow it, too", "weakens"),
    removed("clients of namespace {git} no longer follow it", whereTls),
    any("clients of other namespaces follow it", "weakens"),
  ]),
  "spec.workloadSelector": [
    added("only the selected clients follow it", whereTls),
    removed("every client follows it, no longer the selected ones only", whereTls),
    any("other clients follow it", whereTls),
  ],
};

/** What it means that a DestinationRule is only in Git, or only live. */
export const destinationRuleEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "DestinationRule",
  fields,
  missing: (resource) => {
    const modes = tlsModesOf(resource.object);
    const host = hostOf(resource);
    return modes.some((mode) => mode !== "DISABLE")
      ? effect(`connections to ${host} no longer follow the TLS settings of Git`, "weakens")
      : effect(`clients of ${host} follow the defaults of the mesh`);
  },
  extra: (resource) => {
    const modes = tlsModesOf(resource.object);
    const host = hostOf(resource);
    if (modes.includes("DISABLE")) return effect(`connections to ${host} are no longer encrypted`, "weakens");
    return modes.length > 0
      ? effect(`connections to ${host} follow TLS settings that Git does not have`, "weakens")
      : effect(`clients of ${host} follow settings that Git does not have`);
  },
};

function hostOf({ object }: Resource): string {
  const host = textField(field(object, "spec"), "host");
  return host === "" || host.length > 60 ? "the host" : host;
}
