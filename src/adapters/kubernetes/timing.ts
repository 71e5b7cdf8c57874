import { setTimeout as sleep } from "node:timers/promises";
import { longestTimerMs } from "./deadlines.ts";

/** Time and chance, as the adapter uses them. */
export interface Timing {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends early, without an error, with the signal. */
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** The real ones. */
export const systemTiming: Timing = {
  now: () => Date.now(),
  sleep: (durationMs, signal) =>
    sleep(Math.min(durationMs, longestTimerMs), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
  random: () => Math.random(),
};

/** When somebody does not want to wait any longer, in milliseconds since the epoch. */
export type Deadline = () => number;

/** A deadline whose time begins when it is asked for the first time: waiting in a queue costs none of it. */
export function countdown(durationMs: number, { now }: Pick<Timing, "now">): Deadline {
  let endMs: number | undefined;
  return () => (endMs ??= now() + durationMs);
}

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/**
 * How long to wait before a request is sent again, `attempt` from 1: twice as long each time, and anything from nothing
 * to all of it, so that those who failed together do not come back together.
 */
export function backoffMs(attempt: number, { random }: Timing): number {
  return random() * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
}

/**
 * What a server asks to wait by Retry-After, in milliseconds: seconds or a date. Undefined where it asks for nothing
 * that makes sense. Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = /^[A-Z][a-z]{2},/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
