import { hasNoAmbient } from "./ambient.ts";
import * as s from "./shapes.ts";
import type { Field, FieldRow } from "./table.ts";

/** For the selector of a policy and for its labels: proxies take an empty one for none, ambient mesh does not. */
const emptyForProxies: FieldRow = s.absent(
  "selector/empty-without-ambient",
  "CTX",
  {},
  {
    reason:
      "A selector without labels selects every workload of the namespace, as none at all does, where no workload is in an ambient mesh.",
    source:
      "istio pilot/pkg/model/policyattachment.go:109-112; pilot/pkg/security/authn/policy_applier.go:408; ambient/authorization.go (convertAuthorizationPolicy)",
    when: hasNoAmbient,
  },
);

/** A selector of workloads on a policy. Proxies take an empty one for none; ambient mesh does not. */
export function workloadSelector(kind: string): Field {
  return s.message(
    // The map is there or not, because an empty map is not none to ambient mesh either.
    { matchLabels: s.present(s.mapOf(s.text(), { rows: [emptyForProxies] })) },
    {
      rows: [
        emptyForProxies,
        s.trap(`${kind}/selector-empty`, [undefined, {}], {
          reason:
            "Ambient mesh takes any selector for one of workloads, so that an empty one selects none; none at all is the namespace.",
          source:
            "istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertAuthorizationPolicy), ambient/policies.go",
        }),
      ],
    },
  );
}

/** A selector of workloads on what only Envoy reads: ztunnel, which tells an empty one from none, knows nothing of it. */
export const proxySelector: Field = s.message(
  { matchLabels: s.mapOf(s.text()) },
  {
    rows: [
      s.absent(
        "selector/empty",
        "E2",
        {},
        {
          reason: "A selector without labels selects every workload of the namespace, as none at all does.",
          source:
            "istio pilot/pkg/model/policyattachment.go:109-112; pilot/pkg/model/telemetry.go:485, 686-692",
        },
      ),
    ],
  },
);
