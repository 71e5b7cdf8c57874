import { expect, it } from "vitest";
import { formatAge, formatUtc } from "../../src/report/times.ts";

const now = new Date("2026-11-21T10:15:00Z");

it.for([
  ["2026-11-21T10:14:30Z", "just now"],
  ["2026-11-21T10:15:30Z", "just now"],
  ["2026-11-21T10:12:00Z", "3 min ago"],
  ["2026-11-21T11:12:00+01:00", "3 min ago"],
  ["2026-11-21T06:15:00Z", "4 h ago"],
  ["2026-11-19T11:00:00Z", "47 h ago"],
  ["2026-11-09T08:00:00Z", "12 days ago"],
  ["2026-11-21T11:00:00Z", "2026-11-21 11:00 UTC"],
  ["yesterday", "yesterday"],
] as const)("says of %s: %s", ([time, expected]) => {
  expect(formatAge(time, now)).toBe(expected);
});

it("gives times in UTC, whatever their zone", () => {
  expect(formatUtc("2026-11-21T23:30:00-05:00")).toBe("2026-11-22 04:30 UTC");
  expect(formatUtc("+275760-09-13T00:00:00.001Z")).toBe("+275760-09-13T00:00:00.001Z");
});
