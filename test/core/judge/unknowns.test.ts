import { describe, expect, it } from "vitest";
import type { Unknown } from "../../../src/core/judge/unknowns.ts";
import { reviews, sees, watch, words } from "./watch.ts";

const gone = (more: Partial<Unknown> = {}): Unknown => ({
  target: "eu1",
  code: "CLUSTER_UNREACHABLE",
  isWholeTarget: false,
  ...more,
});
const target = gone({ isWholeTarget: true });
const kind = gone({ kind: { group: "networking.istio.io", kind: "VirtualService" }, code: "FORBIDDEN" });
const object = gone({ key: reviews, code: "OBJECT_TOO_DEEP" });
const extra = gone({ code: "EXTRA_NOT_JUDGED" });

/** Where what is not compared stands after runs: "overdue since 0 (seen) until 24". */
function standings(...runs: (readonly [number, readonly Unknown[], string[]?])[]) {
  const advance = watch(
    runs.map(([hours, unchecked, targets = ["eu1"]]) => [
      hours,
      sees([], { judged: [], unchecked, targets }),
    ]),
  );
  return advance.unknowns.map(
    ({ standing, isCovered }) => `${words(standing)}${isCovered ? ", covered" : ""}`,
  );
}

describe("what is not compared", () => {
  it.for([target, kind, object, extra])("ages: %j", (unknown) => {
    expect(standings([0, [unknown]])).toEqual(["new since 0 (seen) until 24"]);
    expect(standings([0, [unknown]], [9, [unknown]])).toEqual(["open since 0 (seen) until 24"]);
    expect(standings([0, [unknown]], [24, [unknown]])).toEqual(["overdue since 0 (seen) until 24"]);
  });

  it("does not begin again for another reason", () => {
    expect(standings([0, [kind]], [9, [{ ...kind, code: "UNSERVED" }]])).toEqual([
      "open since 0 (seen) until 24",
    ]);
  });

  it("begins when what is wider did", () => {
    expect(standings([0, [target]], [9, [kind]], [12, [object]])).toEqual(["open since 0 (seen) until 24"]);
  });

  it("goes on under what is wider, and what is wider has its own clock", () => {
    expect(standings([0, [kind]], [9, [target]], [24, [target]])).toEqual([
      "open since 9 (seen) until 33",
      "overdue since 0 (seen) until 24, covered",
    ]);
  });

  it("begins anew after it was compared", () => {
    expect(standings([0, [kind]], [9, []], [10, [kind]])).toEqual(["new since 10 (seen) until 34"]);
  });

  it("goes on where its target was not looked at in full", () => {
    expect(standings([0, [kind]], [9, [], []], [10, [kind]])).toEqual(["open since 0 (seen) until 24"]);
  });
});
