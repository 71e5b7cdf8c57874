import { randomUUID } from "node:crypto";
import { lstat, lutimes, readFile, readlink, rename, symlink, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { type DriftError, hasCode } from "./errors.ts";

/** How often a waiting process looks again. */
const retryMs = 25;
/** How often a holder shows that it lives, and how long one that cannot be looked up may be silent. */
const heartbeatMs = 3_000;
const silenceMs = 30_000;

/** How long to wait for a lock, and what to throw where it is not free by then. */
export interface LockPatience {
  readonly timeoutMs: number;
  /** Is told the process that holds it, and what to delete if that one does not run any more. */
  readonly timedOut: (holder: string, lock: string) => DriftError;
}

/**
 * Does `work` while no other process does work under the same lock. The lock of a holder that is dead is taken over:
 * dead by its process id where that can be looked up, by its silence anywhere else (another host or container). One
 * that lives keeps its lock however long it is silent: its timers stand still while it parses something large.
 * Throws what `timedOut` makes when the lock is not free in time, and what the system says where no lock can be made.
 */
export async function withFileLock<T>(
  lock: string,
  patience: LockPatience,
  work: () => Promise<T>,
): Promise<T> {
  const holder = await acquire(lock, patience);
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A lock that was taken from us has nobody to keep alive.
    lutimes(lock, now, now).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await readHolder(lock)) === holder) await unlink(lock);
  }
}

/** Returns the text that marks the lock as ours. */
async function acquire(lock: string, { timeoutMs, timedOut }: LockPatience): Promise<string> {
  const holder = `${String(process.pid)} ${randomUUID()} ${await startTime(process.pid)} ${await processSpace()}`;
  const deadline = performance.now() + timeoutMs;
  while (!(await tryCreate(lock, holder))) {
    const other = await readHolder(lock);
    if (other === undefined) continue;
    if (await isDead(lock, other)) await takeAway(lock, other);
    else if (performance.now() > deadline) throw timedOut(other.split(" ")[0] ?? "?", lock);
    else await delay(retryMs);
  }
  return holder;
}

/** A symbolic link appears together with what it says: nobody ever reads half a lock. */
async function tryCreate(lock: string, holder: string): Promise<boolean> {
  try {
    await symlink(holder, lock);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function readHolder(lock: string): Promise<string | undefined> {
  try {
    return await readlink(lock);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function isDead(lock: string, holder: string): Promise<boolean> {
  const [pid = "", , started = "", ...space] = holder.split(" ");
  if (space.join(" ") === (await processSpace())) return !(await isAlive(Number(pid), started));
  const age = await lstat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  return age > silenceMs;
}

/** A process that got the id of a dead one started at another time, where the system tells. */
async function isAlive(pid: number, started: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
  }
  const found = await startTime(pid);
  return found === started || found === unknownTime;
}

const unknownTime = "-";

/** When a process started, in ticks since the system did; "-" where that is not told (proc(5), stat, field 22). */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, "latin1").catch(() => "");
  // The second field is a name in brackets, which may hold anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? unknownTime;
}

/** Where our process ids mean something: two containers may have one host name, and both a process 1. */
async function processSpace(): Promise<string> {
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return `${hostname()} ${namespace}`;
}

/** Removes a dead holder's lock, and puts back what another process created there in the meantime. */
async function takeAway(lock: string, dead: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const taken = await readlink(aside);
  if (taken !== dead) await tryCreate(lock, taken);
  await unlink(aside);
}
