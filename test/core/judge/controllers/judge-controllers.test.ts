import { describe, expect, it } from "vitest";
import { canariesTable, canaryCases, outcomeOf } from "../../../judging/canaries.ts";

describe("judgeByControllers", () => {
  describe.for(Object.entries(canaryCases))("%s", ([, cases]) => {
    it.for(cases.map((one) => [one.git.key.kind, one.what, one.verdict, one] as const))(
      "%s, %s: %s",
      ([, , verdict, one]) => {
        expect(outcomeOf(one)).toBe(verdict);
      },
    );
  });

  it("has cases of both controllers for both kinds of route", () => {
    expect(canariesTable().lines.map((line) => line.split(":")[0])).toEqual(
      expect.arrayContaining([
        "Flagger VirtualService",
        "Flagger HTTPRoute",
        "Argo Rollouts VirtualService",
        "Argo Rollouts HTTPRoute",
      ]),
    );
  });
});
