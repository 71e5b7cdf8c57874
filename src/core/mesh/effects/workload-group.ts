import type { EffectTable, KindEffects } from "../effect.ts";
import { times } from "../effect-values.ts";
import { added, any, changed, falls, removed, rises } from "../effect-words.ts";
import { endpointRows } from "./endpoint.ts";

/**
 * Sentences about WorkloadGroups: what machines that register themselves are like. Facts: istio.io/api
 * networking/v1alpha3/workload_group.proto; istio pkg/istio-agent/health/health_check.go:53-72.
 */

function threshold(what: string): EffectTable[string] {
  return [
    changed(`a machine ${what} {value} times in a row, no longer {git}`),
    added(`a machine ${what} {value} times in a row, no longer once`),
    any(`a machine ${what} once`),
  ];
}

const fields: EffectTable = {
  spec: [any("machines that register are described differently", "weakens")],
  "spec.metadata": [any("machines that register get other labels or annotations")],
  "spec.metadata.labels": [any("other Services, subsets and policies select machines that register")],
  "spec.template": [
    removed("machines that register get nothing of the template", "weakens"),
    any("machines that register are described differently", "weakens"),
  ],
  ...endpointRows("spec.template"),
  "spec.probe": [
    added("machines get traffic only while they pass a probe"),
    removed("machines get traffic whether they are healthy or not"),
    any("the health of machines is probed differently"),
  ],
  "spec.probe.timeoutSeconds": [
    rises((at) => `a probe may take ${times(at) ?? "much"} longer`),
    falls((at) => `a probe is given up ${times(at) ?? "much"} sooner`),
    any("a probe may take another time"),
  ],
  "spec.probe.periodSeconds": [
    rises((at) => `machines are probed ${times(at) ?? "much"} less often`),
    falls((at) => `machines are probed ${times(at) ?? "much"} more often`),
    any("machines are probed at another interval"),
  ],
  "spec.probe.successThreshold": threshold("is healthy when it passes its probe"),
  "spec.probe.failureThreshold": threshold("gets no traffic when it fails its probe"),
};

/** What it means that a WorkloadGroup is only in Git, or only live. */
export const workloadGroupEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "WorkloadGroup",
  fields,
  missing: () => ({ text: "machines of the group can no longer register themselves", direction: "neutral" }),
  extra: () => ({
    text: "machines may register themselves for a group that Git does not have",
    direction: "weakens",
  }),
};
