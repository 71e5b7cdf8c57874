import type { Json } from "../../model/json.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow, KindTable } from "../table.ts";
import { workloadEndpoint } from "./workload-endpoint.ts";

const source = "istio pkg/istio-agent/health/health_check.go:53-72";

/** A value that the agent fills in where it finds none. */
function filledIn(name: string, value: Json, reason: string): FieldRow {
  return s.absent(`workload-group/${name}`, "E2", value, { reason, source });
}

const schemeCase: FieldRow = s.rewrite(
  "workload-group/probe-scheme-case",
  "E2",
  (value) => (typeof value === "string" && /^https?$/i.test(value) ? value.toLowerCase() : value),
  { reason: "The scheme of a probe is read without its case.", source },
);

const httpGet: Field = s.message({
  path: s.text({ rows: [filledIn("probe-path", "/", "A probe asks for / unless told otherwise.")] }),
  port: s.number(),
  host: s.text(),
  scheme: s.text({
    rows: [schemeCase, filledIn("probe-scheme", "http", "A probe asks by HTTP unless told otherwise.")],
  }),
  httpHeaders: s.listOf(
    s.message({ name: s.text(), value: s.secretText() }),
    s.ordered(
      "workload-group/probe-headers",
      {
        reason: "Nothing says that the order of a probe's headers does not count.",
        source: "istio.io/api networking/v1alpha3/workload_group.proto (HTTPHealthCheckConfig)",
      },
      [[["name"]]],
    ),
  ),
});

/** How an agent finds out whether its workload is ready (ReadinessProbe). */
export const probe: Field = s.message({
  initialDelaySeconds: s.number(),
  timeoutSeconds: s.number({
    rows: [filledIn("probe-timeout", 1, "A probe waits 1 second unless told otherwise.")],
  }),
  periodSeconds: s.number({
    rows: [filledIn("probe-period", 10, "A probe runs every 10 seconds unless told otherwise.")],
  }),
  successThreshold: s.number({
    rows: [filledIn("probe-success", 1, "One success makes a workload ready unless told otherwise.")],
  }),
  failureThreshold: s.number({
    rows: [
      filledIn("probe-failure", 1, "One failure makes a workload unready unless told otherwise."),
      s.trap("workload-group/probe-failure-of-kubernetes", [undefined, 3], {
        reason: "Without a threshold one failure is enough here; in a Pod of Kubernetes it takes three.",
        source,
      }),
    ],
  }),
  httpGet,
  tcpSocket: s.message({ host: s.text(), port: s.number() }),
  exec: s.message({
    command: s.listOf(
      // Commands carry tokens now and then.
      s.secretText(),
      s.ordered("workload-group/probe-command", {
        reason: "A command's words are in order.",
        source: "istio.io/api networking/v1alpha3/workload_group.proto (ExecHealthCheckConfig)",
      }),
    ),
  }),
  grpc: s.message({ port: s.number(), service: s.text() }),
});

/** WorkloadGroup (networking.istio.io): what the WorkloadEntries of machines that register themselves look like. */
export const workloadGroup: KindTable = {
  group: "networking.istio.io",
  kind: "WorkloadGroup",
  fields: {
    spec: s.message({
      metadata: s.message({ labels: s.mapOf(s.text()), annotations: s.mapOf(s.secretText()) }),
      template: workloadEndpoint("workload-group"),
      probe,
    }),
  },
};
