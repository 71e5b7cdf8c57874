import path from "node:path";

import { DriftError, messageOf } from "../../lib/errors.ts";
import type { Checkout, SourcePort, SourceRequest } from "../../ports/source.ts";
import { parseAddress, type RepositoryAddress } from "./address.ts";
import { createCheckout } from "./checkout.ts";
import { DamagedMirror, requireGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { holdingMirror, lastFetched, type Mirror, rebuildMirror, refreshMirror } from "./mirror.ts";
import { pinCommit } from "./pinned-commit.ts";
import { AccessRefused } from "./unreachable.ts";

/** What the Git adapter is set up with. */
export interface GitSourceOptions {
  /** Mirrors are kept in its folder `git`. It can be deleted at any time. */
  readonly cacheFolder: string;
  /** For each Git command; a fetch may take ten times as long while it shows progress. Default 120,000. */
  readonly timeoutMs?: number;
  /** What one mirror may take on disk. Default 2 GiB. */
  readonly maxRepositoryBytes?: number;
  /** What one file may have at most. Default 8 MiB. */
  readonly maxBlobBytes?: number;
  readonly now: () => Date;
  /** The environment to take PATH, proxies and the like from. Default: that of the process. */
  readonly parentEnv?: Readonly<Record<string, string | undefined>>;
  /** What Git says while it fetches, line by line. */
  readonly onProgress?: (line: string) => void;
  /** What a person should know but stops nothing. */
  readonly onWarning?: (message: string) => void;
}

const defaultTimeoutMs = 120_000;

/** Git as the pipelines need it: one bare mirror a repository, read by plumbing only, never checked out. */
export function createGitSource(options: GitSourceOptions): SourcePort {
  const settings: GitSettings = {
    // Git runs in another folder than we do.
    cacheFolder: path.resolve(options.cacheFolder),
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    fetchTimeoutMs: 10 * (options.timeoutMs ?? defaultTimeoutMs),
    maxRepositoryBytes: options.maxRepositoryBytes ?? 2 * 1024 ** 3,
    maxBlobBytes: options.maxBlobBytes ?? 8 * 1024 ** 2,
    parentEnv: options.parentEnv ?? process.env,
    now: options.now,
    onProgress: options.onProgress ?? ignore,
    onWarning: options.onWarning ?? ignore,
  };
  const shared = shareWork(settings);
  return {
    checkout: async (request) => {
      try {
        return await openCheckout(request, shared, settings);
      } catch (error) {
        throw asDriftError(error, settings);
      }
    },
  };
}

/** What one source does once for several checkouts. */
interface Shared {
  /** Targets of one repository that are opened at the same time share one fetch, if they have the same access. */
  readonly refresh: (address: RepositoryAddress) => Promise<Mirror>;
  readonly requireGit: () => Promise<void>;
}

function shareWork(settings: GitSettings): Shared {
  const refreshes = new Map<string, Promise<Mirror>>();
  let checked: Promise<void> | undefined;
  return {
    refresh: (address) => {
      const key = JSON.stringify([address.url, address.access]);
      const running = refreshes.get(key);
      if (running !== undefined) return running;
      const refresh = refreshMirror(address, settings).finally(() => {
        refreshes.delete(key);
      });
      refreshes.set(key, refresh);
      return refresh;
    },
    requireGit: () => (checked ??= requireGit(settings)),
  };
}

async function openCheckout(
  request: SourceRequest,
  { refresh, requireGit }: Shared,
  settings: GitSettings,
): Promise<Checkout> {
  const address = parseAddress(request.repository, request.access);
  await requireGit();
  const mirror =
    (await holdingMirror(address, request.revision, settings)) ??
    (await refreshOrStale(address, request.allowStaleMs, refresh, settings));
  try {
    return createCheckout(await pinCommit(mirror, request, settings), request, settings);
  } catch (error) {
    if (!(error instanceof DamagedMirror)) throw error;
    const rebuilt = await rebuildMirror(mirror, settings);
    return createCheckout(await pinCommit(rebuilt, request, settings), request, settings);
  }
}

async function refreshOrStale(
  address: RepositoryAddress,
  allowStaleMs: number,
  refresh: Shared["refresh"],
  settings: GitSettings,
): Promise<Mirror> {
  try {
    return await refresh(address);
  } catch (error) {
    // A remote that refuses an access is not away: what it gave before is not read against its will.
    const away =
      error instanceof DriftError &&
      !(error instanceof AccessRefused) &&
      (error.code === "REPOSITORY_UNREACHABLE" || error.code === "GIT_TIMEOUT");
    const stale = away && allowStaleMs > 0 ? await lastFetched(address, allowStaleMs, settings) : undefined;
    if (stale === undefined) throw error;
    settings.onWarning(`${messageOf(error)}; the fetch of ${stale.staleSince ?? "?"} is used`);
    return stale;
  }
}

/** What fails outside of Git (a full disk, a cache folder that cannot be written) gets a code and a hint as well. */
function asDriftError(error: unknown, settings: GitSettings): DriftError {
  if (error instanceof DriftError) return error;
  return new DriftError("GIT_FAILED", `the Git cache failed: ${messageOf(error)}`, {
    hint: `Check that ${settings.cacheFolder} can be written and has space.`,
    cause: error,
  });
}

function ignore(): void {
  // Nobody wants to know.
}
