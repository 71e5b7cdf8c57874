import { describe, expect, it } from "vitest";
import { emptyState, type State } from "../../src/core/model/state.ts";
import { judgeByState, keepState } from "../../src/pipeline/keep-state.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import { DriftError } from "../../src/lib/errors.ts";
import type { StatePort, StateRead } from "../../src/ports/state.ts";
import { virtualService } from "../support/resources.ts";
import { configOf, options, portsOf, type World } from "./scan-world.ts";

const unreadable = {
  code: "STATE_UNREADABLE",
  reason: "the state of earlier runs cannot be read from s.json: it is no plain file",
  hint: "Put a file there.",
};

function portOf(read: StateRead, writes: State[] = []): StatePort {
  return {
    read: () => Promise.resolve(read),
    write: (state) => {
      if (read.type === "lost" && read.problem.code === "STATE_UNREADABLE")
        throw new DriftError(
          "STATE_FAILED",
          `the state is not written: ${read.problem.reason}`,
          read.problem,
        );
      writes.push(state);
      return Promise.resolve("written");
    },
  };
}

const lost = portOf({ type: "lost", state: emptyState, problem: unreadable });

describe("a state that cannot be used", () => {
  it("is told once, although it cannot be written for the same reason", async () => {
    const { warnings } = await keepState(lost, (state) => ({ state }));
    expect(warnings).toEqual([`${unreadable.reason} (STATE_UNREADABLE). Put a file there.`]);
  });

  it("is told to who only looks, too", async () => {
    const { judged, warnings } = await judgeByState(lost, (state) => state);
    expect([judged, warnings.length]).toEqual([emptyState, 1]);
  });

  it("is used by who only looks, and never written", async () => {
    const writes: State[] = [];
    const known = { ...emptyState, revision: 7 };
    const port = portOf({ type: "read", state: known }, writes);
    expect(await judgeByState(port, (state) => state)).toEqual({ judged: known, warnings: [] });
    expect(writes).toEqual([]);
  });

  it.for([{ isReadOnly: false }, { isReadOnly: true }])(
    "stands in the report of a scan, once: %o",
    async ({ isReadOnly }) => {
      const world: World = {
        overlays: { eu1: [virtualService("reviews")], us1: [virtualService("reviews")] },
        clusters: { eu1: [virtualService("reviews")], us1: [virtualService("reviews")] },
        targets: ["eu1", "us1"].map((name) => ({ name, cluster: name, overlay: name })),
      };
      const config = configOf(world);
      const ports = { ...portsOf(world), state: lost };
      const { targets } = await runScan(config, ports, { ...options, targets: config.targets, isReadOnly });
      expect(
        targets.map(({ warnings }) => warnings.filter((text) => text.includes("STATE_")).length),
      ).toEqual([1, 0]);
    },
  );
});
