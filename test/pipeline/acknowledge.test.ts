import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFileState } from "../../src/adapters/files/state.ts";
import { emptyState, type Guard, type State, type TargetRun } from "../../src/core/model/state.ts";
import { writeStateText } from "../../src/core/model/state-text.ts";
import { runAcknowledge } from "../../src/pipeline/acknowledge.ts";
import type { StatePort } from "../../src/ports/state.ts";

const run = (time: number): TargetRun => ({ time, commit: "4f2c91e", closure: "c", counts: [] });
const guard: Guard = { type: "live-shrank", id: "3f9a2c1b0d4e", text: "much is gone", before: 40, now: 2 };
const held: State = {
  ...emptyState,
  revision: 1,
  targets: [
    { name: "eu1", good: run(1), held: { guards: [guard], run: run(2) } },
    { name: "us1", good: run(1) },
  ],
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "drift-acknowledge-"));
  file = path.join(folder, "state.json");
  await createFileState(file).write(held);
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

it("takes the run that raised the guard for a good one, of this target alone", async () => {
  expect(await runAcknowledge(createFileState(file), guard.id)).toEqual({
    target: "eu1",
    guards: [guard],
    warnings: [],
  });
  const read = await createFileState(file).read();
  expect("state" in read && read.state.targets).toEqual([
    { name: "us1", good: run(1) },
    { name: "eu1", good: run(2) },
  ]);
});

it.for(["", "3f9a2c1b0d4", "EU1"])("is USAGE for a guard that is not there: %j", async (id) => {
  await expect(runAcknowledge(createFileState(file), id)).rejects.toMatchObject({ code: "USAGE" });
});

it("is USAGE the second time, and changes nothing then", async () => {
  await runAcknowledge(createFileState(file), guard.id);
  const text = await readFile(file, "utf8");
  await expect(runAcknowledge(createFileState(file), guard.id)).rejects.toMatchObject({ code: "USAGE" });
  expect(await readFile(file, "utf8")).toBe(text);
});

it.for([
  ["of a newer version", writeStateText(held).replace(/"(format|version)":1/, '"$1":99'), "newer version"],
  ["that is damaged", writeStateText(held).replace("eu1", "eu2"), "damaged"],
  ["that was cut off", writeStateText(held).slice(0, 40), "damaged"],
] as const)(
  "says what is wrong with a state %s, not that the guard is not there",
  async ([, text, reason]) => {
    await writeFile(file, text);
    await expect(runAcknowledge(createFileState(file), guard.id)).rejects.toMatchObject({
      code: "STATE_FAILED",
      reason: expect.stringContaining(reason) as string,
    });
    expect(await readFile(file, "utf8")).toBe(text);
  },
);

it("fails where that cannot be kept, and does not say that it was", async () => {
  // What stands where the next state would be written.
  await rm(folder, { recursive: true });
  await writeFile(folder, "no folder");
  await expect(runAcknowledge(createFileState(file), guard.id)).rejects.toMatchObject({
    code: "STATE_FAILED",
  });
});

/** A state that others write each time. */
function overtaken(after: State): { readonly port: StatePort; readonly reads: () => number } {
  let reads = 0;
  const port: StatePort = {
    read: () => Promise.resolve({ type: "read", state: reads++ === 0 ? held : after }),
    write: () => Promise.resolve("overtaken"),
  };
  return { port, reads: () => reads };
}

it("gives up where others write each time, and says that nothing is acknowledged", async () => {
  const { port, reads } = overtaken(held);
  await expect(runAcknowledge(port, guard.id)).rejects.toMatchObject({ code: "STATE_FAILED" });
  expect(reads()).toBe(5);
});

it("acknowledges nothing where another run found the cause gone meanwhile", async () => {
  const { port, reads } = overtaken({ ...held, targets: [{ name: "eu1", good: run(3) }] });
  await expect(runAcknowledge(port, guard.id)).rejects.toMatchObject({ code: "USAGE" });
  expect(reads()).toBe(2);
});
