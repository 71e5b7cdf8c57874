import { lstat, readdir, rm } from "node:fs/promises";
import path from "node:path";

import { formatBytes } from "../../core/manifest/limits.ts";
import { DriftError } from "../../lib/errors.ts";
import type { CommandResult } from "../../lib/run-command.ts";
import type { RepositoryAddress } from "./address.ts";
import { byLine, gitError, runGit, stderrLines } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { hideIn, type RemoteListing } from "./remote.ts";
import { unreachable } from "./unreachable.ts";

/** How often the size of a mirror is looked at while it grows. */
const watchMs = 250;
/** So many packs make reading slow. */
const maxPacks = 40;

/** What the ids of a listing are made with; of an empty one nobody knows, and a mirror of it is made for SHA-1. */
export function objectFormat(listing: string): "sha1" | "sha256" {
  return /^[\da-f]{64}\t/.test(listing) ? "sha256" : "sha1";
}

/** Makes an empty bare repository whose ids are as long as those of the remote. Throws GIT_FAILED. */
export async function initMirror(
  gitDir: string,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<void> {
  const result = await runGit(
    [
      ...["init", "--quiet", "--bare", "--template=", "--initial-branch=none"],
      ...[`--object-format=${objectFormat(remote.listing)}`, "--", gitDir],
    ],
    { env: remote.env, timeoutMs: settings.timeoutMs, maxOutputBytes: 10_000 },
  );
  if (result.type !== "exited" || result.exitCode !== 0) {
    throw gitError(`creating ${gitDir}`, result, settings.timeoutMs);
  }
}

/**
 * Fetches branches, tags and HEAD into refs/drift/, forced and pruned. The caller holds the mirror's lock. Throws
 * GIT_FAILED (local), REPOSITORY_UNREACHABLE (remote), GIT_TIMEOUT, GIT_TOO_LARGE; the mirror then keeps what it had.
 */
export async function fetchInto(
  gitDir: string,
  address: RepositoryAddress,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<void> {
  // A default branch without a commit is not listed, and fetching it would fail.
  const head = remote.listing.includes("\tHEAD\n") ? ["+HEAD:refs/drift/default"] : [];
  // Whatever is pinned stands outside of these, so that nothing prunes it.
  const refspecs = ["+refs/heads/*:refs/drift/heads/*", "+refs/tags/*:refs/drift/tags/*", ...head];
  const fetch = { gitDir, address, remote, options: ["--prune"], refspecs };
  const result = await runFetch(fetch, settings);
  if (!isDone(result)) throw fetchError(fetch, result, settings);
}

/** One fetch into a mirror. */
interface Fetch {
  readonly gitDir: string;
  readonly address: RepositoryAddress;
  readonly remote: RemoteListing;
  readonly options: readonly string[];
  readonly refspecs: readonly string[];
}

/** How Git (fetch-pack.c, upload-pack.c, http-walker.c) and JGit say that the remote does not give an object out by its id. */
const notGivenOut =
  /not our ref|unadvertised object|want [\da-f]+ not valid|unknown (?:or hidden )?object|couldn't find remote ref|Unable to find [\da-f]+ under/i;
/** How Git (http-walker.c) says that a server of plain files failed; what it tells afterwards is then only a consequence. */
const failedRequest = "(curl_result = ";

/**
 * Fetches one object by its id, with all that it needs, into a ref. False where the remote has none of that id or gives
 * out only what it lists. The caller holds the mirror's lock. Throws what `fetchInto` throws.
 */
export async function fetchId(
  { gitDir, address }: Pick<Fetch, "gitDir" | "address">,
  [oid, ref]: readonly [oid: string, ref: string],
  remote: RemoteListing,
  settings: GitSettings,
): Promise<boolean> {
  const fetch = { gitDir, address, remote, options: [], refspecs: [`+${oid}:${ref}`] };
  const result = await runFetch(fetch, settings);
  if (isDone(result)) return true;
  const said = stderrLines(result.stderrTail);
  const failed = said.some((line) => line.includes(failedRequest));
  if (!failed && said.some((line) => notGivenOut.test(line))) return false;
  throw fetchError(fetch, result, settings);
}

/** Throws GIT_TOO_LARGE; what fails otherwise is in the result. Nothing half done stays. */
async function runFetch(fetch: Fetch, settings: GitSettings): Promise<CommandResult> {
  const { gitDir, address, remote } = fetch;
  await removeLeftovers(gitDir);
  const sizeWatch = watchSize(gitDir, settings);
  const result = await runGit(fetchArguments(fetch), {
    env: remote.env,
    // Git tells its progress every second: a large repository takes long, but never in silence.
    silenceMs: settings.timeoutMs,
    timeoutMs: settings.fetchTimeoutMs,
    maxOutputBytes: 1_000_000,
    signal: sizeWatch.signal,
    onStderr: byLine((line) => {
      settings.onProgress(remote.hide(line));
    }),
  });
  const exceeded = await sizeWatch.stop();
  if (exceeded || !isDone(result)) await removeLeftovers(gitDir);
  if (exceeded) throw tooLarge(address, settings);
  return hideIn(result, remote.hide);
}

function fetchArguments({ gitDir, address, options, refspecs }: Fetch): readonly string[] {
  return [
    `--git-dir=${gitDir}`,
    ...["fetch", "--progress", "--no-tags", "--no-write-fetch-head", ...options],
    ...["--no-recurse-submodules", "--no-auto-maintenance", "--update-shallow", "--"],
    ...[address.url, ...refspecs],
  ];
}

function isDone(result: CommandResult): boolean {
  return result.type === "exited" && result.exitCode === 0;
}

function fetchError({ address }: Fetch, result: CommandResult, { timeoutMs }: GitSettings): DriftError {
  return address.transport === "file"
    ? gitError(`fetching ${address.shown}`, result, timeoutMs)
    : unreachable(address, result, timeoutMs);
}

/**
 * Whether a fetch that failed cannot have failed because of the mirror: every object that its refs need is there, and
 * no command that was killed left a lock behind.
 */
export async function isSound(
  gitDir: string,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<boolean> {
  const names = await readdir(gitDir, { recursive: true }).catch(() => [".lock"]);
  if (names.some((name) => name.endsWith(".lock"))) return false;
  const args = [`--git-dir=${gitDir}`, "rev-list", "--quiet", "--objects", "--all"];
  const result = await runGit(args, {
    env: remote.env,
    timeoutMs: settings.timeoutMs,
    maxOutputBytes: 1_000_000,
  });
  return result.type === "exited" && result.exitCode === 0;
}

/** Packs a mirror that was fetched into often. Failing to do so is a warning: the mirror is as good as before. */
export async function packMirror(
  gitDir: string,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<void> {
  const names = await readdir(path.join(gitDir, "objects", "pack"));
  if (names.filter((name) => name.endsWith(".pack")).length <= maxPacks) return;
  const { env } = remote;
  const result = await runGit([`--git-dir=${gitDir}`, "gc", "--quiet"], {
    env,
    timeoutMs: settings.timeoutMs,
    maxOutputBytes: 1_000_000,
  });
  if (result.type === "exited" && result.exitCode === 0) return;
  const reason = stderrLines(result.stderrTail).at(-1) ?? result.type;
  settings.onWarning(`the mirror ${gitDir} could not be packed: ${reason}`);
}

/** Aborts when the objects of a mirror take more than the allowed space; `stop` tells whether they do. */
function watchSize(
  gitDir: string,
  settings: GitSettings,
): { readonly signal: AbortSignal; readonly stop: () => Promise<boolean> } {
  const controller = new AbortController();
  let measuring = Promise.resolve();
  const measure = async () => {
    const bytes = await folderBytes(path.join(gitDir, "objects"));
    if (bytes > settings.maxRepositoryBytes) controller.abort();
  };
  const timer = setInterval(() => {
    measuring = measuring.then(measure);
  }, watchMs);
  return {
    signal: controller.signal,
    stop: async () => {
      clearInterval(timer);
      await measuring.then(measure);
      return controller.signal.aborted;
    },
  };
}

async function folderBytes(folder: string): Promise<number> {
  // Git removes files and folders while we look: what is gone takes no space.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await lstat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}

/** Removes what a fetch that was killed left behind; nobody else writes here while the lock is held. */
async function removeLeftovers(gitDir: string): Promise<void> {
  const packs = path.join(gitDir, "objects", "pack");
  // A mirror without the folder is damaged, which the fetch will show.
  for (const name of await readdir(packs).catch(() => [])) {
    if (/^(?:tmp_|\.tmp-)/.test(name)) await rm(path.join(packs, name), { force: true });
  }
}

function tooLarge(address: RepositoryAddress, settings: GitSettings): DriftError {
  return new DriftError(
    "GIT_TOO_LARGE",
    `the repository ${address.shown} takes more than ${formatBytes(settings.maxRepositoryBytes)}`,
    { hint: "Allow more, or keep the manifests in a repository of their own." },
  );
}
