import { formatInstant } from "../model/instant.ts";
import type { LastRun } from "../model/state.ts";
import { formatSpan } from "../model/time-span.ts";
import type { Moment } from "./clock.ts";

/** How far the clock of this machine and that of an API server may differ, before the server's counts. */
const toleranceMs = 120_000;

/** One reading of two clocks at the same moment, in milliseconds since 1970. */
export interface ServerReading {
  /** Whose: "prod-eu1". */
  readonly cluster: string;
  readonly server: number;
  /** The clock of this machine when the server's answer came. */
  readonly local: number;
}

/** What time it is, and what a person should know about that. */
export interface EffectiveNow extends Pick<Moment, "now" | "seenAt" | "isConfirmed"> {
  readonly warnings: readonly string[];
}

/**
 * What time a run takes it to be. Where an API server tells another time than this machine, its time counts; where
 * several do, the middle one. A time before the last run's is not believed: deadlines are judged as of that run, and
 * what is seen is still written down with the time that was told. The last run's time binds a run with a server's time
 * only where a server had told it: a machine whose clock was ahead for one run has no say over the servers.
 */
export function effectiveNow(
  local: number,
  servers: readonly ServerReading[],
  lastRun: LastRun | undefined,
): EffectiveNow {
  const isConfirmed = servers.length > 0;
  const offset = middleOffset(servers);
  const isOff = Math.abs(offset) > toleranceMs;
  const told = isOff ? local + offset : local;
  const floor = (isConfirmed ? lastRun?.confirmed : lastRun?.time) ?? told;
  // Two runs may overlap, and their clocks differ a little: that is no news.
  const isBack = floor - told > toleranceMs;
  return {
    now: Math.max(told, floor),
    seenAt: isConfirmed ? told : notBefore(lastRun?.confirmed, told),
    isConfirmed,
    warnings: [
      ...(isOff ? [offWarning(offset, servers)] : []),
      ...(isBack ? [backWarning(told, floor, isConfirmed)] : []),
    ],
  };
}

/** A server has told that it is later than that: only another server may say otherwise. */
function notBefore(confirmed: number | undefined, told: number): number {
  return Math.max(told, confirmed ?? told);
}

/** How much the servers are ahead: the middle of their offsets, of two middle ones the smaller. */
function middleOffset(servers: readonly ServerReading[]): number {
  const offsets = servers.map(({ server, local }) => server - local).sort((a, b) => a - b);
  const middle = (offsets.length - 1) / 2;
  const [low = 0, high = 0] = [offsets[Math.floor(middle)], offsets[Math.ceil(middle)]];
  return Math.abs(low) <= Math.abs(high) ? low : high;
}

function offWarning(offset: number, servers: readonly ServerReading[]): string {
  const clusters = servers.map(({ cluster }) => cluster).join(", ");
  const direction = offset > 0 ? "behind" : "ahead of";
  return `the clock of this machine is ${formatSpan(Math.abs(offset))} ${direction} that of ${clusters}: deadlines go by the cluster; set the clock right`;
}

function backWarning(told: number, floor: number, isConfirmed: boolean): string {
  const whose = isConfirmed ? "the clusters'" : "this machine's";
  return `${whose} clock says ${formatInstant(told)}, and the last run was at ${formatInstant(floor)}: deadlines are judged as of then; set the clock right`;
}

/** The last run as the next one shall know it. */
export function lastRunAfter(before: LastRun | undefined, { now, isConfirmed }: Moment): LastRun {
  const confirmed = isConfirmed ? now : before?.confirmed;
  return { time: now, ...(confirmed !== undefined && { confirmed }) };
}
