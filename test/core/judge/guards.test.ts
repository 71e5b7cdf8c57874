import { describe, expect, it } from "vitest";
import { acknowledge, guardTarget, type TargetObservation } from "../../../src/core/judge/guards.ts";
import { emptyState, type State, type TargetRun } from "../../../src/core/model/state.ts";
import { at } from "./watch.ts";

const kind = "VirtualService.networking.istio.io";

/** A run that reads as many objects as it says. */
function run(time: number, desired: number, live: number, more: Partial<TargetRun> = {}): TargetRun {
  return { time: at(time), commit: "c1", closure: "d1", counts: [{ kind, desired, live }], ...more };
}

function seen(one: TargetRun, more: Partial<TargetObservation> = {}): TargetObservation {
  return { target: "eu1", run: one, isWhole: true, firstSeen: [], ...more };
}

/** The state after a good run at 0. */
function good(desired: number, live: number): State {
  return guardTarget(emptyState, seen(run(0, desired, live))).state;
}

function typesAfter(before: State, observation: TargetObservation): readonly string[] {
  return guardTarget(before, observation).guards.map(({ type }) => type);
}

describe("a guard", () => {
  const other = { commit: "c2", closure: "d2" };

  it.for([
    ["nothing lost", run(1, 20, 20), []],
    ["30 % lost", run(1, 20, 14), []],
    ["more than 30 % of live lost", run(1, 20, 13), ["live-shrank"]],
    ["more than 30 % lost, and Git wants something else", run(1, 20, 13, other), ["live-shrank"]],
    ["Git wants less without a commit", run(1, 13, 13), ["git-shrank"]],
    [
      "a little less wanted without a commit, and more than 30 % of live lost",
      run(1, 15, 10),
      ["live-shrank"],
    ],
    ["Git wants less by a commit, and live followed", run(1, 3, 3, other), []],
    [
      "Git wants less by a commit that changes no file of the target",
      run(1, 3, 20, { commit: "c2" }),
      ["git-shrank"],
    ],
    ["Git wants less by a commit, and live lost the rest, too", run(1, 13, 3, other), ["live-shrank"]],
    ["Git wants another kind", run(1, 20, 20, { counts: [{ kind: "Gateway", desired: 20, live: 20 }] }), []],
  ] as const)("of 20 objects: %s", ([, after, types]) => {
    expect(typesAfter(good(20, 20), seen(after))).toEqual(types);
  });

  it("needs more than five objects", () => {
    expect(typesAfter(good(6, 6), seen(run(1, 6, 1)))).toEqual([]);
    expect(typesAfter(good(6, 6), seen(run(1, 6, 0)))).toEqual(["live-shrank"]);
  });

  it("says what is gone", () => {
    const [guard] = guardTarget(good(20, 20), seen(run(1, 20, 2))).guards;
    expect(guard).toMatchObject({
      before: 20,
      now: 2,
      text: "much less is live than at the last good run, and Git still wants it: VirtualService.networking.istio.io 20 -> 2",
    });
  });

  it.for([
    [25, 100, []],
    [26, 100, ["many-new"]],
    [60, 400, []],
    [61, 400, ["many-new"]],
  ] as const)("of %d new findings among %d objects", ([count, desired, types]) => {
    const firstSeen = Array.from({ length: count }, () => at(1));
    const old = Array.from({ length: 90 }, () => at(-1));
    const observation = seen(run(1, desired, desired), { firstSeen: [...firstSeen, ...old] });
    expect(typesAfter(good(desired, desired), observation)).toEqual(types);
  });

  it("stands over the first run, too", () => {
    const firstSeen = Array.from({ length: 26 }, () => at(0));
    expect(typesAfter(emptyState, seen(run(0, 30, 30), { firstSeen }))).toEqual(["many-new"]);
  });

  it("says nothing of a run that did not read everything, which changes nothing either", () => {
    const before = good(20, 20);
    expect(guardTarget(before, seen(run(1, 20, 0), { isWhole: false }))).toEqual({
      guards: [],
      state: before,
    });
    const held = guardTarget(before, seen(run(1, 20, 0)));
    expect(guardTarget(held.state, seen(run(2, 20, 0), { isWhole: false }))).toEqual(held);
  });
});

describe("acknowledging", () => {
  const before = good(20, 20);
  const first = guardTarget(before, seen(run(1, 20, 3)));
  const id = first.guards[0]?.id ?? "";

  it("is needed as long as the cause lasts, by one id", () => {
    const second = guardTarget(first.state, seen(run(2, 20, 4)));
    expect(second.guards.map((guard) => guard.id)).toEqual([id]);
    expect(guardTarget(second.state, seen(run(3, 20, 20))).guards).toEqual([]);
  });

  it("makes the run the measure", () => {
    const done = acknowledge(first.state, id);
    expect(done?.target).toBe("eu1");
    expect(done?.guards).toEqual(first.guards);
    expect(done?.state.revision).toBe(first.state.revision + 1);
    const after = done?.state ?? emptyState;
    expect(guardTarget(after, seen(run(2, 20, 3))).guards).toEqual([]);
    expect(acknowledge(after, id)).toBeUndefined();
  });

  it("does not cover what is lost after that", () => {
    const after = acknowledge(guardTarget(before, seen(run(1, 20, 13))).state, id)?.state ?? emptyState;
    const worse = guardTarget(after, seen(run(2, 20, 2)));
    expect(worse.guards.map(({ type }) => type)).toEqual(["live-shrank"]);
    expect(worse.guards[0]?.id).not.toBe(id);
  });

  it("of many new findings lasts", () => {
    const firstSeen = Array.from({ length: 26 }, () => at(1));
    const many = guardTarget(before, seen(run(1, 20, 20), { firstSeen }));
    expect(typesAfter(many.state, seen(run(2, 20, 20), { firstSeen }))).toEqual(["many-new"]);
    const after = acknowledge(many.state, many.guards[0]?.id ?? "")?.state ?? emptyState;
    expect(typesAfter(after, seen(run(2, 20, 20), { firstSeen }))).toEqual([]);
  });

  it("knows no other id", () => {
    expect(acknowledge(first.state, "nonsense")).toBeUndefined();
  });
});
