import { describe, expect, it } from "vitest";
import { observe } from "../../../src/core/judge/observe.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import type { Hidden } from "../../../src/core/model/hidden.ts";
import { virtualService } from "../../support/resources.ts";
import { judge, live, target } from "./cluster.ts";
import { sees, text, watch } from "./watch.ts";

const git = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");
const slower = virtualService("{hosts: [reviews], http: [{timeout: 30s}]}");

/** What a run sees of an object that differs, or not, and what of that the operator's rules hide. */
function run(differs: boolean, isIgnored: boolean) {
  const judgement = judge([target("eu1", [git])], live([differs ? slower : git])).get("eu1");
  if (judgement === undefined) throw new Error("nothing is judged");
  const { findings } = judgement;
  const hidden = isIgnored ? findings.flatMap(hiddenOf) : [];
  const kept = isIgnored ? [] : findings;
  const seen = { name: "eu1", judgement, findings: kept, hidden, isFull: true, isUnknown: false };
  const { differences, judged, ignored } = observe("eu1", [seen], (told) => told);
  return sees(differences, { judged, ...(ignored && { ignored }) });
}

function hiddenOf({ key, type, changes }: Finding): readonly Hidden[] {
  return changes.map(({ path }) => ({ key, type, path, by: "ignore", rule: "ignore[0]", reason: "x" }));
}

const path = "spec.http[0].timeout";
const [found, ignored, clean] = [run(true, false), run(true, true), run(false, false)];

describe("the clock of a difference that a rule hides", () => {
  it("is not at its end, and goes on when the rule is gone", () => {
    const rule = [0, 30, 60, 90, 120].map((hours) => [hours + 1, ignored] as const);
    expect(watch([[0, found], ...rule]).resolved).toEqual([]);
    const after = watch([[0, found], ...rule, [122, found]]);
    expect(after.standingOf("eu1", git.key, path)).toMatchObject({
      state: "overdue",
      clock: { firstSeen: text(0), deadline: text(24) },
    });
  });

  it("ends when the difference is gone", () => {
    expect(
      watch([
        [0, found],
        [1, ignored],
        [2, clean],
      ]).resolved,
    ).toMatchObject([{ path: "spec.http[].timeout" }]);
  });

  it("does not begin while it is hidden, and says nothing of it", () => {
    expect(
      watch([
        [0, clean],
        [1, ignored],
      ]).standingOf("eu1", git.key, path),
    ).toBeUndefined();
    expect(
      watch([
        [0, ignored],
        [1, ignored],
        [2, clean],
      ]).resolved,
    ).toEqual([]);
    const after = watch([
      [0, ignored],
      [50, found],
    ]).standingOf("eu1", git.key, path);
    expect(after).toMatchObject({ state: "new", clock: { firstSeen: text(50) } });
  });
});
