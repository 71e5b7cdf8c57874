import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

import { sha256 } from "../../core/model/digest.ts";
import { DriftError, hasCode, messageOf } from "../../lib/errors.ts";
import type { RepositoryAddress } from "./address.ts";
import { fetchInto, initMirror, isSound, objectFormat, packMirror } from "./fetch.ts";
import type { GitSettings } from "./git-settings.ts";
import { withLock } from "./mirror-lock.ts";
import {
  confirm,
  lastLetIn,
  type MirrorState,
  readPins,
  readState,
  recordAccess,
  writeState,
} from "./mirror-state.ts";
import { listRemote, type RemoteListing } from "./remote.ts";

/** The local copy of one repository, as far as its remote offered it at one moment. */
export interface Mirror {
  readonly address: RepositoryAddress;
  readonly gitDir: string;
  readonly generation: string;
  /** What the remote listed: revisions are resolved by it, not by refs that a fetch elsewhere may move. */
  readonly listing: string;
  /** Set where the remote is away and this is the last fetch: when that was (ISO 8601). */
  readonly staleSince?: string;
}

/** Where the parts of a mirror are; all of them can be deleted while no drift runs. */
interface Place {
  readonly parent: string;
  readonly gitDir: string;
  readonly lock: string;
  /** Git's configuration for a local repository of another user that was allowed. */
  readonly configFile: string;
}

/**
 * Brings the mirror of a repository up to date; an unchanged remote costs one `git ls-remote` and no lock.
 * The mirror does not depend on the access, so each access shows here that the remote lets it in. Throws
 * REPOSITORY_NOT_FOUND, REPOSITORY_ACCESS_FAILED, REPOSITORY_UNREACHABLE, GIT_FAILED, GIT_TIMEOUT, GIT_TOO_LARGE,
 * GIT_MISSING.
 */
export async function refreshMirror(address: RepositoryAddress, settings: GitSettings): Promise<Mirror> {
  const place = placeOf(address, settings);
  await mkdir(place.parent, { recursive: true, mode: 0o700 });
  const confirmedAt = settings.now().toISOString();
  const [remote, state] = await Promise.all([
    listRemote(address, place.configFile, settings),
    readState(place.gitDir),
  ]);
  const letIn = () => recordAccess(place.gitDir, accessDigest(address), confirmedAt);
  if (state?.listing === remote.listing) {
    await unlessReplaced(Promise.all([confirm(place.gitDir, confirmedAt), letIn()]));
    return mirrorOf(address, place, state);
  }
  const fetched = await withLock(place.lock, settings.fetchTimeoutMs, async () => {
    const known = await readState(place.gitDir);
    if (known?.listing === remote.listing) return known;
    if (known === undefined) return cloneAnew(address, remote, place, settings);
    return fetchOrClone(address, remote, { ...known, confirmedAt }, settings);
  });
  await unlessReplaced(letIn());
  return mirrorOf(address, place, fetched);
}

/**
 * What is recorded without the lock may meet the moment in which another process puts a new mirror in the place of the
 * old one, and nothing is there. Then it is not recorded, and the remote is asked sooner than need be.
 */
async function unlessReplaced(recording: Promise<unknown>): Promise<void> {
  try {
    await recording;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** Fetches into a mirror that exists; where that fails for a reason that may lie in the mirror, makes it anew. */
async function fetchOrClone(
  address: RepositoryAddress,
  remote: RemoteListing,
  known: MirrorState,
  settings: GitSettings,
): Promise<MirrorState> {
  const place = placeOf(address, settings);
  if (objectFormat(known.listing) !== objectFormat(remote.listing)) {
    settings.onWarning(
      `the mirror of ${address.shown} is made anew: the ids of the repository are of another kind`,
    );
    return cloneAnew(address, remote, place, settings);
  }
  try {
    await fetchInto(place.gitDir, address, remote, settings);
  } catch (error) {
    if (!(await mayBeDamage(error, place, remote, settings))) throw error;
    settings.onWarning(`the mirror of ${address.shown} is made anew: ${messageOf(error)}`);
    return cloneAnew(address, remote, place, settings);
  }
  const state = { ...known, listing: remote.listing };
  await writeState(place.gitDir, state);
  await packMirror(place.gitDir, remote, settings);
  return state;
}

/**
 * Throws a mirror away in which something was missing or broken and makes it anew, unless another process did so since
 * it was opened. Throws what `refreshMirror` throws; the old mirror then stays.
 */
export async function rebuildMirror(mirror: Mirror, settings: GitSettings): Promise<Mirror> {
  const { address } = mirror;
  const place = placeOf(address, settings);
  settings.onWarning(`the mirror of ${address.shown} is damaged and is made anew`);
  const state = await withLock(place.lock, settings.fetchTimeoutMs, async () => {
    const known = await readState(place.gitDir);
    if (known !== undefined && known.generation !== mirror.generation) return known;
    const remote = await listRemote(address, place.configFile, settings);
    return cloneAnew(address, remote, place, settings);
  });
  return mirrorOf(address, place, state);
}

/**
 * The mirror as it was fetched last. Undefined where there is none, where it is older than `allowStaleMs`, and where the
 * remote has not let this access in for that long.
 */
export async function lastFetched(
  address: RepositoryAddress,
  allowStaleMs: number,
  settings: GitSettings,
): Promise<Mirror | undefined> {
  const place = placeOf(address, settings);
  const state = await readState(place.gitDir);
  if (state === undefined) return undefined;
  const ageMs = settings.now().getTime() - Date.parse(state.confirmedAt);
  if (ageMs > allowStaleMs || !(await wasLetIn(address, place, allowStaleMs, settings))) return undefined;
  return { ...mirrorOf(address, place, state), staleSince: state.confirmedAt };
}

/** How long an access that was let in is trusted to read what is pinned without asking the remote. */
const trustedMs = 24 * 60 * 60 * 1000;

/**
 * The mirror where it holds a full id whole already, which then needs no network: an id never changes what it names.
 * Undefined for anything else, for a repository on this machine, which costs nothing to ask, and where the remote has not
 * let this access in for a day: whoever takes an access back is heard by then.
 */
export async function holdingMirror(
  address: RepositoryAddress,
  revision: string,
  settings: GitSettings,
): Promise<Mirror | undefined> {
  if (address.transport === "file" || !/^[\da-f]{40,64}$/i.test(revision)) return undefined;
  const place = placeOf(address, settings);
  const [state, pins] = await Promise.all([readState(place.gitDir), readPins(place.gitDir)]);
  if (state === undefined || !pins.includes(revision.toLowerCase())) return undefined;
  if (!(await wasLetIn(address, place, trustedMs, settings))) return undefined;
  return mirrorOf(address, place, state);
}

async function wasLetIn(
  address: RepositoryAddress,
  place: Place,
  withinMs: number,
  settings: GitSettings,
): Promise<boolean> {
  const at = await lastLetIn(place.gitDir, accessDigest(address));
  return at !== undefined && settings.now().getTime() - at.getTime() <= withinMs;
}

/** Tells two ways to reach a repository apart. A token is known by its file, because what it holds may change. */
function accessDigest({ access }: RepositoryAddress): string {
  const [file, detail] =
    access?.type === "token"
      ? [access.tokenFile, access.username]
      : [access?.keyFile, access?.knownHostsFile];
  return sha256(JSON.stringify([access?.type ?? "none", file ?? "", detail ?? ""])).slice(0, 32);
}

/** A complete new mirror takes the place of the old one in the end; until then the old one stays. */
async function cloneAnew(
  address: RepositoryAddress,
  remote: RemoteListing,
  place: Place,
  settings: GitSettings,
): Promise<MirrorState> {
  await removeAbandoned(place);
  const generation = randomUUID();
  const next = `${place.gitDir}.new-${generation}`;
  const old = `${place.gitDir}.old-${generation}`;
  const confirmedAt = settings.now().toISOString();
  const state = { generation, listing: remote.listing, confirmedAt };
  try {
    await initMirror(next, remote, settings);
    await fetchInto(next, address, remote, settings);
    await writeState(next, state);
    await rename(place.gitDir, old).catch(() => undefined);
    await rename(next, place.gitDir);
  } finally {
    await rm(next, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return state;
}

/** Removes what a process left behind that died while it made a mirror. */
async function removeAbandoned(place: Place): Promise<void> {
  const digest = path.basename(place.gitDir);
  for (const name of await readdir(place.parent)) {
    if (name.startsWith(`${digest}.new-`) || name.startsWith(`${digest}.old-`)) {
      await rm(path.join(place.parent, name), { recursive: true, force: true });
    }
  }
}

/** Whether a fetch that failed may succeed into a new mirror. A remote that fell silent is no reason to start over. */
async function mayBeDamage(
  error: unknown,
  place: Place,
  remote: RemoteListing,
  settings: GitSettings,
): Promise<boolean> {
  if (!(error instanceof DriftError)) return false;
  // What is not reachable any more takes space as well.
  if (error.code === "GIT_TOO_LARGE") return true;
  return (
    (error.code === "GIT_FAILED" || error.code === "REPOSITORY_UNREACHABLE") &&
    !(await isSound(place.gitDir, remote, settings))
  );
}

/** Where the mirror of a repository is. Throws nothing; it need not be there. */
export function placeOf(address: RepositoryAddress, settings: GitSettings): Place {
  const parent = path.join(settings.cacheFolder, "git");
  const gitDir = path.join(parent, sha256(address.url).slice(0, 32));
  return { parent, gitDir, lock: `${gitDir}.lock`, configFile: `${gitDir}.config` };
}

function mirrorOf(address: RepositoryAddress, place: Place, state: MirrorState): Mirror {
  const { generation, listing } = state;
  return { address, gitDir: place.gitDir, generation, listing };
}
