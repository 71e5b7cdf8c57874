import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import {
  type BadInput,
  objects,
  runBadInput,
  type Told,
  withoutServer,
  withServer,
} from "./cluster-bad-input.ts";
import { namespace } from "./cluster-objects.ts";

const hasServer = controlPlaneBinary() !== undefined;

/** A row says what a person sees of one bad input. */
function formatTable(results: readonly Told[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = results.map(
    ({ name, exitCode, code, told, verdict }) =>
      `| ${name} | ${String(exitCode)} | ${code} | ${cell(told)} | ${verdict} |`,
  );
  return ["| bad input | exit | code | what is told | verdict |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

/** Two at a time: each is a process. */
async function runAll(
  inputs: readonly BadInput[],
  run: (input: BadInput) => Promise<Told>,
): Promise<readonly Told[]> {
  const results = new Map<BadInput, Told>();
  const queue = inputs.values();
  const work = async () => {
    for (const input of queue) results.set(input, await run(input));
  };
  await Promise.all([work(), work()]);
  return inputs.flatMap((input) => results.get(input) ?? []);
}

function expectHonest(results: readonly Told[]): void {
  for (const { name, exitCode, verdict, stderr, told } of results) {
    expect([name, exitCode, verdict]).not.toEqual([name, 0, expect.anything()]);
    expect(["unknown", "drifted", "-"]).toContain(verdict);
    expect([told, stderr].join("\n")).not.toMatch(/\n\s+at /);
  }
}

describe("bad input about a cluster", { timeout: 180_000 }, () => {
  it("is told as the table says, before a server is asked", async () => {
    const results = await runAll(withoutServer, (input) => runBadInput(input));
    expectHonest(results);
    await expect(formatTable(results)).toMatchFileSnapshot("cluster-bad-input.md");
  });
});

describe.skipIf(!hasServer)("bad input about a real cluster", { timeout: 180_000 }, () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.apply([namespace("shop"), ...objects]);
  }, 180_000);

  afterAll(async () => {
    await plane.stop();
  });

  it("is told as the table says", async () => {
    const results = await runAll(withServer(plane), (input) => runBadInput(input, objects));
    expectHonest(results);
    await expect(formatTable(results)).toMatchFileSnapshot("cluster-bad-input-server.md");
  });
});
