/**
 * Where a finding or change stands. `new`: first seen in this run; `open`; `overdue`: past its deadline; `documented`: a
 * break-glass note names a ticket; `exempt`: an exemption in Git accepts it for a time; `rolling-out`: a canary in flight
 * set it, checked against what its controller says; `pending-sync`: Git is ahead, and live was never there.
 */
export type State = "new" | "open" | "overdue" | "documented" | "exempt" | "rolling-out" | "pending-sync";

/** How long a difference has been there. All times are ISO 8601. Nothing ever moves a deadline later. */
export interface Clock {
  /** When drift first saw it. */
  readonly firstSeen: string;
  /** Since when it must be taken to be there: never later than `firstSeen`. */
  readonly since: string;
  /** Why `since`: our own sight; a writer's claim to have written then; the last time it was seen without it. */
  readonly basis: "seen" | "claim" | "last-clean";
  /** When it is overdue. */
  readonly deadline: string;
}

/** Where something stands, and since when. */
export interface Standing {
  readonly state: State;
  /** Whether the deadline has passed, whatever the state. */
  readonly isOverdue: boolean;
  /** Absent where no state is kept. */
  readonly clock?: Clock;
  /** Why it is in this state, one sentence for people: "Canary shop/reviews wants 50 % now". */
  readonly reason?: string;
}

/** A note on the live object, or on its Namespace, that somebody broke the glass. It documents; it never hides or stops a clock. */
export interface BreakGlass {
  /** "INC-4821" */
  readonly ticket: string;
  /** Where it stands: "object" or "namespace". */
  readonly on: "object" | "namespace";
}

/** An accepted difference with a reason and an end. */
export interface Exemption {
  readonly reason: string;
  readonly ticket?: string;
  readonly by?: string;
  /** ISO 8601 */
  readonly until: string;
  /** Where it is written: ".drift/exemptions.yaml". */
  readonly file: string;
  readonly line: number;
  /** It has ended, and what it covered counts again. */
  readonly hasEnded: boolean;
  /** Why it does not count here, although it names this place: "it weakens security". */
  readonly refused?: string;
}
