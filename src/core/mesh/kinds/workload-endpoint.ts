import * as s from "../shapes.ts";
import type { Field } from "../table.ts";

/** Where a workload is reached: an endpoint of a ServiceEntry, a WorkloadEntry, the template of a WorkloadGroup. */
export function workloadEndpoint(kind: string): Field {
  return s.message({
    address: s.text(),
    ports: s.mapOf(s.number()),
    labels: s.mapOf(s.text()),
    network: s.text(),
    locality: s.text(),
    weight: s.number({
      rows: [
        s.absent(`${kind}/endpoint-weight`, "E2", 1, {
          reason: "An endpoint weighs 1 unless told otherwise.",
          source: "istio pilot/pkg/model/service.go:608-614",
        }),
      ],
    }),
    serviceAccount: s.text({
      rows: [
        s.trap(`${kind}/endpoint-service-account`, [undefined, "default"], {
          reason: "A service account also turns mutual TLS to the endpoint on.",
          source: "istio pilot/pkg/serviceregistry/serviceentry/conversion.go:395-406",
        }),
      ],
    }),
  });
}
