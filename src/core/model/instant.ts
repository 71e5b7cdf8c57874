/** A moment as RFC 3339 writes it, the form of ISO 8601 that Kubernetes and Git use: a date, a time, and a zone. */
const written = /^([\d-]{10})[Tt ]([\d:]{8})(?:\.(\d{1,9}))?([Zz]|[+-][\d:]{4,5})$/;
const datePattern = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)$/;
const zonePattern = /^([+-])([01]\d|2[0-3]):?([0-5]\d)$/;

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * The milliseconds since 1970 of a moment such as "2026-07-23T10:00:00Z" or "2026-07-23T12:00:00.5+02:00"; undefined
 * where the text is none, has no zone, or names a day or hour that does not exist.
 */
export function parseInstant(text: string): number | undefined {
  const [, date = "", time = "", fraction = "", zone = ""] = written.exec(text) ?? [];
  const days = parseDate(date);
  const timeMs = parseTime(time);
  const zoneMs = parseZone(zone);
  if (days === undefined || timeMs === undefined || zoneMs === undefined) return undefined;
  return days * dayMs + timeMs + Number(fraction.padEnd(3, "0").slice(0, 3)) - zoneMs;
}

function parseDate(text: string): number | undefined {
  const [year, month, day] = numbersOf(datePattern.exec(text));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const days = dayNumber(year, month, day);
  return dateOf(days).day === day ? days : undefined;
}

function parseTime(text: string): number | undefined {
  const [hours, minutes = 0, seconds = 0] = numbersOf(timePattern.exec(text));
  return hours === undefined ? undefined : hours * hourMs + minutes * minuteMs + seconds * 1000;
}

function parseZone(text: string): number | undefined {
  if (text === "Z" || text === "z") return 0;
  const parts = zonePattern.exec(text);
  const [, hours, minutes] = numbersOf(parts);
  if (hours === undefined || minutes === undefined) return undefined;
  return (parts?.[1] === "-" ? -1 : 1) * (hours * hourMs + minutes * minuteMs);
}

function numbersOf(parts: RegExpExecArray | null): readonly number[] {
  return (parts ?? []).slice(1).map(Number);
}

/** A moment in milliseconds since 1970 as text: "2026-07-23T10:00:00.000Z". For the years 0 to 9999. */
export function formatInstant(ms: number): string {
  const days = Math.floor(ms / dayMs);
  const { year, month, day } = dateOf(days);
  const rest = ms - days * dayMs;
  const time = [rest / hourMs, (rest % hourMs) / minuteMs, (rest % minuteMs) / 1000].map((part) =>
    pad(part, 2),
  );
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${time.join(":")}.${pad(rest % 1000, 3)}Z`;
}

function pad(value: number, digits: number): string {
  return String(Math.floor(value)).padStart(digits, "0");
}

// Days and dates of the Gregorian calendar, in years that begin with March, so that a leap day is the last of its year.
// Source: https://howardhinnant.github.io/date_algorithms.html (days_from_civil, civil_from_days)

/** The days from 1970-01-01 to a date. */
function dayNumber(year: number, month: number, day: number): number {
  const from = month <= 2 ? year - 1 : year;
  const era = Math.floor(from / 400);
  const yearOfEra = from - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
