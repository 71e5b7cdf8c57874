import { describe, expect, it } from "vitest";
import { advanceClocks } from "../../../src/core/judge/advance-clocks.ts";
import { emptyState } from "../../../src/core/model/state.ts";
import { at, differs, hour, reviews, sees, standing, text, watch } from "./watch.ts";

const path = "spec.http[name=a].timeout";

describe("a clock", () => {
  it("goes from new to open to overdue", () => {
    expect(standing(watch([[0, sees([differs(path)])]]), path)).toBe("new since 0 (seen) until 24");
    const seen = (hours: number) =>
      watch([
        [0, sees([differs(path)])],
        [hours, sees([differs(path)])],
      ]);
    expect(standing(seen(1), path)).toBe("open since 0 (seen) until 24");
    expect(standing(seen(23.9), path)).toBe("open since 0 (seen) until 24");
    expect(standing(seen(24), path)).toBe("overdue since 0 (seen) until 24");
  });

  it.for([
    ["older than what was clean", 3, "new since 5 (last-clean) until 29"],
    ["between clean and seen", 5.5, "new since 5.5 (claim) until 29.5"],
    ["the time it was seen", 6, "new since 6 (seen) until 30"],
    ["the future", 900, "new since 6 (seen) until 30"],
  ] as const)("takes a claim of %s", ([, claim, words]) => {
    const advance = watch([
      [5, sees([])],
      [6, sees([differs(path, { claim: text(claim) })])],
    ]);
    expect(standing(advance, path)).toBe(words);
  });

  it("takes a claim as far back as it likes where the object was never seen clean", () => {
    const advance = watch([[6, sees([differs(path, { claim: text(-700) })])]]);
    expect(standing(advance, path)).toBe("overdue since -700 (claim) until -676");
  });

  it.for([undefined, "", "yesterday", "2026-02-30T00:00:00Z", "-1"])(
    "makes nothing of a claim %j",
    (claim) => {
      const advance = watch([[6, sees([differs(path, { claim })])]]);
      expect(standing(advance, path)).toBe("new since 6 (seen) until 30");
    },
  );

  it("does not start again for another value, another claim, or another object of that name", () => {
    const advance = watch([
      [0, sees([differs(path)])],
      [9, sees([differs(path, { fingerprint: "ffffff", claim: text(8) })])],
      [10, sees([differs("", { type: "missing" })])],
      [20, sees([differs(path, { claim: text(19) })])],
    ]);
    expect(standing(advance, path)).toBe("open since 0 (seen) until 24");
  });

  it("is the object's earliest for an object that was deleted", () => {
    const advance = watch([
      [0, sees([differs(path)])],
      [5, sees([differs(path), differs("spec.hosts")])],
      [10, sees([differs("", { type: "missing" })])],
    ]);
    expect(standing(advance, "")).toBe("open since 0 (seen) until 24");
    expect(advance.resolved).toEqual([]);
  });

  it.for([
    ["spec.http", "spec.http[name=a].timeout"],
    ["spec.http[name=a].timeout", "spec.http"],
    ["spec.http[0].timeout", "spec.http[3].timeout"],
    ["spec.hosts[one.example.com]", "spec.hosts[two.example.com]"],
    ["spec.http[1].timeout", "spec.http[name=a].timeout"],
    ["spec.http[name=a].route", "spec.http[2]"],
  ] as const)("of %s goes on as %s", ([before, after]) => {
    const advance = watch([
      [0, sees([differs(before)])],
      [9, sees([differs(after)])],
    ]);
    expect(standing(advance, after)).toBe("open since 0 (seen) until 24");
    expect(advance.resolved).toEqual([]);
  });

  it("of a path beside another one is its own", () => {
    const advance = watch([
      [0, sees([differs("spec.http[name=a].timeout")])],
      [9, sees([differs("spec.http[name=a].timeout"), differs("spec.http[name=b].timeout")])],
    ]);
    expect(standing(advance, "spec.http[name=b].timeout")).toBe("new since 9 (seen) until 33");
  });

  it("goes on when a change comes back within 72 hours, and begins anew after that", () => {
    const back = (hours: number) =>
      watch([
        [0, sees([differs(path)])],
        [1, sees([])],
        [hours, sees([differs(path)])],
      ]);
    expect(standing(back(73), path)).toBe("overdue since 0 (seen) until 24");
    expect(standing(back(73.1), path)).toBe("new since 73.1 (seen) until 97.1");
  });

  it("tells once what is resolved, and how long it was there", () => {
    const gone = watch([
      [0, sees([differs(path)])],
      [5, sees([])],
    ]);
    expect(gone.resolved).toEqual([
      { cluster: "eu1", key: reviews, path, since: text(0), lastedMs: 5 * hour },
    ]);
    expect(watch([[6, sees([])]], { state: gone.state }).resolved).toEqual([]);
  });
});

describe("what was not looked at", () => {
  it.for([
    ["not named", { judged: [] }],
    ["unchecked", { unchecked: [{ target: "eu1", code: "X", isWholeTarget: false, key: reviews }] }],
  ])("keeps its clock where it is %s", ([, more]) => {
    const advance = watch([
      [0, sees([differs(path)])],
      [5, sees([], more as Partial<ReturnType<typeof sees>>)],
      [6, sees([differs(path)])],
    ]);
    expect(standing(advance, path)).toBe("open since 0 (seen) until 24");
    expect(advance.resolved).toEqual([]);
  });

  it("was not seen clean", () => {
    const advance = watch([
      [0, sees([])],
      [5, sees([], { judged: [] })],
      [6, sees([differs(path, { claim: text(1) })])],
    ]);
    expect(standing(advance, path)).toBe("new since 1 (claim) until 25");
  });

  it("of other clusters stays as it is", () => {
    const first = watch([[0, sees([differs(path)])]]);
    const advance = watch([[9, sees([], { cluster: "us1", judged: [] })]], { state: first.state });
    expect(advance.state.clusters.map(({ name }) => name)).toEqual(["eu1", "us1"]);
    expect(standing(watch([[10, sees([differs(path)])]], { state: advance.state }), path)).toBe(
      "open since 0 (seen) until 24",
    );
  });

  it("is resolved where neither side has it any more", () => {
    const advance = watch([
      [0, sees([differs("", { type: "extra" })])],
      [5, sees([], { judged: [], isAbsent: () => true })],
    ]);
    expect(advance.resolved).toMatchObject([{ key: reviews, path: "", lastedMs: 5 * hour }]);
  });

  it("is forgotten after 30 days, if it was clean", () => {
    const clean = watch([[0, sees([])]]);
    const later = (hours: number) => watch([[hours, sees([], { judged: [] })]], { state: clean.state });
    expect(later(720).state.clusters[0]?.objects).toHaveLength(1);
    expect(later(721).state.clusters[0]?.objects).toEqual([]);
  });
});

describe("an extra object", () => {
  const extra = differs("", { type: "extra", claim: text(-9000) });

  it("was not there when its namespace was last looked through, whatever its fields claim", () => {
    const advance = watch([
      [5, sees([], { judged: [], swept: ["shop"] })],
      [6, sees([extra])],
    ]);
    expect(standing(advance, "")).toBe("new since 5 (last-clean) until 29");
  });

  it("may be as old as it claims where nobody looked", () => {
    expect(standing(watch([[6, sees([extra])]]), "")).toBe("overdue since -9000 (claim) until -8976");
  });
});

describe("the time allowed", () => {
  it("moves a deadline earlier, and never later", () => {
    const first = watch([[0, sees([differs(path)])]], { within: 24 });
    const next = (within: number) => watch([[1, sees([differs(path)])]], { state: first.state, within });
    expect(standing(next(4), path)).toBe("open since 0 (seen) until 4");
    expect(standing(next(48), path)).toBe("open since 0 (seen) until 24");
  });
});

describe("a run whose clock was ahead", () => {
  it("does not leave clocks that begin in the future", () => {
    const ahead = advanceClocks(emptyState, [sees([differs(path)])], {
      now: at(720),
      seenAt: at(720),
      isConfirmed: false,
      syncWithinMs: 24 * hour,
    });
    const advance = watch([[1, sees([differs(path)])]], { state: ahead.state });
    expect(standing(advance, path)).toBe("open since 1 (seen) until 25");
  });
});
