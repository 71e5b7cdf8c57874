import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOf, formatInstant, parseDateOrTime, parseInstant } from "../../../src/core/model/instant.ts";

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

describe("parseDateOrTime", () => {
  it("reads what the clock of this machine writes", () => {
    const date = fc.date({ min: new Date("0001-01-01Z"), max: new Date("9999-12-31Z"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (at) => {
        expect(parseDateOrTime(at.toISOString())).toEqual({ ms: at.getTime(), isDay: false });
        const day = at.toISOString().slice(0, 10);
        expect(parseDateOrTime(day)).toEqual({ ms: Date.parse(`${day}T00:00:00Z`), isDay: true });
      }),
    );
  });

  it.for([
    ["2026-12-01T18:00+02:00", "2026-12-01T16:00:00Z"],
    ["2026-12-01T18:00:30-05:30", "2026-12-01T23:30:30Z"],
    ["2026-12-01t18:00z", "2026-12-01T18:00:00Z"],
  ] as const)("reads %s with its zone", ([text, same]) => {
    expect(parseDateOrTime(text)?.ms).toBe(Date.parse(same));
  });

  it.for([
    "",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-12-01T24:00Z",
    "2026-12-01T18:00",
    "2026-12-01 18:00Z",
    "01.12.2026",
    "tomorrow",
    "2026-12-01T18:00+15:00",
  ])("does not take %j for a day or a time", (text) => {
    expect(parseDateOrTime(text)).toBeUndefined();
  });

  it("ends a day with its last moment", () => {
    const day = parseDateOrTime("2028-02-29");
    expect(day && new Date(endOf(day)).toISOString()).toBe("2028-02-29T23:59:59.999Z");
    const time = parseDateOrTime("2028-02-29T10:00Z");
    expect(time && new Date(endOf(time)).toISOString()).toBe("2028-02-29T10:00:00.000Z");
  });
});
