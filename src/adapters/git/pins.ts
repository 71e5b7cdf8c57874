import { DriftError, messageOf } from "../../lib/errors.ts";
import { gitEnvironment } from "./environment.ts";
import { fetchId, isSound, packMirror } from "./fetch.ts";
import { DamagedMirror, readError, runGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { type Mirror, placeOf } from "./mirror.ts";
import { withLock } from "./mirror-lock.ts";
import { readPins, writePins } from "./mirror-state.ts";
import { listRemote, type RemoteListing } from "./remote.ts";

/** How many ids a mirror holds beyond what the remote lists; the oldest makes room for one more. */
const maxPins = 64;
const pinFolder = "refs/drift/pins/";

/**
 * Makes sure that the mirror holds an object whole, and goes on to hold it when the remote's branches have moved on:
 * what the mirror still has in full is kept, what it has not or only in part is fetched by its id, as many servers
 * allow. False where it is to be had neither way. Throws what `fetchInto` throws.
 */
export async function holdId(mirror: Mirror, oid: string, settings: GitSettings): Promise<boolean> {
  const { gitDir } = mirror;
  if ((await readPins(gitDir)).includes(oid)) return true;
  const { lock } = placeOf(mirror.address, settings);
  return withLock(lock, settings.fetchTimeoutMs, async () => {
    const pins = await readPins(gitDir);
    if (pins.includes(oid)) return true;
    if (await isWhole(gitDir, oid, settings)) await updateRef(gitDir, [pinFolder + oid, oid], settings);
    else if (!(await fetchPin(mirror, oid, settings))) return false;
    const kept = [...pins, oid].slice(-maxPins);
    // What is removed must not be listed any more, and what is listed must be there, whenever we are interrupted.
    await writePins(gitDir, kept);
    await removeOtherPins(gitDir, new Set(kept), settings);
    return true;
  });
}

/** Whether everything is there that an id needs and no ref does: an object that no ref holds may have lost some of it. */
async function isWhole(gitDir: string, oid: string, settings: GitSettings): Promise<boolean> {
  // Full ids are hexadecimal; what stands after --end-of-options could be no option such as --not.
  const args = ["rev-list", "--quiet", "--objects", oid, "--not", "--all"];
  const result = await runLocal(gitDir, args, settings);
  return result.type === "exited" && result.exitCode === 0;
}

async function fetchPin(mirror: Mirror, oid: string, settings: GitSettings): Promise<boolean> {
  // Its remote is away: whoever waited for that once should not wait again.
  if (mirror.staleSince !== undefined) return false;
  const { gitDir, address } = mirror;
  const remote = await listRemote(address, placeOf(address, settings).configFile, settings);
  try {
    const held = await fetchId({ gitDir, address }, [oid, pinFolder + oid], remote, settings);
    if (held) await packMirror(gitDir, remote, settings);
    return held;
  } catch (error) {
    throw await blame(gitDir, error, remote, settings);
  }
}

/** A fetch can fail because of the mirror, which is then to be made anew. */
async function blame(
  gitDir: string,
  error: unknown,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<unknown> {
  if (!(error instanceof DriftError)) return error;
  const mayBeDamage = error.code === "GIT_FAILED" || error.code === "REPOSITORY_UNREACHABLE";
  if (!mayBeDamage || (await isSound(gitDir, remote, settings))) return error;
  return new DamagedMirror(messageOf(error), error.details);
}

async function updateRef(gitDir: string, change: readonly string[], settings: GitSettings): Promise<void> {
  const result = await runLocal(gitDir, ["update-ref", "--no-deref", ...change], settings);
  if (result.type !== "exited" || result.exitCode !== 0) {
    throw readError(`changing a ref of ${gitDir}`, result, settings.timeoutMs);
  }
}

/** Also those that a process left behind that died between two steps. */
async function removeOtherPins(
  gitDir: string,
  kept: ReadonlySet<string>,
  settings: GitSettings,
): Promise<void> {
  const result = await runLocal(gitDir, ["for-each-ref", "--format=%(refname)", pinFolder], settings);
  for (const ref of result.stdout.toString("latin1").split("\n")) {
    if (ref === "" || kept.has(ref.slice(pinFolder.length))) continue;
    await updateRef(gitDir, ["-d", ref], settings);
  }
}

function runLocal(gitDir: string, args: readonly string[], settings: GitSettings): ReturnType<typeof runGit> {
  return runGit([`--git-dir=${gitDir}`, ...args], {
    env: gitEnvironment(settings.parentEnv, "file"),
    timeoutMs: settings.timeoutMs,
    maxOutputBytes: 1_000_000,
  });
}
