import { expect, it } from "vitest";
import { agedUnchecked } from "../../../src/core/judge/aged-unchecked.ts";
import type { Unknown } from "../../../src/core/judge/unknowns.ts";
import type { Unchecked } from "../../../src/core/model/finding.ts";
import { reviews, sees, watch, words } from "./watch.ts";

const said = { what: "x", code: "X", reason: "nobody knows", hint: "Look." };
const virtualServices = { group: "networking.istio.io", kind: "VirtualService" };
const gateways = { group: "networking.istio.io", kind: "Gateway" };
const kind: Unchecked = { ...said, kind: virtualServices };
const otherKind: Unchecked = { ...said, kind: gateways };
const object: Unchecked = { ...said, key: reviews };
const extra: Unchecked = { ...said, code: "EXTRA_NOT_JUDGED" };

/** How old the last run says that things are, after runs at these hours; those of a whole target are marked. */
function ages(...runs: (readonly [hours: number, unchecked: readonly Unchecked[], isWhole?: boolean])[]) {
  const advance = watch(
    runs.map(([hours, all, isWholeTarget = false]) => [
      hours,
      sees([], {
        judged: [],
        unchecked: all.map(({ code, key, kind: one }): Unknown => {
          return { target: "eu1", isWholeTarget, code, ...(key && { key }), ...(one && { kind: one }) };
        }),
      }),
    ]),
  );
  const [, last = [], isWholeTarget = false] = runs.at(-1) ?? [];
  const aged = agedUnchecked(last, "eu1", { isWholeTarget, standings: advance.unknowns });
  return aged.map(({ standing }) => words(standing));
}

it.for([
  ["what was never seen before", [[5, [kind]]], ["new since 5 (seen) until 29"]],
  [
    "an object, past its time at 24 hours",
    [
      [0, [object]],
      [24, [object]],
    ],
    ["overdue since 0 (seen) until 24"],
  ],
  [
    "a kind of which an object was not compared before",
    [
      [0, [object]],
      [9, [kind]],
    ],
    ["open since 0 (seen) until 24"],
  ],
  [
    "another kind than that",
    [
      [0, [object]],
      [9, [kind, otherKind]],
    ],
    ["open since 0 (seen) until 24", "new since 9 (seen) until 33"],
  ],
  [
    "an object beside the kind of another one",
    [
      [0, [otherKind]],
      [9, [otherKind, object]],
    ],
    ["open since 0 (seen) until 24", "new since 9 (seen) until 33"],
  ],
  [
    "a target of which a kind was not compared before",
    [
      [0, [kind]],
      [9, [extra], true],
    ],
    ["open since 0 (seen) until 24"],
  ],
  [
    "what another reason explains now",
    [
      [0, [{ ...kind, code: "FORBIDDEN" }]],
      [9, [{ ...kind, code: "TIMEOUT" }]],
    ],
    ["open since 0 (seen) until 24"],
  ],
] as const)("tells since when: %s", ([, runs, expected]) => {
  expect(ages(...(runs as unknown as Parameters<typeof ages>))).toEqual(expected);
});

it("says nothing of what nobody keeps a clock of, and takes nothing away", () => {
  const told = agedUnchecked([kind, object], "eu1", { isWholeTarget: false, standings: [] });
  expect(told).toEqual([kind, object]);
});
