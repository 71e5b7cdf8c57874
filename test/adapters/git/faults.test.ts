import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  chmod,
  lutimes,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";

import { describe, expect, it } from "vitest";

import { withLock } from "../../../src/adapters/git/mirror-lock.ts";
import {
  commitFiles,
  createRepository,
  createSource,
  git,
  headOf,
  openCheckout,
  readText,
  tempFolder,
} from "./test-repository.ts";

/** A source, its cache folder and what it warned about. */
function watchedSource(options: Parameters<typeof createSource>[0] = {}) {
  const cacheFolder = path.join(tempFolder(), "cache");
  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  return { source: createSource({ cacheFolder, onWarning, ...options }), cacheFolder, warnings };
}

/** The one mirror in a cache folder. */
async function mirrorIn(cacheFolder: string): Promise<string> {
  const [name = "none"] = await readdir(path.join(cacheFolder, "git"));
  return path.join(cacheFolder, "git", name);
}

/** The packs of a mirror, made writable. */
async function packsOf(mirror: string): Promise<readonly string[]> {
  const folder = path.join(mirror, "objects", "pack");
  const packs = (await readdir(folder)).filter((name) => name.endsWith(".pack"));
  const files = packs.map((name) => path.join(folder, name));
  for (const file of files) await chmod(file, 0o644);
  return files;
}

/** Text that Git cannot make smaller than 4 KB. */
const bulky = Array.from({ length: 2000 }, (_, i) => (i * 2654435761) % 4294967296).join("\n");

describe("a damaged mirror", () => {
  it.for<readonly [damage: string, inflict: (mirror: string) => Promise<void>]>([
    [
      "a truncated pack",
      async (mirror) => {
        for (const pack of await packsOf(mirror)) await truncate(pack, 100);
      },
    ],
    [
      "a missing pack",
      async (mirror) => {
        for (const pack of await packsOf(mirror)) await rm(pack);
      },
    ],
    ["no objects at all", (mirror) => rm(path.join(mirror, "objects"), { recursive: true })],
    ["no HEAD", (mirror) => rm(path.join(mirror, "HEAD"))],
    ["a broken configuration", (mirror) => writeFile(path.join(mirror, "config"), "[core")],
    ["a state cut off", (mirror) => truncate(path.join(mirror, "drift-state.json"), 20)],
    ["no state", (mirror) => rm(path.join(mirror, "drift-state.json"))],
  ])("with %s is made anew, and the answer is right", async ([, inflict]) => {
    const repository = await createRepository({ "a.yaml": bulky });
    const { source, cacheFolder } = watchedSource();
    await (await openCheckout(source, repository)).close();
    await inflict(await mirrorIn(cacheFolder));
    const checkout = await openCheckout(source, repository);
    expect(checkout.commit.sha).toBe(headOf(repository));
    expect(await readText(checkout, "a.yaml")).toBe(bulky);
    expect(await readdir(path.join(cacheFolder, "git"))).toHaveLength(1);
  });

  it("that cannot be fetched into is made anew", async () => {
    const repository = await createRepository({ "a.yaml": bulky });
    const { source, cacheFolder, warnings } = watchedSource();
    await openCheckout(source, repository);
    await rm(path.join(await mirrorIn(cacheFolder), "objects"), { recursive: true });
    await commitFiles(repository, { "b.yaml": "b\n" }, "Second");
    const checkout = await openCheckout(source, repository);
    expect(await readText(checkout, "a.yaml")).toBe(bulky);
    expect(warnings).toEqual([expect.stringContaining("made anew")]);
  });

  it("in which a killed fetch left a lock behind is made anew, and the lock is not just deleted", async () => {
    const repository = await createRepository();
    git(repository, ["branch", "gone"]);
    const { source, cacheFolder, warnings } = watchedSource();
    await openCheckout(source, repository);
    const mirror = await mirrorIn(cacheFolder);
    git(mirror, ["pack-refs", "--all"]);
    await writeFile(path.join(mirror, "packed-refs.lock"), "");
    git(repository, ["branch", "-D", "gone"]);
    await openCheckout(source, repository);
    expect(warnings).toEqual([expect.stringContaining("made anew")]);
  });

  it("is not what is blamed when the remote offers something broken", async () => {
    const repository = await createRepository();
    const { source, cacheFolder, warnings } = watchedSource();
    await openCheckout(source, repository);
    const commit = git(repository, [
      "commit-tree",
      "-m",
      "Broken",
      git(repository, ["rev-parse", "HEAD^{tree}"]).trim(),
    ]);
    git(repository, ["update-ref", "refs/heads/broken", commit.trim()]);
    await rm(path.join(repository, ".git", "objects", commit.slice(0, 2)), { recursive: true });
    await expect(openCheckout(source, repository)).rejects.toMatchObject({ code: "GIT_FAILED" });
    expect(warnings).toEqual([]);
    expect(await readdir(path.join(cacheFolder, "git"))).toHaveLength(1);
  });

  it("that shows only when a file is read is made anew under the open checkout", async () => {
    const repository = await createRepository({ "a.yaml": bulky, "b.yaml": `${bulky}b` });
    const { source, cacheFolder, warnings } = watchedSource();
    const checkout = await openCheckout(source, repository);
    const other = await openCheckout(source, repository);
    const [pack = "none"] = await packsOf(await mirrorIn(cacheFolder));
    const bytes = await readFile(pack);
    const middle = Math.floor(bytes.length / 2);
    await writeFile(pack, bytes.fill(0, middle - 200, middle + 200));
    const texts = await Promise.all(["a.yaml", "b.yaml"].map((file) => readText(checkout, file)));
    expect(texts).toEqual([bulky, `${bulky}b`]);
    // What one checkout made anew is good for the others as well, without asking the remote again.
    await rename(repository, `${repository}-away`);
    expect(await readText(other, "b.yaml")).toBe(`${bulky}b`);
    await rename(`${repository}-away`, repository);
    expect((await checkout.lastCommits(["a.yaml"])).size).toBe(1);
    expect(warnings.length).toBeLessThanOrEqual(2);
  });

  it("is an error where the remote has lost the commit too", async () => {
    const repository = await createRepository({ "a.yaml": bulky });
    const { source, cacheFolder } = watchedSource();
    const checkout = await openCheckout(source, repository);
    git(repository, ["checkout", "--quiet", "--orphan", "other"]);
    await commitFiles(repository, { "a.yaml": "other\n" }, "Other");
    git(repository, ["branch", "-D", "main"]);
    for (const pack of await packsOf(await mirrorIn(cacheFolder))) await truncate(pack, 100);
    await expect(readText(checkout, "a.yaml")).rejects.toMatchObject({ code: "GIT_FAILED" });
  });
});

it("a mirror of a repository that has other ids now is made anew, and makes nothing else so", async () => {
  const repository = await createRepository({ "a.yaml": "a: 256\n" }, ["--object-format=sha256"]);
  const { source, cacheFolder, warnings } = watchedSource();
  await openCheckout(source, repository);
  await rm(repository, { recursive: true });
  await rename(await createRepository({ "a.yaml": "a: 1\n" }), repository);
  const checkout = await openCheckout(source, repository);
  expect(checkout.commit.sha).toHaveLength(40);
  expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
  expect(warnings).toEqual([expect.stringContaining("made anew")]);
  expect(await readdir(path.join(cacheFolder, "git"))).toHaveLength(1);
  await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
  await openCheckout(source, repository);
  expect(warnings).toHaveLength(1);
});

describe("limits", () => {
  it("refuse a file that is too large by its id and size, and read the others", async () => {
    const repository = await createRepository({ "a.yaml": "a: 1\n", "b.yaml": "b: 1\n" });
    git(repository, ["config", "core.compression", "1"]);
    await writeFile(path.join(repository, "huge.yaml"), "");
    await truncate(path.join(repository, "huge.yaml"), 100_000_000);
    await commitFiles(repository, {}, "Huge");
    const checkout = await openCheckout(createSource(), repository);
    const ids = ["a.yaml", "huge.yaml", "b.yaml"].map((file) => checkout.tree.get(file)?.oid ?? "");
    const before = process.memoryUsage().rss;
    const [all, a, b] = await Promise.allSettled([
      checkout.readBlobs(ids),
      readText(checkout, "a.yaml"),
      readText(checkout, "b.yaml"),
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
    expect(all).toMatchObject({
      reason: {
        code: "BLOB_TOO_LARGE",
        message: expect.stringMatching(new RegExp(`${ids[1] ?? ""}.*100000000`)) as string,
      },
    });
    expect(a).toMatchObject({ value: "a: 1\n" });
    expect(b).toMatchObject({ value: "b: 1\n" });
  });

  it("end a fetch that takes too much space, and leave no part of it", async () => {
    const repository = await createRepository({ "a.yaml": bulky });
    const { source, cacheFolder } = watchedSource({ maxRepositoryBytes: 2_000 });
    await expect(openCheckout(source, repository)).rejects.toMatchObject({ code: "GIT_TOO_LARGE" });
    expect(await readdir(path.join(cacheFolder, "git"))).toEqual([]);
  });
});

describe("several at once", () => {
  const jiti = new URL("../../../node_modules/jiti/lib/jiti-cli.mjs", import.meta.url).pathname;
  const script = new URL("other-process.ts", import.meta.url).pathname;
  const startOther = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [jiti, script, ...args], { stdio: ["ignore", "pipe", "inherit"] });

  it("in two processes get the same, and one mirror", async () => {
    const repository = await createRepository({ "a.yaml": bulky });
    const { source, cacheFolder, warnings } = watchedSource();
    const others = [1, 2].map(() => startOther("checkout", cacheFolder, repository));
    const outputs = others.map((other) => (other.stdout === null ? "" : text(other.stdout)));
    for (let i = 0; i < 5; i += 1) {
      const sha = await commitFiles(repository, { [`f${String(i)}.yaml`]: bulky }, `Commit ${String(i)}`);
      const checkout = await openCheckout(source, repository);
      expect(checkout.commit.sha).toBe(sha);
      expect(await readText(checkout, `f${String(i)}.yaml`)).toBe(bulky);
    }
    for (const output of outputs) expect(await output).toMatch(/^(read [\da-f]{40}\n){10}$/);
    expect(warnings).toEqual([]);
    expect(await readdir(path.join(cacheFolder, "git"))).toHaveLength(1);
  });

  it("wait for a lock while its holder lives, and take it over when the holder is killed", async () => {
    const lock = path.join(tempFolder(), "lock");
    const holder = startOther("hold", lock);
    const [output] = (await once(holder.stdout ?? holder, "data")) as [Buffer];
    expect(output.toString()).toBe("held\n");
    await expect(withLock(lock, 100, () => Promise.resolve("done"))).rejects.toMatchObject({
      code: "GIT_TIMEOUT",
      message: expect.stringContaining(String(holder.pid)) as string,
    });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await withLock(lock, 1_000, () => Promise.resolve("done"))).toBe("done");
  });

  it("wait for a holder that lives, however long it is silent", async () => {
    const lock = path.join(tempFolder(), "lock");
    await withLock(lock, 100, async () => {
      const before = new Date(Date.now() - 60_000);
      await lutimes(lock, before, before);
      await expect(withLock(lock, 100, () => Promise.resolve("done"))).rejects.toMatchObject({
        code: "GIT_TIMEOUT",
      });
    });
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "take a lock over whose holder died, also where another process has its number now",
    async () => {
      const lock = path.join(tempFolder(), "lock");
      const holder = await withLock(lock, 100, () => readlink(lock));
      await symlink(holder.replace(/^(\S+ \S+) \d+ /, "$1 1 "), lock);
      expect(await withLock(lock, 100, () => Promise.resolve("done"))).toBe("done");
    },
  );

  it("give up a holder of another machine only when it has been silent for long", async () => {
    const lock = path.join(tempFolder(), "lock");
    await symlink(`${String(process.pid)} x 1 elsewhere.example.com -`, lock);
    await expect(withLock(lock, 100, () => Promise.resolve("done"))).rejects.toMatchObject({
      code: "GIT_TIMEOUT",
    });
    const before = new Date(Date.now() - 60_000);
    await lutimes(lock, before, before);
    expect(await withLock(lock, 100, () => Promise.resolve("done"))).toBe("done");
  });

  it("never work under one lock at the same time", async () => {
    const lock = path.join(tempFolder(), "lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(lock, 10_000, work)));
    expect(most).toBe(1);
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });

  it("give a lock back when the work fails", async () => {
    const lock = path.join(tempFolder(), "lock");
    const failing = withLock(lock, 100, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await withLock(lock, 100, () => Promise.resolve("done"))).toBe("done");
  });
});
