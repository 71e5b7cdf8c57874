import { describe, expect, it } from "vitest";
import { effectiveNow, lastRunAfter } from "../../../src/core/judge/effective-now.ts";
import { at, hour } from "./watch.ts";

const day = 24;

/** A server that is so many hours ahead of the machine. */
function server(cluster: string, hours: number) {
  return { cluster, local: at(0), server: at(hours) };
}

describe("effectiveNow", () => {
  it("is the time of this machine where nobody tells another", () => {
    expect(effectiveNow(at(1), [], undefined)).toEqual({
      now: at(1),
      seenAt: at(1),
      isConfirmed: false,
      warnings: [],
    });
  });

  it.for([30 * day, -30 * day, -1])("goes by the server where this machine is %d hours off", (hours) => {
    const { now, seenAt, warnings } = effectiveNow(at(100 + hours), [server("eu1", -hours)], {
      time: at(99.9),
      confirmed: at(99.9),
    });
    expect([now, seenAt]).toEqual([at(100), at(100)]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      hours > 0 ? /is \d+ .* ahead of that of eu1/ : /is \d+ .* behind that of eu1/,
    );
  });

  it("goes by this machine up to two minutes", () => {
    const local = at(5);
    const reading = { cluster: "eu1", local: at(0), server: at(0) + 120_000 };
    expect(effectiveNow(local, [reading], undefined)).toMatchObject({ now: local, warnings: [] });
    expect(effectiveNow(local, [{ ...reading, server: reading.server + 1 }], undefined).now).toBe(
      local + 120_001,
    );
  });

  it.for([
    [[0, 0, 900], 0],
    [[900, 0], 0],
    [[-900, 5], 5],
    [[-900, 2, 3, 900], 2],
    [[4], 4],
  ] as const)("goes by the middle of servers that are %j hours ahead", ([offsets, hours]) => {
    const servers = offsets.map((offset, index) => server(String(index), offset));
    expect(effectiveNow(at(10), servers, undefined).now).toBe(at(10 + hours));
  });

  it("stands still where time goes back, and writes down what it is told", () => {
    const back = effectiveNow(at(4), [], { time: at(5) });
    expect([back.now, back.seenAt]).toEqual([at(5), at(4)]);
    expect(back.warnings).toEqual([
      "this machine's clock says 2026-07-20T04:00:00.000Z, and the last run was at 2026-07-20T05:00:00.000Z: deadlines are judged as of then; set the clock right",
    ]);
    const servers = effectiveNow(at(4), [server("eu1", 0)], { time: at(5), confirmed: at(5) });
    expect([servers.now, servers.seenAt, servers.warnings.length]).toEqual([at(5), at(4), 1]);
  });

  it("writes down no time before the last that a server told, where no server is there to say it", () => {
    const back = effectiveNow(at(-700), [], { time: at(5), confirmed: at(5) });
    expect([back.now, back.seenAt, back.warnings.length]).toEqual([at(5), at(5), 1]);
  });

  it("believes a server before a last run that no server had told the time", () => {
    expect(effectiveNow(at(4), [server("eu1", 0)], { time: at(720), confirmed: at(3) })).toMatchObject({
      now: at(4),
      warnings: [],
    });
  });
});

describe("lastRunAfter", () => {
  const run = { now: at(6), seenAt: at(6), syncWithinMs: hour };

  it("keeps the last time that a server told", () => {
    expect(lastRunAfter(undefined, { ...run, isConfirmed: false })).toEqual({ time: at(6) });
    expect(lastRunAfter({ time: at(5), confirmed: at(5) }, { ...run, isConfirmed: false })).toEqual({
      time: at(6),
      confirmed: at(5),
    });
    expect(lastRunAfter({ time: at(5), confirmed: at(5) }, { ...run, isConfirmed: true })).toEqual({
      time: at(6),
      confirmed: at(6),
    });
  });
});
