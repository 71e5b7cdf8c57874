import type { Json, JsonObject } from "../../model/json.ts";
import { ownNamespace, shortHost } from "../hosts.ts";
import { exportToDefault } from "../mesh-config.ts";
import * as s from "../shapes.ts";
import type { FieldRow, KindTable, Site } from "../table.ts";
import { trafficPolicy } from "./destination-rule-policy.ts";
import { isAloneForHost } from "./destination-rule-site.ts";

/** Where a rule about exportTo holds only if no other DestinationRule is for the host. */
function ifAlone(row: FieldRow): FieldRow {
  return {
    ...row,
    when: (at: Site) => {
      const alone = isAloneForHost(at);
      return alone === true ? (row.when?.(at) ?? true) : alone;
    },
  };
}

/** Two subsets that differ in a block of their policy which would say nothing at the top. */
function subsetPair(block: string, value: Json): readonly [Json, Json] {
  const subset = (policy: JsonObject): Json => [
    { name: "v1", trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, ...policy } },
  ];
  return [subset({}), subset({ [block]: value })];
}

const inheritance = "istio pilot/pkg/networking/core/destination_rule.go:179-202";

const subsetTraps: readonly FieldRow[] = [
  s.trap("destination-rule/subset-block-empty", subsetPair("connectionPool", {}), {
    reason: "A block of a subset, even an empty one, takes the place of the whole block above.",
    source: inheritance,
  }),
  s.trap("destination-rule/subset-balancing", subsetPair("loadBalancer", { simple: "LEAST_REQUEST" }), {
    reason: "In a subset the usual balancing is no default: it takes the place of what stands above.",
    source: `${inheritance}; istio pilot/pkg/networking/core/cluster_traffic_policy.go:362-395`,
  }),
];

/** DestinationRule (networking.istio.io): what happens to requests once a host is chosen. */
export const destinationRule: KindTable = {
  group: "networking.istio.io",
  kind: "DestinationRule",
  fields: {
    spec: s.message({
      host: s.text({ rows: [shortHost] }),
      trafficPolicy,
      subsets: s.listOf(
        s.message({ name: s.text(), labels: s.mapOf(s.text()), trafficPolicy }),
        s.keyed(
          "destination-rule/subsets",
          {
            reason: "A subset is known by its name.",
            source:
              "istio pkg/config/validation/validation.go:646-655; pilot/pkg/networking/core/cluster_builder.go:289-330",
          },
          ["name"],
        ),
        { rows: subsetTraps },
      ),
      exportTo: s.listOf(
        s.text({ rows: [ifAlone(ownNamespace)] }),
        s.set("destination-rule/export-to", {
          reason: "Every namespace of the list counts; their order does not.",
          source: "istio pilot/pkg/networking/core/destination_rule.go:62-73",
        }),
        { rows: [ifAlone(exportToDefault("defaultDestinationRuleExportTo"))] },
      ),
      workloadSelector: s.message(
        { matchLabels: s.mapOf(s.text()) },
        {
          rows: [
            s.trap("destination-rule/workload-selector-empty", [undefined, {}], {
              reason: "A rule with a selector, even an empty one, is private and goes before those without.",
              source: "istio pilot/pkg/model/push_context.go:2040-2051, 2082-2089",
            }),
          ],
        },
      ),
    }),
  },
};
