import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDrift, stand } from "../../../src/core/judge/stand.ts";
import { exitCodeOf, verdictOf } from "../../../src/core/judge/verdict.ts";
import type { Change, Direction, Finding } from "../../../src/core/model/finding.ts";
import type { BreakGlass, Exemption, Standing, State } from "../../../src/core/model/standing.ts";
import { change, finding } from "./findings.ts";

const exemption: Exemption = {
  reason: "a test",
  until: "2026-12-01",
  file: ".drift/exemptions.yaml",
  line: 2,
  hasEnded: false,
};
const breakGlass: BreakGlass = { ticket: "INC-4821", on: "object" };
const clock = (state: "new" | "open" | "overdue", day = 2): Standing => ({
  state,
  isOverdue: state === "overdue",
  clock: {
    firstSeen: "2026-07-20T00:00:00Z",
    since: "2026-07-20T00:00:00Z",
    basis: "seen",
    deadline: `2026-07-0${String(day)}T00:00:00Z`,
  },
});
const dangling = { path: "spec.a", reason: "x", brokenBy: finding([]).key };
const said = (state: State): Standing => ({ state, isOverdue: false, reason: "the canary wants it" });

/** What is said of a change before the clock, and how it counts while there is time, and when it is past. */
const rows: readonly (readonly [
  what: string,
  change: Partial<Change>,
  more: Partial<Finding>,
  inTime: readonly [State, isDrift: boolean],
  past: readonly [State, isDrift: boolean],
])[] = [
  ["nothing", {}, {}, ["open", true], ["overdue", true]],
  ["an exemption", { exemption }, {}, ["exempt", false], ["exempt", false]],
  [
    "one that has ended",
    { exemption: { ...exemption, hasEnded: true } },
    {},
    ["open", true],
    ["overdue", true],
  ],
  [
    "one that is refused",
    { exemption: { ...exemption, refused: "it is of tier 0" } },
    {},
    ["open", true],
    ["overdue", true],
  ],
  ["a rollout", { standing: said("rolling-out") }, {}, ["rolling-out", false], ["rolling-out", true]],
  [
    "Git that is ahead",
    { standing: said("pending-sync") },
    {},
    ["pending-sync", false],
    ["pending-sync", true],
  ],
  ["a rollout that is over", { standing: said("open") }, {}, ["open", true], ["overdue", true]],
  ["a break-glass note", {}, { breakGlass }, ["documented", false], ["documented", true]],
  [
    "a note and a rollout",
    { standing: said("rolling-out") },
    { breakGlass },
    ["rolling-out", false],
    ["rolling-out", true],
  ],
  ["an exemption and a note", { exemption }, { breakGlass }, ["exempt", false], ["exempt", false]],
];

describe("a change with", () => {
  it.for(rows)("%s", ([, what, more, inTime, past]) => {
    const one = finding([{ ...change("spec.a"), ...what }], more);
    for (const [state, [expected, counts]] of [
      ["open", inTime],
      ["overdue", past],
    ] as const) {
      const stood = stand(one, () => clock(state));
      expect(stood.standing).toMatchObject({ state: expected, isOverdue: state === "overdue" });
      expect(stood.standing?.clock).toEqual(clock(state).clock);
      expect(isDrift(stood)).toBe(counts);
      expect(exitCodeOf({ findings: [stood], unchecked: [] })).toBe(counts ? 1 : 0);
    }
  });

  it.for(rows.filter(([, { exemption: accepted }]) => accepted === undefined))(
    "%s is drift where it weakens security",
    ([, what, more]) => {
      const one = finding([{ ...change("spec.a", "weakens"), ...what }], more);
      for (const state of ["new", "open", "overdue"] as const) {
        const stood = stand(one, () => clock(state));
        expect(stood.standing?.state).toBe(state);
        expect(isDrift(stood)).toBe(true);
      }
    },
  );

  it("no clock is open, and not overdue", () => {
    expect(stand(finding([change("spec.a")]), () => undefined).standing).toEqual({
      state: "open",
      isOverdue: false,
    });
  });

  it("what was said of it keeps that as its reason", () => {
    const stood = stand(finding([{ ...change("spec.a"), standing: said("open") }]), () => clock("overdue"));
    expect(stood.changes[0]?.standing).toMatchObject({ state: "overdue", reason: "the canary wants it" });
  });
});

describe("an object that is", () => {
  const excused: Partial<Finding> = { standing: said("pending-sync"), breakGlass };
  it.for([
    ["missing, for which Git is ahead", { type: "missing", ...excused }, "pending-sync", false],
    ["extra, with a note on it", { type: "extra", breakGlass }, "documented", false],
    ["missing and exempt", { type: "missing", exemption }, "exempt", false],
    [
      "missing, and held requests back",
      { type: "missing", ...excused, risk: { tier: 0, rule: "weakens-security", reason: "x" } },
      "open",
      true,
    ],
    [
      "extra, and lets requests in",
      { type: "extra", breakGlass, effect: { text: "x", direction: "weakens" } },
      "open",
      true,
    ],
    ["broken by the drift", { type: "dangling", dangling }, "open", true],
    [
      "broken by the drift, with a note on it",
      { type: "dangling", breakGlass, dangling },
      "documented",
      true,
    ],
  ] as const)("%s", ([, more, state, counts]) => {
    const stood = stand(finding([], more), () => clock("open"));
    expect(stood.standing?.state).toBe(state);
    expect(isDrift(stood)).toBe(counts);
  });

  it("wanted by two targets in two ways is drift, whoever documents it", () => {
    const stood = stand(finding([change("spec.a")], { type: "conflict", breakGlass }), () => clock("open"));
    expect(isDrift(stood)).toBe(true);
  });

  it("the same but for what the API server drops has no standing, and is no drift", () => {
    const stood = stand(finding([], { type: "ineffective" }), () => clock("overdue"));
    expect(stood.standing).toBeUndefined();
    expect(verdictOf({ findings: [stood], unchecked: [] })).toBe("in-sync");
  });
});

describe("a finding", () => {
  const by =
    (states: Readonly<Record<string, Standing>>) =>
    (path: string): Standing | undefined =>
      states[path];

  it.for([
    ["overdue", [clock("new"), clock("overdue"), clock("open")]],
    ["new", [clock("open"), clock("new")]],
  ] as const)("is %s where one of its changes is", ([state, [a, b, c]]) => {
    const one = finding([change("a"), change("b"), ...(c ? [change("c")] : [])]);
    expect(stand(one, by({ a, b, ...(c && { c }) })).standing?.state).toBe(state);
  });

  it("has the earliest deadline of the most urgent changes", () => {
    const one = finding([change("a"), change("b")]);
    const stood = stand(one, by({ a: clock("open", 5), b: clock("open", 3) }));
    expect(stood.standing?.clock?.deadline).toBe("2026-07-03T00:00:00Z");
  });

  it("is past its time where a rollout is that a note documents beside it", () => {
    const one = finding([{ ...change("a"), standing: said("rolling-out") }, change("b")], { breakGlass });
    const stood = stand(one, by({ a: clock("overdue"), b: clock("open") }));
    expect(isDrift(stood)).toBe(true);
  });
});

const direction = fc.constantFrom<Direction>("weakens", "neutral", "strengthens");
const anyChange = fc
  .record({
    direction,
    said: fc.constantFrom<State | undefined>("rolling-out", "pending-sync", "open", undefined),
    isExempt: fc.boolean(),
    clock: fc.constantFrom("new" as const, "open" as const, "overdue" as const),
  })
  .map(({ direction: way, said: state, isExempt, clock: time }) => ({
    time,
    change: {
      ...change("spec.a", way),
      ...(state && { standing: said(state) }),
      ...(isExempt && { exemption }),
    },
  }));

it("is drift exactly where one of its changes alone is, whatever stands beside it", () => {
  fc.assert(
    fc.property(fc.array(anyChange, { minLength: 1, maxLength: 4 }), fc.boolean(), (all, isNoted) => {
      const more = isNoted ? { breakGlass } : {};
      const named = all.map(({ change: one }, index) => ({ ...one, path: String(index) }));
      const clockOf = (path: string): Standing => clock(all[Number(path)]?.time ?? "open");
      const alone = named.map((one) => isDrift(stand(finding([one], more), clockOf)));
      expect(isDrift(stand(finding(named, more), clockOf))).toBe(alone.includes(true));
    }),
    { numRuns: 500 },
  );
});
