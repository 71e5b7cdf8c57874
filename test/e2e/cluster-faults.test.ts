import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import { type FaultRow, faultRows } from "./cluster-faults/faults.ts";
import { type Call, type Played, Player } from "./cluster-faults/play.ts";
import { startUpstream, type Upstream } from "./cluster-faults/upstream.ts";
import { liveObjects } from "./cluster-faults/world.ts";

/** So many runs at the same time: most of them wait. */
const players = 6;

interface Pair {
  readonly row: FaultRow;
  readonly call: Call;
  readonly isForEver: boolean;
}

/** What came out of one row of the table. */
class Tally {
  readonly counts = { complete: 0, kinds: 0, cluster: 0 };
  readonly lies: string[] = [];

  add({ outcome, lies }: Played, { row, call, isForEver }: Pair): void {
    this.counts[outcome]++;
    for (const lie of lies)
      this.lies.push(`${row.name} ${isForEver ? "for ever" : ""} at ${call.url}: ${lie}`);
  }
}

describe.skipIf(controlPlaneBinary() === undefined)("a cluster that fails at any call", () => {
  let plane: ControlPlane;
  let upstream: Upstream;
  let team: readonly Player[];
  let strangers = 0;
  const stranger = createServer((_, response) => {
    strangers++;
    response.end("{}");
  });

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.apply(liveObjects);
    upstream = await startUpstream(plane);
    team = await Promise.all(Array.from({ length: players }, () => Player.start(upstream)));
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
  }, 120_000);

  afterAll(async () => {
    await Promise.all(team.map((player) => player.stop()));
    await upstream.stop();
    stranger.close();
    await plane.stop();
  });

  it("is never told what is not so, and the table says what is", { timeout: 600_000 }, async () => {
    const [first] = team;
    if (first === undefined) throw new Error("nobody plays");
    const calls = await first.playWithout();
    const { port } = stranger.address() as AddressInfo; // A server that listens on TCP.
    const rows = faultRows(`http://127.0.0.1:${String(port)}/`);
    const pairs = rows.flatMap((row) =>
      [false, true].flatMap((isForEver) => calls.map((call): Pair => ({ row, call, isForEver }))),
    );
    const tallies = new Map(rows.map((row) => [row, [new Tally(), new Tally()] as const]));
    const queue = pairs.values();
    const work = async (player: Player) => {
      for (const pair of queue) {
        const played = await player.play(pair.row, pair.call, pair.isForEver);
        tallies.get(pair.row)?.[pair.isForEver ? 1 : 0].add(played, pair);
      }
    };
    await Promise.all(team.map(work));
    const lies = [...tallies.values()].flat().flatMap((tally) => tally.lies);
    expect(lies).toEqual([]);
    expect(strangers).toBe(0);
    expect(new Set(team.flatMap(({ requests }) => requests.map(({ method }) => method)))).toEqual(
      new Set(["GET"]),
    );
    expect(Math.max(...team.map(({ mostInFlight }) => mostInFlight))).toBeLessThanOrEqual(4);
    await expect(formatTable(tallies, calls)).toMatchFileSnapshot("cluster-faults.md");
  });
});

function formatTable(
  tallies: ReadonlyMap<FaultRow, readonly [Tally, Tally]>,
  calls: readonly Call[],
): string {
  const rows = [...tallies].map(([{ name }, [once_, always]]) => {
    const count = (kind: string) =>
      [once_, always].reduce(
        (sum, { lies }) => sum + lies.filter((lie) => lie.includes(`: false ${kind}`)).length,
        0,
      );
    const cells = [once_, always].flatMap(({ counts }) => [counts.complete, counts.kinds, counts.cluster]);
    const pairs = cells.reduce((sum, cell) => sum + cell, 0);
    return `| ${[name, pairs, ...cells, count("in-sync"), count("missing"), count("extra")].join(" | ")} |`;
  });
  return [
    `Each fault at each of the ${String(calls.length)} calls of a run, once and for ever:`,
    "",
    "| fault | runs | once: complete | some kinds unknown | cluster unknown | for ever: complete | some kinds unknown | cluster unknown | false in-sync | false missing | false extra |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
