import { isList } from "../../model/json.ts";
import { spellsText } from "../secrets.ts";
import { proxySelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow, KindTable, Order } from "../table.ts";
import { targetFields, targetTwin } from "../targets.ts";
import { metrics } from "./telemetry-metrics.ts";
import { provider, providerNames, providerSet, workloadMatch } from "./telemetry-parts.ts";

const source = "istio pilot/pkg/model/telemetry.go";

function laterWins(name: string, lines: string): Order {
  return s.ordered(`telemetry/${name}`, {
    reason: "Later entries override earlier ones.",
    source: `${source}:${lines}`,
  });
}

/** A setting of tracing that is taken from above where it is not there. */
function inherited(id: string, same: boolean | number): FieldRow {
  return s.trap(`telemetry/${id}`, [undefined, same], {
    reason:
      "Without it what is set above holds; an explicit value overrides that, also where it is the usual one.",
    source: `${source}:344-375`,
  });
}

const firstProvider: FieldRow = s.rewrite(
  "telemetry/first-provider",
  "E2",
  (value) => (isList(value) && value.length > 1 ? value.slice(0, 1) : value),
  { reason: "Of the providers of tracing only the first is used.", source: `${source}:333-340` },
);

/** A tag of a span: one of four, so an empty one is information. What it says may be anything. */
const customTag: Field = s.message({
  literal: s.message({ value: s.secretText() }),
  environment: s.message({ name: s.text(), defaultValue: s.secretText() }),
  header: s.message({ name: s.text(), defaultValue: s.secretText() }),
  formatter: s.message({ value: s.secretText() }),
});

const tracing: Field = s.listOf(
  s.message({
    match: workloadMatch,
    providers: s.listOf(
      provider,
      s.ordered(
        "telemetry/tracing-providers",
        { reason: "Only the first provider is used.", source: `${source}:333-340` },
        providerNames,
      ),
      { rows: [firstProvider] },
    ),
    randomSamplingPercentage: s.present(s.number({ rows: [inherited("sampling-zero", 0)] })),
    disableSpanReporting: s.present(s.boolean({ rows: [inherited("span-reporting", false)] })),
    customTags: s.present(
      s.mapOf(customTag, {
        rows: [
          s.trap("telemetry/custom-tags-empty", [undefined, {}], {
            reason: "An empty map takes away the tags that are set above; without the field they stay.",
            source: `${source}:351-355`,
          }),
        ],
      }),
    ),
    useRequestIdForTraceSampling: s.present(s.boolean({ rows: [inherited("request-id-sampling", true)] })),
    enableIstioTags: s.present(s.boolean({ rows: [inherited("istio-tags", true)] })),
    disableContextPropagation: s.present(s.boolean({ rows: [inherited("context-propagation", false)] })),
  }),
  laterWins("tracing", "320-376"),
  {
    rows: [
      s.trap("telemetry/tracing-empty-entry", [undefined, [{}]], {
        reason: "An entry, even an empty one, turns tracing off where the mesh has no default provider.",
        source: `${source}:302-307, 378-385`,
      }),
    ],
  },
);

const accessLogging: Field = s.listOf(
  s.message({
    match: workloadMatch,
    providers: providerSet,
    disabled: s.present(
      s.boolean({
        rows: [
          s.absent("telemetry/log-disabled", "E2", false, {
            reason: "An access log is on unless it is turned off.",
            source: `${source}:661`,
          }),
        ],
      }),
    ),
    filter: s.message({ expression: s.text({ secret: spellsText }) }),
  }),
  laterWins("access-logging", "619-668"),
  {
    rows: [
      s.trap("telemetry/log-empty-entry", [undefined, [{}]], {
        reason:
          "An empty entry logs by the default providers; without one the mesh's access log file decides.",
        source: `${source}:242-247`,
      }),
    ],
  },
);

/** Telemetry (telemetry.istio.io): what is measured, traced and logged. */
export const telemetry: KindTable = {
  group: "telemetry.istio.io",
  kind: "Telemetry",
  fields: {
    spec: s.messageBy([targetTwin], {
      selector: proxySelector,
      ...targetFields,
      tracing,
      metrics,
      accessLogging,
    }),
  },
};
