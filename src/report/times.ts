import { formatSpan } from "../core/model/time-span.ts";

/**
 * How long ago something was, in one unit: "just now", "3 min ago", "26 h ago", "12 days ago". Up to a minute to come
 * is "just now", too, because clocks differ. A time further ahead is told as formatUtc does, and a text that is no time
 * as it is.
 */
export function formatAge(time: string, now: Date): string {
  const ageMs = now.getTime() - Date.parse(time);
  if (Number.isNaN(ageMs) || ageMs < -60_000) return formatUtc(time);
  return ageMs < 60_000 ? "just now" : `${formatSpan(ageMs)} ago`;
}

/** A time as "2026-11-21 10:12 UTC"; a text that is no time is given back as it is. */
export function formatUtc(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
