/** A moment that somebody wrote down. */
export interface DateOrTime {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly ms: number;
  /** Whether only a day was written; `ms` is its first moment in UTC. */
  readonly isDay: boolean;
}

const dayMs = 86_400_000;

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|([+-])(\d{2}):(\d{2})))?$/i;

/**
 * Reads a day ("2026-12-01") or a time with its zone ("2026-12-01T18:00Z", "2026-12-01T18:00:00+02:00"); undefined for
 * anything else, and for days and times that do not exist. Parts of a second are dropped.
 */
export function parseDateOrTime(text: string): DateOrTime | undefined {
  const [whole, ...parts] = written.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const [year = 0, month = 0, day = 0] = parts.slice(0, 3).map(toNumber);
  const [hour = 0, minute = 0, second = 0] = parts.slice(3, 6).map(toNumber);
  const time = { hour, minute, second };
  const zone = { hour: toNumber(parts[7]), minute: toNumber(parts[8]), second: 0 };
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (!isTime(time) || !isTime(zone) || zone.hour > 14) return undefined;
  const shift = parts[6] === "-" ? msOf(zone) : -msOf(zone);
  return { ms: daysBefore(year, month, day) * dayMs + msOf(time) + shift, isDay: !/t/i.test(whole) };
}

interface Time {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function toNumber(digits: string | undefined): number {
  return Number(digits ?? 0);
}

function isTime({ hour, minute, second }: Time): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function msOf({ hour, minute, second }: Time): number {
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The end of a moment that somebody wrote down: of a day its last millisecond. */
export function endOf({ ms, isDay }: DateOrTime): number {
  return isDay ? ms + dayMs - 1 : ms;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The days from 1970-01-01 to a day, in the calendar of ISO 8601. Source: H. Hinnant, chrono-compatible date algorithms, days_from_civil. */
function daysBefore(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
