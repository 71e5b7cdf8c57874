import { DriftError } from "../../lib/errors.ts";
import { withFileLock } from "../../lib/file-lock.ts";

/**
 * Does `work` while no other process does work under the same lock of a mirror (lib/file-lock; Git's own locks guard the
 * mirror beside it). Throws GIT_TIMEOUT when the lock is not free in time.
 */
export function withLock<T>(lock: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const timedOut = (holder: string): DriftError =>
    new DriftError(
      "GIT_TIMEOUT",
      `the mirror was still being fetched by process ${holder} after ${String(timeoutMs / 1000)} s`,
      { hint: `Wait for it, or delete ${lock} if it does not run any more.` },
    );
  return withFileLock(lock, { timeoutMs, timedOut }, work);
}
