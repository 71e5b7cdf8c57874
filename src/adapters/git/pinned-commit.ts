import type { Commit } from "../../core/model/commit.ts";
import { DriftError } from "../../lib/errors.ts";
import type { CommandResult } from "../../lib/run-command.ts";
import type { RevisionType, Tree } from "../../ports/source.ts";
import { parseCommit } from "./commit.ts";
import { gitEnvironment } from "./environment.ts";
import { DamagedMirror, readError, runGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import type { Mirror } from "./mirror.ts";
import { ObjectReader } from "./object-reader.ts";
import { holdId } from "./pins.ts";
import {
  notFound,
  parseRefs,
  type Refs,
  type ResolvedRevision,
  resolveRevision,
  type RevisionRequest,
} from "./revision.ts";
import { parseTree } from "./tree.ts";

/** One commit of a mirror, with the process that reads its objects. */
export interface PinnedCommit {
  readonly mirror: Mirror;
  readonly env: Readonly<Record<string, string>>;
  readonly reader: ObjectReader;
  readonly commit: Commit;
  readonly revisionType: RevisionType;
  readonly tree: Tree;
}

/** 50,000 entries take 5 MB. */
const maxTreeBytes = 256_000_000;

/**
 * Resolves a revision in a mirror and reads its commit and tree. A full id is held from then on, whatever becomes of the
 * branches; one that nobody can give is REVISION_NOT_FOUND. Throws GIT_FAILED where the mirror lacks what it should hold,
 * and what a fetch throws.
 */
export async function pinCommit(
  mirror: Mirror,
  request: RevisionRequest,
  settings: GitSettings,
): Promise<PinnedCommit> {
  const refs = parseRefs(mirror.listing);
  const resolved = resolveRevision(refs, request, mirror.address.shown);
  const { oid, type: revisionType } = resolved;
  // Whatever reads the mirror has no business with its remote.
  const env = gitEnvironment(settings.parentEnv, "file");
  const held = revisionType !== "commit" || (await holdId(mirror, oid, settings));
  const reader = openReader(mirror, settings);
  try {
    if (!held) throw await explainMissing(reader, refs, resolved, mirror);
    const [object, listing] = await Promise.all([
      reader.read(`${oid}^{commit}`),
      listTree(mirror, oid, env, settings),
    ]);
    if (object === undefined) throw await explainMissing(reader, refs, resolved, mirror);
    const commit = parseCommit(object.oid, object.bytes);
    if (commit === undefined) throw lacking(mirror, oid);
    return { mirror, env, reader, commit, revisionType, tree: treeOf(mirror, listing, settings) };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** A reader of the mirror's objects; nothing is started yet. */
export function openReader(mirror: Mirror, settings: GitSettings): ObjectReader {
  return new ObjectReader({
    gitDir: mirror.gitDir,
    env: gitEnvironment(settings.parentEnv, "file"),
    timeoutMs: settings.timeoutMs,
    maxBlobBytes: settings.maxBlobBytes,
  });
}

function listTree(
  mirror: Mirror,
  oid: string,
  env: Readonly<Record<string, string>>,
  settings: GitSettings,
): Promise<CommandResult> {
  const args = [`--git-dir=${mirror.gitDir}`, "ls-tree", "-r", "-z", "--full-tree", oid];
  return runGit(args, { env, timeoutMs: settings.timeoutMs, maxOutputBytes: maxTreeBytes });
}

function treeOf(mirror: Mirror, listing: CommandResult, settings: GitSettings): Tree {
  if (listing.type !== "exited" || listing.exitCode !== 0) {
    throw readError(`reading the tree of ${mirror.address.shown}`, listing, settings.timeoutMs);
  }
  const parsed = parseTree(listing.stdout);
  if (parsed === undefined) {
    throw new DriftError("GIT_FAILED", `the tree of ${mirror.address.shown} could not be read`, {
      hint: "The commit holds a path that Git forbids, such as .git: remove it.",
    });
  }
  if (parsed.unreadableNames > 0) {
    settings.onWarning(
      `${String(parsed.unreadableNames)} files of ${mirror.address.shown} are left out: their names are no UTF-8`,
    );
  }
  return parsed.tree;
}

/** Tells a revision that is no commit, or that nobody has, from a mirror that lost something. */
async function explainMissing(
  reader: ObjectReader,
  refs: Refs,
  { oid, type }: ResolvedRevision,
  mirror: Mirror,
): Promise<DriftError> {
  const itself = await reader.read(oid);
  if (itself !== undefined && itself.kind !== "commit") {
    return notFound(refs, mirror.address.shown, `a commit under that name (it is a ${itself.kind})`);
  }
  const [anyTip] = refs.values();
  const healthy = anyTip !== undefined && (await reader.read(anyTip)) !== undefined;
  if (type !== "commit" || !healthy) return lacking(mirror, oid);
  const why =
    mirror.staleSince === undefined
      ? "It is not, or no longer, on any branch or tag, and the remote does not give it out by its id. "
      : "The last fetch does not have it, and the remote is away. ";
  return notFound(refs, mirror.address.shown, `the commit ${oid}`, { why });
}

function lacking(mirror: Mirror, oid: string): DriftError {
  return new DamagedMirror(`the mirror of ${mirror.address.shown} lacks object ${oid}`);
}
