import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Commit } from "../../core/model/commit.ts";
import { DriftError, messageOf } from "../../lib/errors.ts";
import { parseCommit } from "./commit.ts";
import { DamagedMirror, stderrLines } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { historyArguments, HistoryWalk } from "./history-walk.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { PinnedCommit } from "./pinned-commit.ts";

/** How many paths one `git log` gets: they are arguments, and a system has a limit for those. */
const pathsPerWalk = 500;

/**
 * The last commit that touched each path, as of the pinned commit. Left out: what is no file of the commit, and what
 * a shallow repository does not know (the oldest commit it has touches everything). Throws GIT_FAILED, GIT_TIMEOUT.
 */
export async function lastCommits(
  pinned: PinnedCommit,
  reader: ObjectReader,
  paths: readonly string[],
  settings: GitSettings,
): Promise<ReadonlyMap<string, Commit>> {
  const known = [...new Set(paths)].filter((file) => pinned.tree.has(file));
  const shallow = await shallowCommits(pinned.mirror.gitDir);
  const commits = new Map<string, Commit>();
  for (let i = 0; i < known.length; i += pathsPerWalk) {
    const shas = await walk(pinned, known.slice(i, i + pathsPerWalk), settings);
    const objects = await readCommits(reader, new Set(shas.values()));
    for (const [file, sha] of shas) {
      const commit = objects.get(sha);
      if (commit !== undefined && !shallow.has(sha)) commits.set(file, commit);
    }
  }
  return commits;
}

/** One pass over the history, ended as soon as every path is found. */
async function walk(
  { mirror, env, commit }: PinnedCommit,
  paths: readonly string[],
  settings: GitSettings,
): Promise<ReadonlyMap<string, string>> {
  // Loading simple-git takes longer than a whole scan of an unchanged repository may spend on Git.
  const { simpleGit } = await import("simple-git");
  const gitEnv = { ...env, GIT_DIR: mirror.gitDir };
  const stop = new AbortController();
  const history = new HistoryWalk(commit.sha, paths);
  try {
    const git = simpleGit({
      baseDir: mirror.gitDir,
      abort: stop.signal,
      timeout: { block: settings.timeoutMs },
      // The environment is our own from end to end; these switches tell simple-git so.
      allowEnvironment: Object.keys(gitEnv),
      unsafe: {
        allowUnsafeConfigEnvCount: true,
        allowUnsafeConfigPaths: true,
        allowUnsafeCredentialHelper: true,
        allowUnsafeFsMonitor: true,
        allowUnsafeHooksPath: true,
      },
    })
      .env(gitEnv)
      .outputHandler((_command, stdout) => {
        stdout.on("data", (chunk: Buffer) => {
          history.push(chunk);
          if (history.isDone) stop.abort();
        });
      });
    await git.raw([...historyArguments, "--end-of-options", commit.sha, "--", ...paths]);
  } catch (error) {
    if (!history.isDone) throw walkFailed(mirror.address.shown, error, settings);
  }
  history.end();
  return history.found;
}

/** Some commits by their ids, as they stand in the mirror; what is no commit is left out. */
export async function readCommits(
  reader: ObjectReader,
  shas: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Commit>> {
  const commits = new Map<string, Commit>();
  await Promise.all(
    [...shas].map(async (sha) => {
      const object = await reader.read(sha);
      const commit = object === undefined ? undefined : parseCommit(sha, object.bytes);
      if (commit !== undefined) commits.set(sha, commit);
    }),
  );
  return commits;
}

/** The commits whose parents a shallow repository does not have. */
export async function shallowCommits(gitDir: string): Promise<ReadonlySet<string>> {
  // Only a shallow repository has the file.
  const text = await readFile(path.join(gitDir, "shallow"), "utf8").catch(() => "");
  return new Set(text.split("\n"));
}

/** simple-git names the plugin where it stopped a command itself; otherwise Git failed on what the mirror holds. */
function walkFailed(repository: string, error: unknown, settings: GitSettings): DriftError {
  const plugin = error instanceof Error && "plugin" in error ? error.plugin : undefined;
  const details = stderrLines(messageOf(error));
  if (plugin === undefined) {
    return new DamagedMirror(`reading the history of ${repository} failed`, details);
  }
  const timedOut = plugin === "timeout";
  return new DriftError(
    timedOut ? "GIT_TIMEOUT" : "GIT_FAILED",
    timedOut
      ? `Git showed no progress on the history of ${repository} for ${String(settings.timeoutMs / 1000)} s`
      : `simple-git refused to read the history of ${repository}`,
    { hint: timedOut ? "Allow more time." : "See what it said.", details, cause: error },
  );
}
