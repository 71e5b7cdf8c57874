import * as s from "./shapes.ts";
import type { Field } from "./table.ts";

/** A selector of workloads that selects all of them where it is left out. */
export function workloadSelector(kind: string, source: string): Field {
  return s.message(
    { matchLabels: s.mapOf(s.text()) },
    {
      rows: [
        s.absent(
          `${kind}/selector`,
          "E2",
          {},
          {
            reason: "An empty selector selects every workload of the namespace, as no selector does.",
            source,
          },
        ),
      ],
    },
  );
}
