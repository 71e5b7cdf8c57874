import { field, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import type { EffectTable, KindEffects } from "../effect.ts";
import { any } from "../effect-words.ts";
import { endpointRows } from "./endpoint.ts";

/** Sentences about WorkloadEntries. Facts: istio.io/api networking/v1alpha3/workload_entry.proto. */

const fields: EffectTable = {
  spec: [any("the workload is reached differently", "weakens")],
  ...endpointRows("spec"),
};

/** What it means that a WorkloadEntry is only in Git, or only live. */
export const workloadEntryEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "WorkloadEntry",
  fields,
  missing: (resource) => ({
    text: `services no longer send traffic to ${addressOf(resource)}`,
    direction: "neutral",
  }),
  extra: (resource) => ({
    text: `services that select it send traffic to ${addressOf(resource)}, which Git does not have`,
    direction: "weakens",
  }),
};

function addressOf({ object }: Resource): string {
  const address = textField(field(object, "spec"), "address");
  return address === "" || address.length > 40 ? "the workload" : address;
}
