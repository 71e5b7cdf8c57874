import { writeFile } from "node:fs/promises";

import { DriftError } from "../../lib/errors.ts";
import type { CommandResult } from "../../lib/run-command.ts";
import { type PreparedAccess, prepareAccess } from "./access.ts";
import type { RepositoryAddress } from "./address.ts";
import { gitEnvironment } from "./environment.ts";
import { gitError, runGit, stderrLines } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import {
  belongsToAnotherUser,
  isAllowedByUser,
  requireRepository,
  safeDirectoryConfig,
} from "./local-repository.ts";
import { unreachable } from "./unreachable.ts";

/** What the remote offers now, the environment in which it was reached, and what to hide of its words. */
export interface RemoteListing extends PreparedAccess {
  /** What `git ls-remote` printed about HEAD, branches and tags. */
  readonly listing: string;
}

/** A million refs of 60 bytes. */
const maxListingBytes = 64_000_000;

/**
 * Asks the remote for its refs: the cheapest way to know whether it is there and whether anything changed.
 * `configFile` may be written to. Throws REPOSITORY_NOT_FOUND, REPOSITORY_ACCESS_FAILED, REPOSITORY_UNREACHABLE,
 * GIT_TIMEOUT, GIT_FAILED.
 */
export async function listRemote(
  address: RepositoryAddress,
  configFile: string,
  settings: GitSettings,
): Promise<RemoteListing> {
  if (address.transport === "file") await requireRepository(address.url);
  const { env: accessEnv, hide } = await prepareAccess(address, settings);
  const env = { ...gitEnvironment(settings.parentEnv, address.transport), ...accessEnv };
  const result = hideIn(await runListing(address, env, settings), hide);
  if (isDone(result)) return { listing: result.stdout.toString("utf8"), env, hide };
  if (address.transport !== "file") throw unreachable(address, result, settings.timeoutMs);
  if (!(await belongsToAnotherUser(address.url))) {
    throw gitError(`listing the branches of ${address.shown}`, result, settings.timeoutMs);
  }
  if (!(await isAllowedByUser(address.url, settings))) throw notOurs(address, result);
  await writeFile(configFile, safeDirectoryConfig(address.url));
  const allowedEnv = gitEnvironment(settings.parentEnv, address.transport, configFile);
  const again = await runListing(address, allowedEnv, settings);
  if (isDone(again)) return { listing: again.stdout.toString("utf8"), env: allowedEnv, hide };
  throw gitError(`listing the branches of ${address.shown}`, again, settings.timeoutMs);
}

function isDone(result: CommandResult): boolean {
  return result.type === "exited" && result.exitCode === 0;
}

/** A result whose words do not tell the secret. */
export function hideIn(result: CommandResult, hide: PreparedAccess["hide"]): CommandResult {
  return { ...result, stderrTail: hide(result.stderrTail) };
}

function runListing(
  address: RepositoryAddress,
  env: Readonly<Record<string, string>>,
  settings: GitSettings,
): Promise<CommandResult> {
  const patterns = ["HEAD", "refs/heads/*", "refs/tags/*"];
  return runGit(["--git-dir=/dev/null", "ls-remote", "--", address.url, ...patterns], {
    env,
    timeoutMs: settings.timeoutMs,
    maxOutputBytes: maxListingBytes,
  });
}

function notOurs(address: RepositoryAddress, result: CommandResult): DriftError {
  return new DriftError(
    "GIT_FAILED",
    `the repository ${address.shown} belongs to another user, so Git does not read it`,
    {
      hint: `If you trust it: git config --global --add safe.directory ${address.shown}`,
      details: stderrLines(result.stderrTail),
    },
  );
}
