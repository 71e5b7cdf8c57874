import { acknowledge } from "../core/judge/guards.ts";
import type { Guard, State } from "../core/model/state.ts";
import { DriftError } from "../lib/errors.ts";
import type { StatePort } from "../ports/state.ts";
import { problemsOf } from "./keep-state.ts";

/** What was acknowledged. */
export interface Acknowledged {
  readonly target: string;
  readonly guards: readonly Guard[];
  /** What a person should know about the state. */
  readonly warnings: readonly string[];
}

/** Scans may write at the same time; each time somebody gets through. */
const maxAttempts = 5;

/**
 * Takes the run that raised a guard for a good one: later runs are measured against it. Throws USAGE where no guard has
 * this id, and STATE_FAILED where nobody can say whether one has, or it cannot be kept.
 */
export async function runAcknowledge(port: StatePort, id: string): Promise<Acknowledged> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const read = await port.read();
    if (read.type === "lost" || read.type === "newer") {
      const { code, reason, hint } = read.problem;
      throw new DriftError("STATE_FAILED", `${reason} (${code})`, { hint });
    }
    const { state, target, guards } = acknowledged(read.state, id);
    if ((await port.write(state)) === "written") return { target, guards, warnings: problemsOf(read) };
  }
  throw new DriftError("STATE_FAILED", "other runs kept theirs each time: nothing is acknowledged", {
    hint: "Try again.",
  });
}

function acknowledged(
  state: State,
  id: string,
): { readonly state: State; readonly target: string; readonly guards: readonly Guard[] } {
  const done = acknowledge(state, id);
  if (done !== undefined) return done;
  throw new DriftError("USAGE", `there is no guard ${JSON.stringify(id)}`, {
    hint: "Reports name the guards that wait for it; one whose cause is gone needs none.",
  });
}
