import { describe, expect, it } from "vitest";
import { readPairs, skipped } from "./pairs.ts";
import { remaining } from "./remaining.ts";
import { count, judge, wrongOf } from "./score.ts";

const pairs = readPairs();
if (pairs === undefined) process.stderr.write(`\n*** ${skipped} ***\n\n`);

describe.skipIf(pairs === undefined)("judged by Istio's own code", () => {
  const judged = (pairs ?? []).map(judge);

  it("calls no pair equal that Istio treats as different", () => {
    expect(wrongOf(judged).falseEqual.map(({ pair }) => pair.id)).toEqual([]);
  });

  it("gives the reason for every pair that it calls drift although Istio treats it as the same, and for no other", () => {
    const missed = wrongOf(judged).missed.map(({ pair }) => pair.id);
    expect(missed.sort()).toEqual(Object.keys(remaining).sort());
  });

  it("calls at least 98 of 100 pairs equal that Istio treats as the same", () => {
    const { same, sameEqual } = count("all", "", judged);
    expect(sameEqual / same).toBeGreaterThanOrEqual(0.98);
  });
});
