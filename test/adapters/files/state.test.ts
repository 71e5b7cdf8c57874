import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileState } from "../../../src/adapters/files/state.ts";
import { emptyState } from "../../../src/core/model/state.ts";
import { writeStateText } from "../../../src/core/model/state-text.ts";
import { sampleState } from "../../core/model/sample-state.ts";
import { hasPipes, makePipe } from "../../support/pipes.ts";
import { startWriter } from "./start-writer.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "drift-state-"));
  file = path.join(folder, "state.json");
});

afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const [first, second] = [sampleState(3, { revision: 1 }), sampleState(4, { revision: 2 })];

describe("a state in a file", () => {
  it("is read as it was written, by its owner alone, and in a folder that was not there", async () => {
    const deep = path.join(folder, "a", "b", "state.json");
    const port = createFileState(deep);
    expect(await port.read()).toEqual({ type: "none", state: emptyState });
    expect(await readdir(folder)).toEqual([]);
    expect(await port.write(first)).toBe("written");
    expect(await port.read()).toEqual({ type: "read", state: first });
    expect((await stat(deep)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(deep))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(deep))).toEqual(["state.json", "state.json.revision"]);
  });

  it("is not replaced by who has read an older one", async () => {
    const port = createFileState(file);
    await port.write(first);
    expect(await createFileState(file).write({ ...second, revision: 1 })).toBe("overtaken");
    expect(await port.write({ ...second, revision: 3 })).toBe("overtaken");
    expect(await port.read()).toEqual({ type: "read", state: first });
    expect(await port.write(second)).toBe("written");
  });

  it.for([
    ["cut off", (text: string) => text.slice(0, -9), "its end is missing"],
    ["changed by a byte", (text: string) => text.replace("timeout", "timeouT"), "its checksum is wrong"],
    ["empty", () => "", "it does not begin like one"],
  ] as const)("that is %s is lost, and kept aside when the next one is written", async ([, damage, why]) => {
    const port = createFileState(file);
    await port.write(first);
    await port.write(second);
    const text = damage(await readFile(file, "utf8"));
    await writeFile(file, text);
    const read = await port.read();
    expect(read).toMatchObject({
      type: "lost",
      state: { ...emptyState, revision: 2 },
      problem: { code: "STATE_DAMAGED", reason: expect.stringContaining(why) as string },
    });
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await port.write({ ...emptyState, revision: 3 })).toBe("written");
    const aside = (await readdir(folder)).find((name) => name.includes(".damaged-")) ?? "";
    expect(read.type === "lost" && read.problem.hint).toContain(aside);
    expect(await readFile(path.join(folder, aside), "utf8")).toBe(text);
    expect(await port.read()).toMatchObject({ type: "read", state: { revision: 3 } });
  });

  it("that was put back to an older one is used, and told", async () => {
    const port = createFileState(file);
    await port.write(first);
    const old = await readFile(file);
    await port.write(second);
    await writeFile(file, old);
    expect(await port.read()).toMatchObject({
      type: "read",
      state: { ...first, revision: 2 },
      problem: { code: "STATE_ROLLED_BACK" },
    });
    expect(await port.write({ ...first, revision: 3 })).toBe("written");
    expect(await port.read()).toEqual({ type: "read", state: { ...first, revision: 3 } });
  });

  it("that was taken away is lost", async () => {
    const port = createFileState(file);
    await port.write(first);
    await rm(file);
    expect(await port.read()).toMatchObject({
      type: "lost",
      state: { ...emptyState, revision: 1 },
      problem: { code: "STATE_GONE" },
    });
    expect(await port.write(second)).toBe("written");
  });

  it("of a newer version is neither used nor replaced", async () => {
    const text = writeStateText(first).replace('"version":1', '"version":2');
    await writeFile(file, text);
    const port = createFileState(file);
    expect(await port.read()).toMatchObject({ type: "newer", problem: { code: "STATE_NEWER" } });
    await expect(port.write(first)).rejects.toMatchObject({ code: "STATE_FAILED" });
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await readdir(folder)).toEqual(["state.json"]);
  });

  it("is replaced where a link leads", async () => {
    await mkdir(path.join(folder, "real"));
    await symlink("real/state.json", file);
    expect(await createFileState(file).read()).toMatchObject({
      type: "lost",
      problem: { reason: expect.stringContaining("leads nowhere") as string },
    });
    await expect(createFileState(file).write(first)).rejects.toMatchObject({ code: "STATE_FAILED" });
    await writeFile(path.join(folder, "real", "state.json"), writeStateText(first));
    expect(await createFileState(file).write(second)).toBe("written");
    expect(await readlink(file)).toBe("real/state.json");
    expect(await createFileState(path.join(folder, "real", "state.json")).read()).toMatchObject({
      type: "read",
      state: second,
    });
  });

  it.skipIf(!hasPipes)("that is a pipe or a folder is neither waited for nor replaced", async () => {
    await mkdir(path.join(folder, "d"));
    makePipe(path.join(folder, "p"));
    for (const name of ["d", "p"]) {
      const port = createFileState(path.join(folder, name));
      expect(await port.read()).toMatchObject({ type: "lost", problem: { code: "STATE_UNREADABLE" } });
      await expect(port.write(first)).rejects.toMatchObject({ code: "STATE_FAILED" });
    }
  });
});

const isRoot = process.getuid?.() === 0;
if (isRoot) process.stderr.write("*** root may read and write everything: no test of forbidden files ***\n");

describe.skipIf(isRoot)("a state that may not be read or written", () => {
  it("is told, and stays", async () => {
    const port = createFileState(file);
    await port.write(first);
    await chmod(file, 0o000);
    expect(await port.read()).toMatchObject({ type: "lost", problem: { code: "STATE_UNREADABLE" } });
    await expect(port.write(second)).rejects.toMatchObject({ code: "STATE_FAILED" });
    await chmod(file, 0o600);
    await chmod(folder, 0o500);
    expect(await port.read()).toEqual({ type: "read", state: first });
    await expect(port.write(second)).rejects.toMatchObject({ code: "STATE_FAILED" });
  });
});

/** Whether a small file system can be mounted for one process. */
function canMount(): boolean {
  try {
    execFileSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

describe("a process that writes", { timeout: 60_000 }, () => {
  it("and is killed anywhere leaves a whole state, and nothing that stops the next one", async () => {
    const port = createFileState(file);
    await port.write(first);
    for (let round = 0; round < 8; round += 1) {
      const writer = startWriter(["on", file]);
      await once(writer.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      writer.kill("SIGKILL");
      await once(writer, "exit");
      const read = await port.read();
      if (read.type !== "read") throw new Error(`the state is ${read.type}`);
      expect(read.problem).toBeUndefined();
      expect(await port.write({ ...read.state, revision: read.state.revision + 1 })).toBe("written");
      expect((await readdir(folder)).sort()).toEqual(["state.json", "state.json.revision"]);
    }
  });

  it("at the same time as another loses nothing of it", async () => {
    const writers = ["a", "b", "c"].map((name) => startWriter(["add", file, name]));
    await Promise.all(writers.map((writer) => once(writer, "exit")));
    const read = await createFileState(file).read();
    expect(read.type === "read" && read.state.revision).toBe(30);
    const names = read.type === "read" ? read.state.targets.map(({ name }) => name) : [];
    expect(names.toSorted()).toEqual(
      ["a", "b", "c"].flatMap((name) => Array.from({ length: 10 }, (_, index) => `${name}${String(index)}`)),
    );
  });

  it.skipIf(!canMount())("on a full disk keeps the old one", async () => {
    const writer = startWriter(["full", folder], ["unshare", "-rm"]);
    const [output] = (await once(writer.stdout, "data")) as [Buffer];
    expect(JSON.parse(output.toString())).toEqual({
      code: "STATE_FAILED",
      isFull: true,
      files: ["state.json", "state.json.revision"],
      read: { type: "read", revision: 1 },
    });
  });

  it.skipIf(!canMount())("on a disk that is read only keeps the old one", async () => {
    const writer = startWriter(["read-only", folder], ["unshare", "-rm"]);
    const [output] = (await once(writer.stdout, "data")) as [Buffer];
    expect(JSON.parse(output.toString())).toMatchObject({
      code: "STATE_FAILED",
      read: { type: "read", revision: 1 },
    });
  });
});
