import type { ServerReading } from "../core/judge/effective-now.ts";
import { parseInstant } from "../core/model/instant.ts";
import type { ScannedTarget } from "./scanned.ts";

/** What each API server says of the time. */
export function readingsOf(judged: readonly ScannedTarget[]): readonly ServerReading[] {
  const lives = new Map(judged.map(({ target, live }) => [target.cluster, live]));
  return [...lives].flatMap(([cluster, { serverTime }]) => {
    const [server, local] = [serverTime?.server, serverTime?.local].map((text) => parseInstant(text ?? ""));
    return server === undefined || local === undefined ? [] : [{ cluster, server, local }];
  });
}
