import { field, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import type { EffectTable } from "../effect.ts";
import { added, any, changed, from, named, removed, to } from "../effect-words.ts";

const dryRun = "istio.io/dry-run";

/** What Go reads as true. */
const isTrue: readonly string[] = ["1", "t", "T", "TRUE", "true", "True"];

/** Whether a policy is only logged, not enforced. */
export function isDryRun({ object }: Resource): boolean {
  return isTrue.includes(textField(field(field(object, "metadata"), "annotations"), dryRun));
}

/**
 * What labels and annotations decide that the mesh reads on any kind.
 * Sources: istio pkg/config/model.go:111-124 (revision); pilot/pkg/security/authz/builder/builder.go:152-162 (dry run);
 * api annotation/annotations.yaml, label/labels.yaml.
 */
export const metadataEffects: EffectTable = {
  "metadata.labels.*": [
    ...named("istio.io/rev", [
      added("only the control plane of revision {value} reads it", "weakens"),
      removed("control planes of every revision read it"),
      any("another revision of the control plane reads it", "weakens"),
    ]),
    ...named("istio-injection", [
      to("enabled", "new pods get a sidecar", "strengthens"),
      any("new pods get no sidecar unless another label asks for one", "weakens"),
    ]),
    ...named("istio.io/dataplane-mode", [
      to("ambient", "pods are part of the ambient mesh", "strengthens"),
      any("pods may be outside of the ambient mesh", "weakens"),
    ]),
    ...named("istio.io/use-waypoint", [
      to("none", "traffic no longer passes a waypoint and its policies", "weakens"),
      removed("traffic no longer passes the waypoint {git} and its policies", "weakens"),
      added("traffic passes the waypoint {value}", "strengthens"),
      changed("traffic passes the waypoint {value} in place of {git}", "weakens"),
    ]),
    any("what selects by this label selects something else"),
  ],
  "metadata.annotations.*": [
    ...named(dryRun, [
      to(isTrue, "the policy is no longer enforced, only logged", "weakens"),
      from(isTrue, "the policy is enforced", "strengthens"),
      any("the policy stays enforced"),
    ]),
    any("an annotation that the mesh reads has another value"),
  ],
  metadata: [any("other labels or annotations that the mesh reads")],
};
