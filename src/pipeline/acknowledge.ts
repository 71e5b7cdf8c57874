import { acknowledge } from "../core/judge/guards.ts";
import type { Guard } from "../core/model/state.ts";
import { DriftError } from "../lib/errors.ts";
import type { StatePort } from "../ports/state.ts";
import { keepState } from "./keep-state.ts";

/** What was acknowledged. */
export interface Acknowledged {
  readonly target: string;
  readonly guards: readonly Guard[];
  /** What a person should know about the state. */
  readonly warnings: readonly string[];
}

/**
 * Takes the run that raised a guard for a good one: later runs are measured against it. Throws USAGE where no guard has
 * this id, and STATE_FAILED where that cannot be kept.
 */
export async function runAcknowledge(state: StatePort, id: string): Promise<Acknowledged> {
  const read = await state.read();
  const known = read.type === "newer" ? undefined : acknowledge(read.state, id);
  if (known === undefined) {
    throw new DriftError("USAGE", `there is no guard ${JSON.stringify(id)}`, {
      hint: "Reports name the guards that wait for it; one whose cause is gone needs none.",
    });
  }
  const { judged, warnings } = await keepState(state, (now) => {
    const done = acknowledge(now, id);
    return { state: done?.state ?? now, done };
  });
  return { target: known.target, guards: judged.done?.guards ?? known.guards, warnings };
}
