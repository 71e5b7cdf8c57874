import { DriftError } from "../../lib/errors.ts";
import type { Checkout, SourceRequest, Tree } from "../../ports/source.ts";
import { blameLines } from "./blame.ts";
import { BlobCache } from "./blob-cache.ts";
import { DamagedMirror } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { lastCommits } from "./last-commits.ts";
import { rebuildMirror } from "./mirror.ts";
import type { ObjectReader } from "./object-reader.ts";
import { commitsTouching, isAncestor } from "./older-commits.ts";
import { openReader, type PinnedCommit } from "./pinned-commit.ts";
import { holdId } from "./pins.ts";

const cachedBytes = 64 * 1024 ** 2;

/**
 * The port's view of a pinned commit. Where the mirror turns out to be damaged while it is read, it is made anew, once;
 * what is read afterwards is the same, because every object is checked against its id.
 */
export function createCheckout(
  pinned: PinnedCommit,
  request: SourceRequest,
  settings: GitSettings,
): Checkout {
  const { mirror, commit, tree, revisionType } = pinned;
  const cache = new BlobCache(cachedBytes);
  let reader = pinned.reader;
  let healing: Promise<void> | undefined;
  let closed = false;
  const readable = readableOids(tree);

  const heal = async () => {
    await reader.close();
    const rebuilt = await rebuildMirror(mirror, settings);
    if (revisionType === "commit") await holdId(rebuilt, commit.sha, settings);
    reader = openReader(rebuilt, settings);
  };
  const healed = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (closed || !(error instanceof DamagedMirror)) throw error;
      healing ??= heal();
      await healing;
      return work();
    }
  };
  return {
    repository: mirror.address.shown,
    revision: request.revision,
    revisionType,
    commit,
    ...(mirror.staleSince === undefined ? {} : { staleSince: mirror.staleSince }),
    tree,
    readBlobs: async (oids) => {
      requireOwn(oids, readable, commit.sha);
      return healed(() => Promise.all(oids.map((oid) => readBlob(oid, reader, cache))));
    },
    lastCommits: (paths) => healed(() => lastCommits(pinned, reader, paths, settings)),
    commitsTouching: (paths, most) =>
      healed(() => commitsTouching(pinned, reader, { paths, most }, settings)),
    isAncestor: (older, newer) => healed(() => isAncestor(pinned, [older, newer], settings)),
    blame: (lines) => healed(() => blameLines(pinned, reader, lines, settings)),
    close: async () => {
      closed = true;
      await reader.close();
    },
  };
}

function readableOids(tree: Tree): ReadonlySet<string> {
  const readable = new Set<string>();
  for (const { type, oid } of tree.values()) if (type !== "submodule") readable.add(oid);
  return readable;
}

async function readBlob(oid: string, reader: ObjectReader, cache: BlobCache): Promise<Uint8Array> {
  const cached = cache.get(oid);
  if (cached !== undefined) return cached;
  const object = await reader.read(oid);
  if (object?.kind !== "blob") {
    throw new DamagedMirror(`object ${oid} is ${object === undefined ? "missing" : `a ${object.kind}`}`);
  }
  cache.set(oid, object.bytes);
  return object.bytes;
}

function requireOwn(oids: readonly string[], readable: ReadonlySet<string>, sha: string): void {
  const foreign = oids.find((oid) => !readable.has(oid));
  if (foreign !== undefined) throw foreignObject(foreign, sha);
}

function foreignObject(oid: string, sha: string): DriftError {
  return new DriftError("GIT_FAILED", `${oid} is no file of commit ${sha}`, {
    hint: "This is a mistake in drift: please report it.",
  });
}
