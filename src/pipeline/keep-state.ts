import { emptyState, type State } from "../core/model/state.ts";
import { DriftError } from "../lib/errors.ts";
import type { StatePort, StateProblem, StateRead } from "../ports/state.ts";

/** What was made of the state, and what a person should know about keeping it. */
export interface Kept<T> {
  readonly judged: T;
  readonly warnings: readonly string[];
}

/** Judges by what is known from earlier runs, and changes nothing. */
export async function judgeByState<T>(port: StatePort, judge: (state: State) => T): Promise<Kept<T>> {
  const read = await port.read();
  return { judged: judge(knownBy(read)), warnings: problemsOf(read) };
}

function knownBy(read: StateRead): State {
  return read.type === "newer" ? emptyState : read.state;
}

/** What is wrong with a state that was read, for people. */
export function problemsOf(read: StateRead): readonly string[] {
  return "problem" in read ? [tell(read.problem)] : [];
}

/** Others may write at the same time; each time somebody gets through. */
const maxAttempts = 5;

/**
 * Judges by what is known from earlier runs, and keeps what came out. Where another process has kept its own meanwhile,
 * that is judged by instead, so `judge` must be a function of the state alone. To be done before anything is reported: a
 * deadline that was told is one that is kept. A state that cannot be read or written is a warning, never the end.
 */
export async function keepState<T extends { readonly state: State }>(
  port: StatePort,
  judge: (state: State) => T,
): Promise<Kept<T>> {
  for (let attempt = 1; ; attempt++) {
    const read = await port.read();
    const problems = problemsOf(read);
    const judged = judge(knownBy(read));
    // What may not be replaced has been told with its problem.
    if (read.type === "newer" || isUnreadable(read)) return { judged, warnings: problems };
    const end = await tryWrite(port, judged.state);
    if (end === "written") return { judged, warnings: problems };
    if (end !== "overtaken") return { judged, warnings: [...problems, tell(end)] };
    if (attempt === maxAttempts) return { judged, warnings: [...problems, overtaken] };
  }
}

function isUnreadable(read: StateRead): boolean {
  return read.type === "lost" && read.problem.code === "STATE_UNREADABLE";
}

async function tryWrite(port: StatePort, state: State): Promise<"written" | "overtaken" | DriftError> {
  try {
    return await port.write(state);
  } catch (error) {
    if (error instanceof DriftError) return error;
    throw error;
  }
}

const overtaken =
  "what this run saw is not kept: other runs kept theirs each time. Clocks that begin now begin with the next run.";

function tell({ code, reason, hint }: StateProblem | DriftError): string {
  return `${reason} (${code}). ${hint}`;
}
