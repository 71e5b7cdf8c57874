import { field, textField } from "../../model/json.ts";
import { spellsText } from "../secrets.ts";
import * as s from "../shapes.ts";
import { listAt } from "../sites.ts";
import type { Field, Order, Site } from "../table.ts";
import { anyWorkload, providerSet } from "./telemetry-parts.ts";

const source = "istio pilot/pkg/model/telemetry.go";

const overrideGround = {
  reason: "Of overrides for one metric the later one wins.",
  source: `${source}:781-821`,
};

/** The name of a metric; an override for all of them has none. */
const overrideNames: Order["identity"] = [
  [["match", "metric"]],
  [
    ["match", "metric"],
    ["match", "mode"],
  ],
  [["match", "customMetric"]],
];

const overridesInOrder: Order = s.ordered("telemetry/overrides", overrideGround, overrideNames);

const overridesApart: Order = s.bag(
  "telemetry/overrides-apart",
  {
    reason: "Overrides for different metrics do not touch each other: their order does not count.",
    source: `${source}:781-821 (mergeMetrics sorts by name what it made of them)`,
  },
  overrideNames,
);

/** An override for all metrics, or two for the same one, and what comes later counts. */
function overrideOrder(at: Site): Order {
  const sides = new Map<string, string[]>();
  for (const override of listAt(at.value)) {
    const match = field(override, "match");
    const name = textField(match, "customMetric") || textField(match, "metric");
    if (name === "" || name === "ALL_METRICS") return overridesInOrder;
    sides.set(name, [...(sides.get(name) ?? []), textField(match, "mode")]);
    if (!areApart(sides.get(name))) return overridesInOrder;
  }
  return overridesApart;
}

/** One override of a metric, or one for each side of a request. */
function areApart(modes: readonly string[] = []): boolean {
  return modes.length < 2 || (modes.length === 2 && modes.includes("CLIENT") && modes.includes("SERVER"));
}

const match: Field = s.message(
  {
    metric: s.present(
      s.enumeration("ALL_METRICS", {
        rows: [
          s.absent("telemetry/all-metrics", "E2", "ALL_METRICS", {
            reason: "Without a metric all of them are meant.",
            source: `${source}:902-934`,
          }),
        ],
      }),
    ),
    customMetric: s.present(s.text()),
    mode: s.enumeration("CLIENT_AND_SERVER"),
  },
  { rows: [anyWorkload] },
);

const override: Field = s.message({
  match,
  disabled: s.present(
    s.boolean({
      rows: [
        s.trap("telemetry/override-disabled", [undefined, false], {
          reason: "An explicit false turns on again what an earlier override turned off.",
          source: `${source}:812-814`,
        }),
      ],
    }),
  ),
  tagOverrides: s.mapOf(
    s.message({ operation: s.enumeration("UPSERT"), value: s.text({ secret: spellsText }) }),
  ),
});

/** What is measured. */
export const metrics: Field = s.listOf(
  s.message({
    providers: providerSet,
    overrides: s.listOf(override, s.choice([overridesApart, overridesInOrder], overrideOrder)),
    reportingInterval: s.duration(),
  }),
  s.ordered("telemetry/metrics", {
    reason: "Later entries override earlier ones.",
    source: `${source}:416, 781-821`,
  }),
);
