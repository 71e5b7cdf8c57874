import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeReport } from "../../src/cli/write-file.ts";
import { hasPipes, makePipe } from "../support/pipes.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "drift-write-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it("writes a new file and replaces an old one, leaving nothing else behind", async () => {
  const file = path.join(folder, "drift.json");
  await writeReport(file, "one");
  await writeReport(file, "two");
  expect(await readFile(file, "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["drift.json"]);
});

it("replaces the file that a link points to, and keeps the link", async () => {
  await writeFile(path.join(folder, "real.json"), "old");
  await symlink("real.json", path.join(folder, "link.json"));
  await writeReport(path.join(folder, "link.json"), "new");
  expect(await readlink(path.join(folder, "link.json"))).toBe("real.json");
  expect(await readFile(path.join(folder, "real.json"), "utf8")).toBe("new");
});

it.skipIf(!hasPipes)("writes into a pipe and does not replace it", async () => {
  const pipe = path.join(folder, "pipe");
  makePipe(pipe);
  const [text] = await Promise.all([readFile(pipe, "utf8"), writeReport(pipe, "through")]);
  expect(text).toBe("through");
  expect(await readdir(folder)).toEqual(["pipe"]);
  await writeReport("/dev/null", "away");
});

it.for(["missing/drift.json", "folder"])("says that it cannot write %s", async (name) => {
  await mkdir(path.join(folder, "folder"));
  const file = path.join(folder, name);
  await expect(writeReport(file, "x")).rejects.toMatchObject({ code: "OUTPUT_FAILED", exitCode: 2 });
  await expect(writeReport(file, "x")).rejects.toThrow(`cannot write ${file}: `);
  expect(await readdir(folder)).toEqual(["folder"]);
});
