import { randomUUID } from "node:crypto";
import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { sha256 } from "../../core/model/digest.ts";
import { hasCode, messageOf } from "../../lib/errors.ts";

/** Larger than the state of a hundred thousand objects. */
const maxBytes = 256 * 1024 * 1024;

/** What stands at a path. `path` is where a link leads. */
export type WholeFile = { readonly path: string } & (
  | { readonly type: "file"; readonly bytes: Buffer }
  | { readonly type: "absent" }
  | { readonly type: "unreadable"; readonly reason: string }
);

/** Reads a plain file. Never throws, and never waits for a pipe. */
export async function readWhole(file: string): Promise<WholeFile> {
  let real = file;
  try {
    real = await realpath(file);
    const stats = await stat(real);
    if (!stats.isFile()) return { type: "unreadable", path: real, reason: "it is no plain file" };
    if (stats.size > maxBytes) return { type: "unreadable", path: real, reason: "it is larger than 256 MiB" };
    return { type: "file", path: real, bytes: await readFile(real) };
  } catch (error) {
    if (!hasCode(error, "ENOENT")) return { type: "unreadable", path: real, reason: messageOf(error) };
    const isLink = await lstat(file).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (isLink) return { type: "unreadable", path: file, reason: "it is a link that leads nowhere" };
    return { type: "absent", path: file };
  }
}

/** Where a file is, or is going to be: a link stays, and what it leads to is replaced. Makes the folder. */
export async function realFile(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  return realpath(file).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return file;
    throw error;
  });
}

/**
 * Replaces a file as a whole, for its owner alone, and waits until the disk has it: whoever reads sees all of the old
 * one or all of the new one, after a crash, too.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeDown(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

async function writeDown(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Until the folder is on the disk, a crash may bring the old file back. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Keeps what a file held under a name that says so. Kept once is enough. */
export async function keepAside(file: string, bytes: Buffer): Promise<void> {
  await writeFile(asideName(file, bytes), bytes, { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
    if (!hasCode(error, "EEXIST")) throw error;
  });
}

/** Where keepAside keeps it. */
export function asideName(file: string, bytes: Buffer): string {
  return `${file}.damaged-${sha256(bytes).slice(0, 12)}`;
}

/** Removes drafts that a process left when it was killed. Only for who holds the lock of the file. */
export async function removeDrafts(file: string): Promise<void> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  for (const other of await readdir(folder)) {
    const isOurs = other.startsWith(`${name}.`) && other.endsWith(".tmp");
    if (isOurs) await rm(path.join(folder, other), { force: true });
  }
}
