import type { Finding } from "../model/finding.ts";
import type { Commit } from "../model/commit.ts";
import { formatSpan } from "../model/time-span.ts";
import type { Reached } from "./applied-revision.ts";

/** What it means that live is as Git was before. */
export type SyncVerdict =
  /** Git is ahead, and live was never there. */
  | { readonly type: "pending-sync"; readonly reason: string }
  /** Live was there, and somebody rolled back by hand. The remedy in Git is `git revert --no-edit <undoes>`. */
  | {
      readonly type: "rolled-back";
      readonly rolledBack: NonNullable<Finding["rolledBack"]>;
      readonly reason: string;
    }
  /** Nobody knows whether live was ever newer: it stays what it is. */
  | { readonly type: "as-before"; readonly reason: string };

/** A state of Git from before that live equals. */
export interface OlderState {
  /** The commit that made it. */
  readonly commit: Commit;
  /** The commits that changed it since, newest first. */
  readonly newer: readonly [Commit, ...Commit[]];
  /** How long ago the first of these was made, in milliseconds. */
  readonly ageMs: number;
}

/** A commit that live has reached, and whether the first of the newer commits is in its history; undefined: nobody knows. */
export interface ReachedState extends Reached {
  readonly hasNewer: boolean | undefined;
}

/** How much of an id people read. */
const shownDigits = 7;

/**
 * Judges a finding whose live side is as Git was at an older commit. That live never reached the newer one has to be
 * proved by what was applied or seen in sync; the other way round it is proved that somebody went back. What weakens
 * security waits for no deployer.
 */
export function judgeOlder(
  finding: Finding,
  older: OlderState,
  reached: ReachedState | undefined,
): SyncVerdict {
  const first = older.newer.at(-1) ?? older.newer[0];
  const before = `live is as Git was before ${shortId(first)}`;
  if (reached?.hasNewer === undefined) {
    const when = older.ageMs >= 0 ? `, ${formatSpan(older.ageMs)} ago` : "";
    return { type: "as-before", reason: `${before}${when}; nobody knows whether it was ever newer` };
  }
  const at = reached.revision.slice(0, shownDigits);
  if (reached.hasNewer) {
    const rolledBack = { to: older.commit.sha, undoes: older.newer.map(({ sha }) => sha) };
    const reason = `${before}, and ${reached.by} was at ${at} already: somebody rolled back by hand`;
    return { type: "rolled-back", rolledBack, reason };
  }
  const waits = `${before}, and ${reached.by} is at ${at}`;
  return weakens(finding)
    ? { type: "as-before", reason: `${waits}; but it weakens security, and that does not wait` }
    : { type: "pending-sync", reason: `${waits}: Git is ahead` };
}

function shortId({ sha }: Commit): string {
  return sha.slice(0, shownDigits);
}

function weakens({ effect, changes }: Finding): boolean {
  return [effect, ...changes.map((change) => change.effect)].some((one) => one?.direction === "weakens");
}
