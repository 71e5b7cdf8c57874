import path from "node:path/posix";

import type { Commit } from "../../core/model/commit.ts";
import { parseCommit } from "./commit.ts";
import { readError, runGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { shallowCommits } from "./last-commits.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { PinnedCommit } from "./pinned-commit.ts";

/** More paths than a command takes as arguments are asked for by their folders: that finds more commits, never fewer. */
const mostPaths = 500;

const fullId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The commits up to the pinned one that touched any of the paths, newest first, at most so many. Where the history of a
 * shallow repository ends, nobody knows what the last commit touched: it is left out. Throws GIT_FAILED, GIT_TIMEOUT.
 */
export async function commitsTouching(
  { mirror, env, commit }: PinnedCommit,
  reader: ObjectReader,
  question: { readonly paths: readonly string[]; readonly most: number },
  { timeoutMs }: GitSettings,
): Promise<readonly Commit[]> {
  const few = asArguments(question.paths);
  if (few.length === 0 || question.most < 1) return [];
  const shallow = await shallowCommits(mirror.gitDir);
  const most = `--max-count=${String(question.most)}`;
  const args = ["log", "--topo-order", "--format=%H", most, "--end-of-options", commit.sha, "--", ...few];
  const end = await runGit(["--git-dir", mirror.gitDir, ...args], {
    env,
    timeoutMs,
    maxOutputBytes: 1_000_000,
  });
  if (end.type !== "exited" || end.exitCode !== 0) {
    throw readError(`reading the history of ${mirror.address.shown}`, end, timeoutMs);
  }
  const shas = end.stdout.toString("latin1").split("\n");
  const found = shas.filter((sha) => fullId.test(sha) && !shallow.has(sha));
  const commits = await Promise.all(
    found.map(async (sha) => {
      const object = await reader.read(sha);
      return object === undefined ? undefined : parseCommit(sha, object.bytes);
    }),
  );
  return commits.filter((one) => one !== undefined);
}

function asArguments(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  if (all.size <= mostPaths) return [...all];
  const folders = new Set(paths.map((file) => path.dirname(file)));
  return folders.has(".") || folders.size > mostPaths ? ["."] : [...folders];
}

/**
 * Whether a commit is another one or stands in its history; undefined where the mirror does not have both, or the ids
 * are none. Throws GIT_FAILED, GIT_TIMEOUT.
 */
export async function isAncestor(
  { mirror, env }: PinnedCommit,
  [older, newer]: readonly [older: string, newer: string],
  { timeoutMs }: GitSettings,
): Promise<boolean | undefined> {
  if (!fullId.test(older) || !fullId.test(newer)) return undefined;
  const args = ["--git-dir", mirror.gitDir, "merge-base", "--is-ancestor", older, newer];
  const end = await runGit(args, { env, timeoutMs, maxOutputBytes: 10_000 });
  if (end.type !== "exited")
    throw readError(`reading the history of ${mirror.address.shown}`, end, timeoutMs);
  return end.exitCode > 1 ? undefined : end.exitCode === 0;
}
