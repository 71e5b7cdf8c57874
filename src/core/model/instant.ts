/** Moments as people and programs write them down. A Date of a given moment is pure; only the present one is not. */

/** RFC 3339, the form of ISO 8601 that Kubernetes and Git use: a date, a time and a zone. Seconds may be left out. */
const written = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2}))?$/i;

const dayMs = 86_400_000;

/** A day, or a time of one. */
export interface DateOrTime {
  /** Milliseconds since 1970; of a day its first moment in UTC. */
  readonly ms: number;
  /** Whether only a day was written. */
  readonly isDay: boolean;
}

/**
 * Reads a day ("2026-12-01") or a time with its zone ("2026-12-01T18:00Z", "2026-12-01T18:00:00.5+02:00"); undefined for
 * anything else, and for days, times and zones that do not exist.
 */
export function parseDateOrTime(text: string): DateOrTime | undefined {
  const [, day = "", time, zone = ""] = written.exec(text) ?? [];
  const start = Date.parse(`${day}T00:00:00Z`);
  // A Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return { ms: start, isDay: true };
  const sinceMidnight = Date.parse(`1970-01-01T${time.replace(/(\.\d{3})\d+$/, "$1")}Z`);
  const offset = zoneMs(zone);
  if (Number.isNaN(sinceMidnight) || sinceMidnight >= dayMs || offset === undefined) return undefined;
  return { ms: start + sinceMidnight - offset, isDay: false };
}

/** How far a zone is ahead of UTC; the farthest is 14 hours. */
function zoneMs(zone: string): number | undefined {
  if (zone.toUpperCase() === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (hour > 14 || minute > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (hour * 60 + minute) * 60_000;
}

/** The milliseconds since 1970 of a moment such as "2026-07-23T10:00:00Z"; undefined for anything else, days included. */
export function parseInstant(text: string): number | undefined {
  const found = parseDateOrTime(text);
  return found === undefined || found.isDay ? undefined : found.ms;
}

/** The end of what somebody wrote down: of a day its last millisecond. */
export function endOf({ ms, isDay }: DateOrTime): number {
  return isDay ? ms + dayMs - 1 : ms;
}

/** A moment in milliseconds since 1970 as text: "2026-07-23T10:00:00.000Z". Throws beyond what a Date can hold. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}
