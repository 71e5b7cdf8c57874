import type { MaintenanceWindow } from "../model/maintenance-window.ts";

/**
 * When a change may best be merged. That is advice: no proposal, clock or verdict waits for a window.
 */

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One time that a window is open; in ms since 1970, UTC. */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** 1970-01-01 was a Thursday. */
const firstDay = days.indexOf("thu");

/**
 * The time that a window is open now, or the next that one will be: of several the one that starts first, and of
 * those the one that ends last. Undefined where no window is for the target, or none can be read.
 */
export function nextWindow(
  windows: readonly MaintenanceWindow[],
  nowMs: number,
  target?: string,
): OpenTime | undefined {
  const today = Math.floor(nowMs / dayMs);
  // Yesterday's may still be open; a week later each weekday was there, and today's may have been over.
  const starts = Array.from({ length: 9 }, (_, index) => today - 1 + index);
  const times = windows
    .filter(({ targets }) => targets === undefined || (target !== undefined && targets.includes(target)))
    .flatMap((window) => starts.flatMap((day) => openOn(window, day) ?? []))
    .filter(({ to }) => to > nowMs);
  return times.reduce<OpenTime | undefined>((best, time) => sooner(best, time, nowMs), undefined);
}

function sooner(best: OpenTime | undefined, time: OpenTime, nowMs: number): OpenTime {
  if (best === undefined) return time;
  const [a, b] = [Math.max(best.from, nowMs), Math.max(time.from, nowMs)];
  return b < a || (b === a && time.to > best.to) ? time : best;
}

/** When a window is open that starts on a day (counted from 1970-01-01); undefined where it does not start on it. */
function openOn({ days: wanted, from, to }: MaintenanceWindow, day: number): OpenTime | undefined {
  const weekday = days[(((day + firstDay) % 7) + 7) % 7];
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start === undefined || end === undefined || weekday === undefined) return undefined;
  if (wanted !== undefined && !wanted.includes(weekday)) return undefined;
  const nextDay = end <= start ? dayMs : 0;
  return { from: day * dayMs + start * minuteMs, to: day * dayMs + end * minuteMs + nextDay };
}

function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return total <= 24 * 60 ? total : undefined;
}
