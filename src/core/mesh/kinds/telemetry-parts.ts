import * as s from "../shapes.ts";
import type { Field, FieldRow, Order } from "../table.ts";

const source = "istio pilot/pkg/model/telemetry.go";

/** For every `match` of a Telemetry: one that says nothing matches as none does. */
export const anyWorkload: FieldRow = s.absent(
  "telemetry/match-empty",
  "E2",
  {},
  {
    reason: "A match that says nothing is for clients and servers, as none at all is.",
    source: `${source}:320-376, 619-668, 902-934`,
  },
);

/** Which side of a request an entry is for. */
export const workloadMatch: Field = s.message(
  { mode: s.enumeration("CLIENT_AND_SERVER") },
  { rows: [anyWorkload] },
);

/** Providers of the mesh configuration, by their names. */
export const provider: Field = s.message({
  name: s.text({
    rows: [
      s.trap("telemetry/provider-case", ["Prometheus", "prometheus"], {
        reason: "A provider is found whatever its case, but entries are put together by the name as written.",
        source: `${source}:696-703, 741-757`,
      }),
    ],
  }),
});

/** How a provider is named to people. */
export const providerNames: Order["identity"] = [[["name"]]];

/** All providers of the list are used. */
export const providerSet: Field = s.listOf(
  provider,
  s.set(
    "telemetry/providers",
    {
      reason: "Every provider of the list is used; their order does not count.",
      source: `${source}:620-639, 741-748`,
    },
    providerNames,
  ),
);
