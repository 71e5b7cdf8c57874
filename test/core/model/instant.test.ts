import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, parseInstant } from "../../../src/core/model/instant.ts";

describe("parseInstant", () => {
  it.for([
    ["1970-01-01T00:00:00Z", 0],
    ["2024-02-29T23:59:59Z", Date.UTC(2024, 1, 29, 23, 59, 59)],
    ["2026-07-23T12:00:00.123456789+02:00", Date.UTC(2026, 6, 23, 10, 0, 0, 123)],
    ["2026-07-23 12:00:00 +0200", undefined],
    ["2026-07-23T02:00:00-0530", Date.UTC(2026, 6, 23, 7, 30)],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
    ["2026-02-29T00:00:00Z", undefined],
    ["2026-13-01T00:00:00Z", undefined],
    ["2026-00-10T00:00:00Z", undefined],
    ["2026-07-23T24:00:00Z", undefined],
    ["2026-07-23T10:00:00", undefined],
    ["2026-07-23", undefined],
    ["1753264800", undefined],
    ["yesterday", undefined],
    ["", undefined],
  ] as const)("reads %j", ([text, ms]) => {
    expect(parseInstant(text)).toBe(ms);
  });
});

describe("formatInstant", () => {
  it("writes what Date writes, and reads it again", () => {
    const moment = fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        expect(formatInstant(date.getTime())).toBe(date.toISOString());
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 2000 },
    );
  });
});
