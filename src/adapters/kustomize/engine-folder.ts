import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DriftError, messageOf } from "../../lib/errors.ts";
import type { Checkout } from "../../ports/source.ts";

/** A fresh folder that only we may read, for one run of a command. */
export interface EngineFolder {
  /** All of it; what the command leaves behind lies below it. */
  readonly root: string;
  /** Where the files of the commit lie. */
  readonly tree: string;
  /** An empty folder. */
  readonly empty: string;
}

/** Folders that exist now: none of them may outlive us. */
const present = new Set<string>();
process.on("exit", () => {
  for (const root of present) rmSync(root, { recursive: true, force: true });
});

/**
 * Makes a folder, does the work, and removes the folder, however the work ended. What cannot be removed is told and no
 * failure of the work. Throws TEMPORARY_FOLDER_FAILED, and what the work throws.
 */
export async function inEngineFolder<T>(
  onWarning: (message: string) => void,
  work: (folder: EngineFolder) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "drift-engine-")).catch(noFolder);
  present.add(root);
  try {
    const folder = { root, tree: join(root, "tree"), empty: join(root, "empty") };
    for (const part of [folder.tree, folder.empty]) await mkdir(part, { mode: 0o700 }).catch(noFolder);
    return await work(folder);
  } finally {
    await remove(root, onWarning);
  }
}

function noFolder(cause: unknown): never {
  throw new DriftError("TEMPORARY_FOLDER_FAILED", `no temporary folder can be made: ${messageOf(cause)}`, {
    hint: `Check that ${tmpdir()} is there and can be written, or name another folder in TMPDIR.`,
    cause,
  });
}

/** Tried again for a moment: a process that was killed may still be on its way out. */
async function remove(root: string, onWarning: (message: string) => void): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    present.delete(root);
  } catch (error) {
    onWarning(`a temporary folder cannot be removed: ${root}: ${messageOf(error)}`);
  }
}

/** So many blobs are read and written at a time. */
const batchSize = 64;

/**
 * Writes blobs of a commit under their paths below `root`. Throws where a path is none of a file below it, and where
 * two paths are the same file here (a file system that does not tell A from a).
 */
export async function writeBlobs(
  checkout: Checkout,
  files: readonly (readonly [path: string, oid: string])[],
  root: string,
): Promise<void> {
  for (const [path] of files) {
    if (!isBelow(path)) throw new Error(`${JSON.stringify(path)} is not a path of a file`);
  }
  for (const folder of new Set(files.map(([path]) => dirname(path)))) {
    await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  }
  for (let start = 0; start < files.length; start += batchSize) {
    const batch = files.slice(start, start + batchSize);
    const blobs = await checkout.readBlobs(batch.map(([, oid]) => oid));
    const writes = batch.map(async ([path], index) => {
      const bytes = blobs[index];
      if (bytes === undefined) throw new Error(`no answer for ${path}`);
      await writeFile(join(root, path), bytes, { mode: 0o600, flag: "wx" });
    });
    await Promise.all(writes);
  }
}

/** Git can store any name; what leads out of the folder, or means something else here, is not written. */
function isBelow(path: string): boolean {
  const isOdd = (segment: string) => segment === "" || segment === "." || segment === "..";
  return !/[\0\\]/.test(path) && !path.split("/").some(isOdd);
}
