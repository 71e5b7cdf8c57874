import type { Unchecked } from "../core/model/finding.ts";
import type { State } from "../core/model/state.ts";

/** What is wrong with a state: STATE_DAMAGED, STATE_UNREADABLE, STATE_GONE, STATE_ROLLED_BACK, STATE_NEWER. */
export type StateProblem = Pick<Unchecked, "code" | "reason" | "hint">;

/** What is known from earlier runs. `state` is what to go on with: its clocks are used, or there are none. */
export type StateRead =
  /** `problem`: it is older than one that was there before (STATE_ROLLED_BACK); what it knows is still of use. */
  | { readonly type: "read"; readonly state: State; readonly problem?: StateProblem }
  /** There was never one. */
  | { readonly type: "none"; readonly state: State }
  /** There was one, and it cannot be used: every clock begins again. */
  | { readonly type: "lost"; readonly state: State; readonly problem: StateProblem }
  /** A newer version of this tool wrote it: it is neither used nor replaced. */
  | { readonly type: "newer"; readonly problem: StateProblem };

/** Where the state is kept from run to run. */
export interface StatePort {
  /** Never throws for what is wrong with the state. Changes nothing. */
  readonly read: () => Promise<StateRead>;
  /**
   * Replaces the state that was read, all of it or nothing. `overtaken`: somebody else has written meanwhile (the revision
   * is not the one after what is there), and nothing was written: read again, and advance that one. Throws STATE_FAILED
   * where it cannot be written, or must not be: what is there is unreadable, or of a newer version.
   */
  readonly write: (state: State) => Promise<"written" | "overtaken">;
}
