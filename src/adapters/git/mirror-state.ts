import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** What a mirror remembers about its last fetch. */
export interface MirrorState {
  /** Changes whenever the mirror is made anew. */
  readonly generation: string;
  /** What the remote listed when it was fetched last: an equal listing means that there is nothing to fetch. */
  readonly listing: string;
  /** When the remote was last seen to offer exactly this (ISO 8601). */
  readonly confirmedAt: string;
}

const stateFile = "drift-state.json";
/** Apart from the state, because it is written without the lock. */
const confirmedFile = "drift-confirmed-at";

/** The state, or undefined where there is no complete mirror. */
export async function readState(gitDir: string): Promise<MirrorState | undefined> {
  try {
    const [text, confirmedAt] = await Promise.all([
      readFile(path.join(gitDir, stateFile), "utf8"),
      readFile(path.join(gitDir, confirmedFile), "utf8"),
    ]);
    const parsed: unknown = JSON.parse(text);
    if (!isState(parsed) || Number.isNaN(Date.parse(confirmedAt))) return undefined;
    return { ...parsed, confirmedAt };
  } catch {
    // Not there, cut off or unreadable: in each case the mirror has to be made anew.
    return undefined;
  }
}

function isState(value: unknown): value is Omit<MirrorState, "confirmedAt"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "generation" in value &&
    typeof value.generation === "string" &&
    "listing" in value &&
    typeof value.listing === "string"
  );
}

/** Records a fetch. The caller holds the lock. */
export async function writeState(gitDir: string, state: MirrorState): Promise<void> {
  const { generation, listing, confirmedAt } = state;
  await confirm(gitDir, confirmedAt);
  await replaceFile(path.join(gitDir, stateFile), JSON.stringify({ generation, listing }));
}

/** Records that the remote still offers what was fetched. */
export async function confirm(gitDir: string, confirmedAt: string): Promise<void> {
  await replaceFile(path.join(gitDir, confirmedFile), confirmedAt);
}

/** Other processes see the old content or the new, never a part. */
async function replaceFile(file: string, content: string): Promise<void> {
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, content);
  await rename(next, file);
}

/** Records that the remote let an access in. `access` is a digest: what is recorded tells no path. */
export async function recordAccess(gitDir: string, access: string, at: string): Promise<void> {
  await replaceFile(path.join(gitDir, `drift-access-${access}`), at);
}

/** When the remote last let an access in, or undefined where it never did. */
export async function lastLetIn(gitDir: string, access: string): Promise<Date | undefined> {
  const text = await readFile(path.join(gitDir, `drift-access-${access}`), "utf8").catch(() => "");
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const pinsFile = "drift-pins.json";

/** The ids that are held whatever the remote lists, oldest first. */
export async function readPins(gitDir: string): Promise<readonly string[]> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path.join(gitDir, pinsFile), "utf8"));
    return Array.isArray(parsed) ? parsed.filter((pin) => typeof pin === "string") : [];
  } catch {
    // Not there or unreadable: whatever was held is asked for again.
    return [];
  }
}

/** The caller holds the lock. */
export async function writePins(gitDir: string, pins: readonly string[]): Promise<void> {
  await replaceFile(path.join(gitDir, pinsFile), JSON.stringify(pins));
}
