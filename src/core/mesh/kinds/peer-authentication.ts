import { field } from "../../model/json.ts";
import { rootNamespace } from "../mesh-config.ts";
import { workloadSelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import { specOf } from "../sites.ts";
import type { Field, KindTable, Site } from "../table.ts";

const source = "istio pilot/pkg/model/authentication.go";

/** Whether the object is the policy of the whole mesh, which has nothing above it to inherit from. */
export function isMeshPolicy(at: Site): boolean {
  const labels = field(field(specOf(at), "selector"), "matchLabels");
  const selects = typeof labels === "object" && labels !== null && Object.keys(labels).length > 0;
  return at.object.key.namespace === rootNamespace(at) && !selects;
}

const mode: Field = s.enumeration("UNSET", {
  rows: [
    s.absent("peer-authentication/mesh-permissive", "E2", "PERMISSIVE", {
      reason: "The policy of the whole mesh is PERMISSIVE unless it says otherwise.",
      source: `${source}:164-170`,
      when: isMeshPolicy,
    }),
    s.trap("peer-authentication/permissive", [undefined, "PERMISSIVE"], {
      reason: "Without a mode the policy above holds, which may be STRICT.",
      source: `${source}:164-170`,
    }),
  ],
});

/** PeerAuthentication (security.istio.io): whether workloads take plain text. */
export const peerAuthentication: KindTable = {
  group: "security.istio.io",
  kind: "PeerAuthentication",
  fields: {
    spec: s.message({
      selector: workloadSelector("peer-authentication"),
      mtls: s.message(
        { mode },
        {
          rows: [
            s.absent(
              "peer-authentication/mtls-empty",
              "E2",
              {},
              {
                reason: "A block mtls without a mode leaves the mode of the policy above, as no mtls does.",
                source: `${source}:160-175, 193-199; istio pilot/pkg/security/authn/policy_applier.go:468-470`,
              },
            ),
          ],
        },
      ),
      // A port's mode of UNSET is the workload's, so the port itself is kept: leaving it out is not called the same.
      portLevelMtls: s.mapOf(s.message({ mode: s.enumeration("UNSET") })),
    }),
  },
};
