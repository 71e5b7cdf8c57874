import type { KindTable } from "../table.ts";
import { workloadEndpoint } from "./workload-endpoint.ts";

/** WorkloadEntry (networking.istio.io): a workload outside Kubernetes. */
export const workloadEntry: KindTable = {
  group: "networking.istio.io",
  kind: "WorkloadEntry",
  // They go before spec.labels and decide which services select the workload (istio conversion.go:183-196).
  labels: "read",
  fields: { spec: workloadEndpoint("workload-entry") },
};
