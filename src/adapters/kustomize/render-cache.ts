import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../core/model/digest.ts";
import { messageOf } from "../../lib/errors.ts";
import type { RemoteBase } from "../../ports/renderer.ts";
import type { Tree } from "../../ports/source.ts";
import { type CacheEntry, isIntact, readEntries, type StoredEntry, writeEntries } from "./cache-format.ts";

/** Answers of one name (branches, repositories) that are kept, newest first. */
const maxVariants = 8;
/** An answer longer than this (characters) is rendered again each time. */
const maxAnswerLength = 16 * 1024 * 1024;
/** Files that the folder holds, and their bytes; the oldest go first. */
const maxFiles = 4096;
const maxBytes = 2 * 1024 ** 3;

export interface CacheOptions {
  readonly folder: string;
  /** The renderer that answered; another one's answers do not count. */
  readonly artefactDigest: string;
  /** Told once where the folder cannot be used. */
  readonly onWarning: (message: string) => void;
}

/** What a closure must hold in. */
export interface Present {
  readonly tree: Tree;
  readonly kindOf: (path: string) => number;
  /** The commit that a remote base stands for now, undefined where it is refused. Never rejects. */
  readonly commitOf: (base: RemoteBase) => Promise<string | undefined>;
}

/** Answers of earlier renders by name, each with everything it depends on. It can be deleted at any time. */
export interface RenderCache {
  /** Whether anything is stored under a name, whatever it depends on. */
  knows: (name: string) => boolean;
  /** An answer whose whole closure holds. Never throws: what is damaged is deleted and counts as missing. */
  find: (name: string, present: Present) => Promise<CacheEntry | undefined>;
  /** Never throws: where the folder cannot be written, nothing is kept. */
  store: (name: string, entry: CacheEntry) => Promise<void>;
}

/** The name of an overlay's answers, or of those of one variant of it: no path holds a line break and NUL. */
export function nameOf(overlay: string, variant: string | undefined): string {
  return variant === undefined ? overlay : `${overlay}\n\0${variant}`;
}

/** A cache that keeps nothing. */
export const noCache: RenderCache = {
  knows: () => false,
  find: () => Promise.resolve(undefined),
  store: () => Promise.resolve(),
};

/** Opens the cache; the folder is made when the first answer is stored. */
export function createRenderCache({ folder, artefactDigest, onWarning }: CacheOptions): RenderCache {
  let isUsable = true;
  const warnOnce = (error: unknown) => {
    if (isUsable) onWarning(`renders are not cached: ${messageOf(error)}`);
    isUsable = false;
  };
  let prepared: Promise<void> | undefined;

  const fileOf = (name: string) => join(folder, `${sha256(`${artefactDigest}\n${name}`)}.render`);

  async function load(name: string): Promise<readonly StoredEntry[]> {
    const text = await readFile(fileOf(name), "utf8").catch(() => undefined);
    if (text === undefined) return []; // nothing stored yet, or not readable: missing either way
    const entries = readEntries(text, name, artefactDigest);
    if (entries === undefined) await discard(fileOf(name));
    return entries ?? [];
  }

  async function save(name: string, entries: readonly CacheEntry[]): Promise<void> {
    await (prepared ??= prepareFolder(folder));
    const path = fileOf(name);
    const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    await writeFile(temporary, writeEntries(entries, name, artefactDigest), { mode: 0o600 });
    await rename(temporary, path);
  }

  return {
    knows: (name) => existsSync(fileOf(name)),
    find: async (name, present) => {
      const found = await findHolding(await load(name), present);
      if (found === undefined || isIntact(found)) return found;
      await discard(fileOf(name));
      return undefined;
    },
    store: async (name, entry) => {
      if (!isUsable || entry.answer.length > maxAnswerLength) return;
      try {
        const others = (await load(name)).filter((other) => !hasSameClosure(entry, other));
        await save(name, [entry, ...others].slice(0, maxVariants));
      } catch (error) {
        warnOnce(error);
      }
    },
  };
}

async function findHolding(
  entries: readonly StoredEntry[],
  present: Present,
): Promise<StoredEntry | undefined> {
  for (const entry of entries) {
    if (holds(entry, present) && (await areBasesAt(entry, present))) return entry;
  }
  return undefined;
}

/** Asked one after the other: a base that is refused is a reason not to fetch the next one. */
async function areBasesAt({ bases }: CacheEntry, { commitOf }: Present): Promise<boolean> {
  for (const { commit, ...base } of bases) {
    if ((await commitOf(base)) !== commit) return false;
  }
  return true;
}

function holds(entry: CacheEntry, { tree, kindOf }: Present): boolean {
  return (
    entry.files.every(([path, oid]) => {
      const found = tree.get(path);
      return found?.type === "file" && found.oid === oid;
    }) && entry.probes.every(([path, kind]) => kindOf(path) === kind)
  );
}

function hasSameClosure(a: CacheEntry, b: CacheEntry): boolean {
  return JSON.stringify([a.files, a.probes, a.bases]) === JSON.stringify([b.files, b.probes, b.bases]);
}

/** A file that cannot be deleted either is read as missing again next time. */
async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

/** Makes the folder; removes the oldest files beyond the limits. Another process may be doing the same. */
async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = await Promise.all((await readdir(folder)).map((name) => statFile(join(folder, name))));
  files.sort((a, b) => b.time - a.time);
  let bytes = 0;
  for (const [index, { path, size }] of files.entries()) {
    bytes += size;
    if (index >= maxFiles || bytes > maxBytes) await discard(path);
  }
}

/** What is gone already is the oldest: it need not be kept, and nothing else has to go in its place. */
async function statFile(path: string): Promise<{ path: string; time: number; size: number }> {
  const found = await stat(path).catch(() => undefined);
  return { path, time: found?.mtimeMs ?? 0, size: found?.size ?? 0 };
}
