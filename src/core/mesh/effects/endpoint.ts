import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { eitherSide, itemAround, nameAt } from "../effect-values.ts";
import { added, any, changed, named, removed, to } from "../effect-words.ts";

/**
 * Sentences about where a workload is reached: an endpoint of a ServiceEntry, a WorkloadEntry, the template of a
 * WorkloadGroup. Facts: istio.io/api networking/v1alpha3/workload_entry.proto; istio
 * pilot/pkg/serviceregistry/serviceentry/conversion.go:395-406 (service account and mutual TLS).
 */

/** An endpoint as people call it: its address. */
export function endpointName(at: Difference): string {
  return nameAt(eitherSide(itemAround(at, "endpoints") ?? at), "address") ?? "an endpoint";
}

/** A label that says whether an endpoint takes the mesh's mutual TLS. */
const tlsModeLabel: readonly EffectRow[] = named("security.istio.io/tlsMode", [
  to("istio", "connections to it use the mesh's mutual TLS", "strengthens"),
  any("connections to it may no longer use the mesh's mutual TLS", "weakens"),
]);

/** What changes of the endpoint at a path do; the fields alone, without a row for the whole. */
export function endpointRows(path: string): EffectTable {
  return {
    [`${path}.address`]: [
      changed("traffic goes to {value}, no longer to {git}", "weakens"),
      added("traffic goes to {value}", "weakens"),
      any("traffic goes to another address", "weakens"),
    ],
    [`${path}.ports`]: [any("traffic goes to other ports of it")],
    [`${path}.ports.*`]: [
      changed("traffic goes to its port {value}, no longer {git}"),
      any("traffic goes to other ports of it"),
    ],
    [`${path}.labels`]: [any("other Services, subsets and policies select it", labelsWay)],
    [`${path}.labels.*`]: [...tlsModeLabel, any("other Services, subsets and policies select it")],
    [`${path}.network`]: [
      added("it is reached through the gateway of network {value}"),
      removed("it is reached directly, no longer through the gateway of network {git}"),
      changed("it is reached through the gateway of network {value}, no longer of {git}"),
      any("it is reached through another network"),
    ],
    [`${path}.locality`]: [any("it counts for another region or zone when traffic stays near")],
    [`${path}.weight`]: [
      changed("its weight is {value}, no longer {git}"),
      added("its weight is {value}"),
      any("its weight is 1, as of any other"),
    ],
    [`${path}.serviceAccount`]: [
      added("connections to it use the mesh's mutual TLS, and it must be {value}", "strengthens"),
      removed("connections to it no longer use the mesh's mutual TLS by its service account", "weakens"),
      changed("it must be {value}, no longer {git}", "weakens"),
      any("it must have another identity", "weakens"),
    ],
  };
}

/** Among labels that only one side has may be the one about mutual TLS. */
function labelsWay(at: Difference): "weakens" | "neutral" {
  const isSaid = [at.desired, at.live].some(
    (side) => side?.body.type === "record" && side.body.fields.has("security.istio.io/tlsMode"),
  );
  return isSaid ? "weakens" : "neutral";
}
