import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { maxConfigBytes } from "../../src/config/limits.ts";
import { hasPipes, makePipe } from "../support/pipes.ts";

const valid = `
version: 1
repository: ../mesh
clusters: { eu1: { snapshot: live/eu1 } }
targets: [{ name: eu1, overlay: overlays/eu1, cluster: eu1 }]
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "drift-config-"));
  await mkdir(path.join(root, "repo", "deep", "deeper"), { recursive: true });
  await mkdir(path.join(root, "repo", ".git"));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(file: string, text: string): Promise<string> {
  const full = path.join(root, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

it.for(["repo/deep/deeper/drift.yaml", "repo/deep/.drift/config.yaml", "repo/drift.yaml"])(
  "finds %s from a folder below it",
  async (file) => {
    const full = await write(file, valid);
    const { config } = await loadConfig(path.join(root, "repo", "deep", "deeper"));
    expect(config.path).toBe(full);
    expect(config.targets[0]?.repository.url).toBe(path.resolve(path.dirname(full), "../mesh"));
    expect(config.clusters.get("eu1")?.live).toMatchObject({
      path: path.join(path.dirname(full), "live/eu1"),
    });
  },
);

it("does not look beyond the root of the repository", async () => {
  await write("drift.yaml", valid);
  const cwd = path.join(root, "repo", "deep");
  await expect(loadConfig(cwd)).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: `no drift.yaml or .drift/config.yaml in ${cwd} or above it`,
    exitCode: 3,
  });
});

it("takes the file that was named, relative to the current folder", async () => {
  await write("elsewhere/mine.yaml", valid);
  const { config, warnings } = await loadConfig(path.join(root, "repo"), "../elsewhere/mine.yaml");
  expect(config.targets).toHaveLength(1);
  expect(warnings).toEqual([]);
});

it.for([
  ["missing.yaml", "there is no such file"],
  ["repo", "it is a folder"],
] as const)("says why it cannot read %s", async ([file, reason]) => {
  await expect(loadConfig(root, file)).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: `cannot read ${file}: ${reason}`,
  });
});

it.skipIf(!hasPipes)("does not wait for a pipe", async () => {
  makePipe(path.join(root, "pipe"));
  await expect(loadConfig(root, "pipe")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: "pipe is no file",
  });
});

it.for([
  ["UTF-16, not UTF-8", Buffer.from("\uFEFF版本: 1", "utf16le")],
  ["UTF-16, not UTF-8", Buffer.from(valid.trim(), "utf16le")],
  ["no text in UTF-8", Buffer.from([...Buffer.from(valid), 0xc3])],
] as const)("says that a configuration is %s", async ([reason, bytes]) => {
  await writeFile(path.join(root, "drift.yaml"), bytes);
  await expect(loadConfig(root, "drift.yaml")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: `drift.yaml is ${reason}`,
    details: [],
  });
});

it("takes UTF-8 with a mark of byte order", async () => {
  await write("drift.yaml", `\uFEFF${valid}`);
  expect((await loadConfig(root, "drift.yaml")).config.targets).toHaveLength(1);
});

it("lists every problem as a detail", async () => {
  await write(
    "repo/drift.yaml",
    valid.replace("version: 1", "version: 2").replace("cluster: eu1", "cluster: us1"),
  );
  await expect(loadConfig(path.join(root, "repo"))).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: "drift.yaml has 2 problems",
    details: [
      "drift.yaml:2:10 version: expected 1; got 2",
      'drift.yaml:5:56 targets[0].cluster: "us1" names no cluster; expected one of eu1',
    ],
    exitCode: 3,
  });
});

it("shows no more than a hundred problems, and how many there are", async () => {
  await write("repo/drift.yaml", `- ${"]".repeat(200)}`);
  await expect(loadConfig(path.join(root, "repo"))).rejects.toSatisfy(
    (error: { message: string; details: readonly string[] }) =>
      error.details.length === 101 && /^and \d+ more$/.test(error.details[100] ?? ""),
  );
});

it("refuses a file that is too large to be a configuration", async () => {
  await write("repo/drift.yaml", "#".repeat(maxConfigBytes + 1));
  await expect(loadConfig(path.join(root, "repo"))).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: "drift.yaml is larger than 1048576 bytes",
  });
});
