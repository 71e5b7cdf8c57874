import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFileState } from "../../src/adapters/files/state.ts";
import { emptyState } from "../../src/core/model/state.ts";
import { writeStateText } from "../../src/core/model/state-text.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import { configOf, eu1, options, portsOf, reviews, slower } from "./scan-world.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "drift-read-only-"));
  file = path.join(folder, "state.json");
});
afterEach(() => rm(folder, { recursive: true }));

const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [slower] }, targets: [eu1] };

/** What a run that keeps nothing says of the state. */
async function warningsOf(): Promise<readonly string[]> {
  const config = configOf(world);
  const ports = { ...portsOf(world), state: createFileState(file) };
  const { targets } = await runScan(config, ports, {
    ...options,
    targets: config.targets,
    isReadOnly: true,
  });
  return targets.flatMap(({ warnings }) => warnings.filter((warning) => warning.includes("(STATE_")));
}

const good = writeStateText({ ...emptyState, revision: 1 });

it.for([
  ["of a newer version", good.replace('"version":1', '"version":2'), "STATE_NEWER"],
  ["with a wrong byte", good.replace('"revision":1', '"revision":2'), "STATE_DAMAGED"],
  ["that was cut off", good.slice(0, -5), "STATE_DAMAGED"],
] as const)("warns of a state %s, and leaves it as it is", async ([, text, code]) => {
  await writeFile(file, text);
  expect(await warningsOf()).toEqual([expect.stringContaining(`(${code})`)]);
  expect(await readFile(file, "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["state.json"]);
});

it("warns where the state cannot be read", async () => {
  // Root reads everything, but no folder is a file.
  await mkdir(file);
  expect(await warningsOf()).toEqual([expect.stringContaining("(STATE_UNREADABLE)")]);
});

it("warns of no state that is well, or not there", async () => {
  expect(await warningsOf()).toEqual([]);
  await writeFile(file, good);
  expect(await warningsOf()).toEqual([]);
});
