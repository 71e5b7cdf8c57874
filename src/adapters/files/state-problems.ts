import { DriftError, type ErrorHelp } from "../../lib/errors.ts";
import type { StateProblem } from "../../ports/state.ts";

const newClocks = "Clocks begin again now: look at when changes were made in what is reported as new.";

/** The file was there, and is not. */
export function gone(file: string): StateProblem {
  return {
    code: "STATE_GONE",
    reason: `the state of earlier runs is gone: ${file} was there before`,
    hint: `Put it back if you can. ${newClocks}`,
  };
}

/** The file is there and cannot be read. */
export function unreadable(file: string, why: string): StateProblem {
  return {
    code: "STATE_UNREADABLE",
    reason: `the state of earlier runs cannot be read from ${file}: ${why}`,
    hint: "Put a file there that can be read, or name another one; until then it is not replaced, and clocks begin anew with each run.",
  };
}

/** The file holds something else than what was written. `aside` is where it is going to be kept. */
export function damaged(file: string, why: string, aside: string): StateProblem {
  return {
    code: "STATE_DAMAGED",
    reason: `the state of earlier runs in ${file} is damaged: ${why}`,
    hint: `It is kept as ${aside} when the next state is written; put a copy in its place if you have one. ${newClocks}`,
  };
}

/** The file is an older one than what was written last. */
export function rolledBack(file: string, found: number, last: number): StateProblem {
  return {
    code: "STATE_ROLLED_BACK",
    reason: `${file} holds revision ${String(found)} of the state, and revision ${String(last)} was written before: somebody put an older one back`,
    hint: "What it knows is used; what was first seen after it was written counts as new.",
  };
}

/** The file was written by a newer version. */
export function newer(file: string, version: number): StateProblem {
  return {
    code: "STATE_NEWER",
    reason: `${file} was written by a newer version of drift (format ${String(version)})`,
    hint: "Use that version, or name another file for the state; this one is neither used nor replaced.",
  };
}

/** That a state could not be written. */
export function failed(message: string, help: Partial<ErrorHelp>): DriftError {
  return new DriftError("STATE_FAILED", message, {
    hint: "Check that the folder may be written to and has room: clocks that begin now begin again with the next run.",
    ...help,
  });
}

/** That a state must not be replaced. */
export function refused({ reason, hint }: StateProblem): DriftError {
  return failed(`the state is not written: ${reason}`, { hint });
}
