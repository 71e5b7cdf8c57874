import * as fc from "fast-check";
import { expect, it } from "vitest";
import { endOf, parseDateOrTime } from "../../../src/core/model/date-or-time.ts";

it("reads what the clock of this machine writes", () => {
  const date = fc.date({ min: new Date("0001-01-01Z"), max: new Date("9999-12-31Z"), noInvalidDate: true });
  fc.assert(
    fc.property(date, (at) => {
      const seconds = Math.floor(at.getTime() / 1000) * 1000;
      expect(parseDateOrTime(at.toISOString())).toEqual({ ms: seconds, isDay: false });
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
