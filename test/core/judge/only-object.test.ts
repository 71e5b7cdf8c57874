import { expect, it } from "vitest";
import { keysOf, onlyObject } from "../../../src/core/judge/only-object.ts";
import type { Unchecked } from "../../../src/core/model/finding.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import type { TargetResult } from "../../../src/core/model/scan-result.ts";
import { renderExplained } from "../../../src/report/explain-text.ts";
import { keyOf, now, scanResult, target } from "../../report/samples.ts";
import { change, finding } from "./findings.ts";

const reviews = keyOf("shop/VirtualService/reviews");
const other = keyOf("shop/VirtualService/other");
const said = { what: "x", code: "X", reason: "nobody knows", hint: "Look." };
const ofKind: Unchecked = { ...said, kind: { group: reviews.group, kind: "VirtualService" } };
const ofOtherKind: Unchecked = { ...said, kind: { group: reviews.group, kind: "Gateway" } };
const hidden = {
  key: reviews,
  type: "changed",
  by: "ignore",
  rule: "ignore[0]",
  reason: "chaos experiments",
} as const;
const [drift, otherDrift] = [finding([change("spec.a")]), { ...finding([change("spec.a")]), key: other }];

it.for<
  readonly [string, Partial<TargetResult>, verdict: string, exitCode: number, inSync: number, word: string]
>([
  ["in sync, beside drift", { compared: [reviews], findings: [otherDrift] }, "in-sync", 0, 1, "in sync"],
  ["drifted, beside what is in sync", { compared: [other], findings: [drift] }, "drifted", 1, 0, "DRIFTED"],
  ["itself unchecked", { unchecked: [{ ...said, key: reviews }] }, "unknown", 2, 0, "UNKNOWN"],
  ["of a kind that is unchecked", { unchecked: [ofKind], compared: [] }, "unknown", 2, 0, "UNKNOWN"],
  ["of a target that is unchecked", { unchecked: [said] }, "unknown", 2, 0, "UNKNOWN"],
  [
    "of another kind than that",
    { compared: [reviews], unchecked: [ofOtherKind] },
    "in-sync",
    0,
    1,
    "in sync",
  ],
  [
    "beside an unchecked one",
    { compared: [reviews], unchecked: [{ ...said, key: other }] },
    "in-sync",
    0,
    1,
    "in sync",
  ],
  [
    "delivered by somebody else",
    { elsewhere: [{ key: reviews, by: "Helm release x" }] },
    "in-sync",
    0,
    0,
    "delivered elsewhere, not compared",
  ],
  [
    "different, which a rule ignores",
    { hidden: [hidden] },
    "in-sync",
    0,
    0,
    "differs, and a rule ignores that",
  ],
  [
    "different in part, which a rule ignores",
    { findings: [drift], hidden: [{ ...hidden, path: "spec.b" }] },
    "drifted",
    1,
    0,
    "DRIFTED",
  ],
])("an object that is %s", ([, more, verdict, exitCode, inSync, word]) => {
  const whole = scanResult([target("eu1", { compared: [], ...more })]);
  const [first] = whole.targets;
  if (first === undefined) throw new Error("no target");
  const only = onlyObject(whole, first, reviews);
  expect(only).toMatchObject({ verdict, exitCode, summary: { inSync } });
  expect(only.targets).toMatchObject([{ verdict, inSync }]);
  const told = keysOf(only.targets[0] ?? first);
  expect(told.every((key) => formatKey(key) === formatKey(reviews))).toBe(true);
  const page = { now, width: 100, colour: false, details: false, wide: false, next: "drift explain" };
  const text = renderExplained(only, reviews, [], page);
  expect(text.split("\n")[0]?.toLowerCase()).toBe(`${formatKey(reviews)}  ${word}`.toLowerCase());
});

it("is one of those that a target speaks of, also where only a rule hides it", () => {
  const one = target("eu1", { compared: [other], findings: [otherDrift], hidden: [hidden] });
  expect(keysOf(one).map(formatKey)).toEqual([formatKey(other), formatKey(reviews)]);
});
