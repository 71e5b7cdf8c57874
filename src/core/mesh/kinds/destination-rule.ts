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
