/**
 * How long ago something was, in one unit: "just now", "3 min ago", "4 h ago", "12 days ago". A time still to come
 * (clocks differ) and a text that is no time are given back as they are.
 */
export function formatAge(time: string, now: Date): string {
  const minutes = (now.getTime() - Date.parse(time)) / 60_000;
  if (Number.isNaN(minutes) || minutes < -1) return formatUtc(time);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${String(Math.floor(minutes))} min ago`;
  if (minutes < 48 * 60) return `${String(Math.floor(minutes / 60))} h ago`;
  return `${String(Math.floor(minutes / 1440))} days ago`;
}

/** A time as "2026-11-21 10:12 UTC"; a text that is no time is given back as it is. */
export function formatUtc(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
