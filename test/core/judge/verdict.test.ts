import { describe, expect, it } from "vitest";
import { countEqual, exitCodeOf, verdictOf, verdictOfAll } from "../../../src/core/judge/verdict.ts";
import type { Finding, Unchecked } from "../../../src/core/model/finding.ts";

const finding: Finding = {
  type: "missing",
  key: { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" },
  changes: [],
};
const unchecked: Unchecked = {
  what: "overlay o",
  code: "RENDER_FAILED",
  reason: "no base",
  hint: "Mend it.",
};

const ineffective: Finding = { ...finding, type: "ineffective" };

describe("the verdict", () => {
  it.for([
    ["nothing found and everything compared", [], [], "in-sync", 0],
    ["drift", [finding], [], "drifted", 1],
    ["something not compared", [], [unchecked], "unknown", 2],
    ["what the API server drops", [ineffective], [], "in-sync", 0],
    ["drift beside it", [ineffective, finding], [], "drifted", 1],
    ["it beside something not compared", [ineffective], [unchecked], "unknown", 2],
    ["both", [finding], [unchecked], "drifted", 2],
  ] as const)("of %s", ([, findings, open, verdict, exitCode]) => {
    expect(verdictOf({ findings, unchecked: open })).toBe(verdict);
    expect(exitCodeOf({ findings, unchecked: open })).toBe(exitCode);
  });

  it.for([
    ["of the tier", 1, [1], [], 1],
    ["of a worse tier", 1, [0], [], 1],
    ["of a tier less bad", 1, [2, 3], [], 0],
    ["of any tier, unless told otherwise", undefined, [3], [], 1],
    ["whose risk nobody judged", 0, [undefined], [], 1],
    ["of a tier less bad, beside something not compared", 0, [3], [unchecked], 2],
  ] as const)("makes drift %s fail the run as it should", ([, failOn, tiers, open, exitCode]) => {
    const findings = tiers.map((tier): Finding => ({
      ...finding,
      ...(tier !== undefined && { risk: { tier, rule: "routing", reason: "Where requests go." } }),
    }));
    expect(exitCodeOf({ findings, unchecked: open }, failOn)).toBe(exitCode);
  });

  it("never lets a field that the API server drops fail the run", () => {
    expect(exitCodeOf({ findings: [ineffective], unchecked: [] }, 3)).toBe(0);
  });

  it.for([
    [[], "in-sync"],
    [["in-sync", "in-sync"], "in-sync"],
    [["in-sync", "unknown"], "unknown"],
    [["unknown", "drifted", "in-sync"], "drifted"],
  ] as const)("of %j together is %s", ([verdicts, together]) => {
    expect(verdictOfAll(verdicts)).toBe(together);
  });
});

describe("countEqual", () => {
  it("counts each rule, the most used first", () => {
    const equal = (rule: string) => ({
      key: finding.key,
      path: "spec",
      rule,
      level: "E1" as const,
      reason: `because of ${rule}`,
    });
    expect(countEqual([equal("b"), equal("a"), equal("c"), equal("c")])).toEqual([
      { rule: "c", level: "E1", reason: "because of c", count: 2 },
      { rule: "a", level: "E1", reason: "because of a", count: 1 },
      { rule: "b", level: "E1", reason: "because of b", count: 1 },
    ]);
  });
});
