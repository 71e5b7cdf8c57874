import type { ServerTime } from "../../ports/live.ts";
import type { ReadApi } from "./api-reader.ts";
import type { Timing } from "./timing.ts";

/** A reader that notes what time the server says it is. */
export interface ServerClock {
  readonly read: ReadApi;
  /** By the first answer that told; undefined where none did. */
  readonly time: () => ServerTime | undefined;
}

/**
 * Listens to the answers of an API server for the time (the header Date, in whole seconds). The first one counts: it is
 * small, so that no time passes between the server's answer and its arrival. Source: RFC 9110, section 6.6.1.
 */
export function listenForTime(read: ReadApi, timing: Pick<Timing, "now">): ServerClock {
  let time: ServerTime | undefined;
  return {
    read: async (request, deadline) => {
      const end = await read(request, deadline);
      if (end.type === "json") time ??= readTime(end.date, timing.now());
      return end;
    },
    time: () => time,
  };
}

function readTime(date: string | undefined, now: number): ServerTime | undefined {
  // A number would be read as a year.
  const server = date !== undefined && /^[A-Z][a-z]{2},/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(server)) return undefined;
  return { server: new Date(server).toISOString(), local: new Date(now).toISOString() };
}
