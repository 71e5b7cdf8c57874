import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextWindow } from "../../../src/core/judge/maintenance.ts";
import type { MaintenanceWindow } from "../../../src/core/model/maintenance-window.ts";

const nights: MaintenanceWindow = { days: ["tue", "thu"], from: "22:00", to: "04:00" };
const noon: MaintenanceWindow = { from: "12:00", to: "13:00" };

function told(windows: readonly MaintenanceWindow[], now: string, target?: string): string {
  const found = nextWindow(windows, Date.parse(now), target);
  if (found === undefined) return "none";
  return [found.from, found.to].map((ms) => new Date(ms).toISOString().slice(0, 16)).join(" ");
}

describe("the next maintenance window", () => {
  // 2026-11-24 is a Tuesday.
  it.for([
    ["on a day before", [nights], "2026-11-23T10:00Z", "2026-11-24T22:00 2026-11-25T04:00"],
    ["which is open", [nights], "2026-11-24T23:00Z", "2026-11-24T22:00 2026-11-25T04:00"],
    ["which is open after midnight", [nights], "2026-11-25T03:59Z", "2026-11-24T22:00 2026-11-25T04:00"],
    ["when the last has just ended", [nights], "2026-11-25T04:00Z", "2026-11-26T22:00 2026-11-27T04:00"],
    ["over a weekend", [nights], "2026-11-27T05:00Z", "2026-12-01T22:00 2026-12-02T04:00"],
    [
      "a week later, the only one of today being over",
      [{ ...noon, days: ["tue"] }],
      "2026-11-24T14:00Z",
      "2026-12-01T12:00 2026-12-01T13:00",
    ],
    ["of two, the first", [nights, noon], "2026-11-24T08:00Z", "2026-11-24T12:00 2026-11-24T13:00"],
    [
      "of two open ones, the longer",
      [noon, { from: "11:00", to: "18:00" }],
      "2026-11-24T12:30Z",
      "2026-11-24T11:00 2026-11-24T18:00",
    ],
    [
      "all day",
      [{ days: ["sun"], from: "00:00", to: "24:00" }],
      "2026-11-24T12:30Z",
      "2026-11-29T00:00 2026-11-30T00:00",
    ],
    ["where there is none", [], "2026-11-24T12:30Z", "none"],
    ["whose times cannot be read", [{ from: "25:00", to: "12:60" }], "2026-11-24T12:30Z", "none"],
  ] as const)("%s", ([, windows, now, expected]) => {
    expect(told(windows, now)).toBe(expected);
  });

  it("is only asked of windows for the target", () => {
    const windows = [
      { ...noon, targets: ["staging"] },
      { ...nights, targets: ["prod"] },
    ];
    expect(told(windows, "2026-11-24T08:00Z", "prod")).toBe("2026-11-24T22:00 2026-11-25T04:00");
    expect(told(windows, "2026-11-24T08:00Z", "dev")).toBe("none");
    expect(told(windows, "2026-11-24T08:00Z")).toBe("none");
  });

  it("ends after now, starts on one of its days, and stays the next until it starts", () => {
    const time = fc
      .record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) })
      .map(({ h, m }) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
    const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
    const window = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
      from: time,
      to: time,
    });
    const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(window, moment, (given, now) => {
        const found = nextWindow([given], now);
        if (found === undefined) throw new Error("there always is one");
        const start = new Date(found.from);
        expect(found.to).toBeGreaterThan(now);
        expect(given.days).toContain(weekdays[start.getUTCDay()]);
        expect(start.toISOString().slice(11, 16)).toBe(given.from);
        expect(new Date(found.to).toISOString().slice(11, 16)).toBe(given.to);
        const between = Math.max(now, Math.floor((now + found.from) / 2));
        expect(nextWindow([given], between)).toEqual(found);
      }),
    );
  });
});
