import { field } from "../../model/json.ts";
import { ownNamespace } from "../hosts.ts";
import { exportToDefault } from "../mesh-config.ts";
import * as s from "../shapes.ts";
import { wholeNumber } from "../sites.ts";
import type { Field, FieldRow, KindTable, Order } from "../table.ts";
import { workloadEndpoint } from "./workload-endpoint.ts";

const source = "istio pilot/pkg/serviceregistry/serviceentry/conversion.go";

function every(name: string, reason: string, where: string): Order {
  return s.set(`service-entry/${name}`, { reason, source: where });
}

const singleAddress: FieldRow = s.rewrite(
  "service-entry/single-address",
  "E2",
  (value) => (typeof value === "string" ? value.replace(/^(\d+\.\d+\.\d+\.\d+)\/32$/, "$1") : value),
  { reason: "A block of one address is that address.", source: `${source}:256-268` },
);

const ports: Field = s.listOf(
  s.message({
    number: s.number(),
    protocol: s.text({
      rows: [
        s.rewrite(
          "service-entry/protocol-case",
          "E2",
          (value) => (typeof value === "string" ? value.toUpperCase() : value),
          { reason: "Protocols are read without their case.", source: `${source}:50-56` },
        ),
        s.trap("service-entry/protocol-tcp", [undefined, "TCP"], {
          reason: "Without a protocol it is found out from the traffic; TCP is taken as it is.",
          source: `${source}:50-56; istio pkg/config/validation/validation.go:3131-3137`,
        }),
      ],
    }),
    name: s.text(),
    targetPort: s.number({
      rows: [
        s.absent("service-entry/target-port", "E2", (at) => wholeNumber(field(at.up?.value, "number")), {
          reason: "The endpoint's port is the same unless told otherwise.",
          source: `${source}:233-238, 359-362, 418-428`,
        }),
      ],
    }),
  }),
  s.keyed(
    "service-entry/ports",
    {
      reason: "A port is known by its name.",
      source: "istio CRD serviceentries (list map by name); pkg/config/validation/validation.go:2947-2960",
    },
    ["name"],
  ),
);

/** ServiceEntry (networking.istio.io): a service that Kubernetes does not know. */
export const serviceEntry: KindTable = {
  group: "networking.istio.io",
  kind: "ServiceEntry",
  // They become labels of the service, which few things read (istio conversion.go:286-304).
  labels: "copied",
  fields: {
    spec: s.message({
      hosts: s.listOf(
        s.text(),
        every(
          "hosts",
          "Every host is a service of its own; their order does not count.",
          `${source}:253-283`,
        ),
      ),
      addresses: s.listOf(
        s.text({ rows: [singleAddress] }),
        every("addresses", "Every address counts; their order does not.", `${source}:253-283`),
      ),
      ports,
      location: s.enumeration("MESH_EXTERNAL"),
      resolution: s.enumeration("NONE"),
      endpoints: s.listOf(
        workloadEndpoint("service-entry"),
        s.bag(
          "service-entry/endpoints",
          { reason: "Endpoints are independent of each other.", source: `${source}:381-389` },
          [[["address"]], [["address"], ["network"]]],
        ),
      ),
      workloadSelector: s.message(
        { labels: s.mapOf(s.text()) },
        {
          rows: [
            s.trap("service-entry/workload-selector-empty", [undefined, {}], {
              reason:
                "With a selector the endpoints are the workloads it selects, and an empty one selects none.",
              source: `${source}:347, 544-560; istio pkg/config/labels/instance.go:77-85`,
            }),
          ],
        },
      ),
      exportTo: s.listOf(
        s.text({ rows: [ownNamespace] }),
        every(
          "export-to",
          "Every namespace of the list counts; their order does not.",
          "istio pilot/pkg/model/push_context.go:1640-1651",
        ),
        { rows: [exportToDefault("defaultServiceExportTo")] },
      ),
      subjectAltNames: s.listOf(
        s.text(),
        every(
          "subject-alt-names",
          "Any of the names is accepted.",
          "istio pilot/pkg/model/push_context.go:1640-1651",
        ),
      ),
    }),
  },
};
