import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../core/model/digest.ts";
import { messageOf } from "../../lib/errors.ts";
import type { RemoteBase } from "../../ports/renderer.ts";
import type { Tree } from "../../ports/source.ts";
import { type CacheEntry, isIntact, readEntries, type StoredEntry, writeEntries } from "./cache-format.ts";

/** Variants of one overlay (branches, repositories) that are kept, newest first. */
const maxVariants = 8;
/** An answer longer than this (characters) is rendered again each time. */
const maxAnswerLength = 16 * 1024 * 1024;
/** Files that the folder holds; the oldest go first. */
const maxFiles = 4096;

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

/** Answers of earlier renders, each with everything it depends on. It can be deleted at any time. */
export interface RenderCache {
  /** Whether anything is stored for an overlay, whatever it depends on. */
  knows: (overlay: string) => boolean;
  /** An answer whose whole closure holds. Never throws: what is damaged is deleted and counts as missing. */
  find: (overlay: string, present: Present) => Promise<CacheEntry | undefined>;
  /** Never throws: where the folder cannot be written, nothing is kept. */
  store: (overlay: string, entry: CacheEntry) => Promise<void>;
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

  const fileOf = (overlay: string) => join(folder, `${sha256(`${artefactDigest}\n${overlay}`)}.render`);

  async function load(overlay: string): Promise<readonly StoredEntry[]> {
    const text = await readFile(fileOf(overlay), "utf8").catch(() => undefined);
    if (text === undefined) return []; // nothing stored yet, or not readable: missing either way
    const entries = readEntries(text, overlay, artefactDigest);
    if (entries === undefined) await discard(fileOf(overlay));
    return entries ?? [];
  }

  async function save(overlay: string, entries: readonly CacheEntry[]): Promise<void> {
    await (prepared ??= prepareFolder(folder));
    const path = fileOf(overlay);
    const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    await writeFile(temporary, writeEntries(entries, overlay, artefactDigest), { mode: 0o600 });
    await rename(temporary, path);
  }

  return {
    knows: (overlay) => existsSync(fileOf(overlay)),
    find: async (overlay, present) => {
      const found = await findHolding(await load(overlay), present);
      if (found === undefined || isIntact(found)) return found;
      await discard(fileOf(overlay));
      return undefined;
    },
    store: async (overlay, entry) => {
      if (!isUsable || entry.answer.length > maxAnswerLength) return;
      try {
        const others = (await load(overlay)).filter((other) => !hasSameClosure(entry, other));
        await save(overlay, [entry, ...others].slice(0, maxVariants));
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

/** Makes the folder; removes the oldest files beyond the limit. Another process may be doing the same. */
async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  if (names.length <= maxFiles) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, time: await changedAt(join(folder, name)) })),
  );
  aged.sort((a, b) => b.time - a.time);
  for (const { name } of aged.slice(maxFiles)) await discard(join(folder, name));
}

/** What is gone already is the oldest: it need not be kept, and nothing else has to go in its place. */
function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
