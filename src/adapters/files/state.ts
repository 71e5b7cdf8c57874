import { emptyState, type State } from "../../core/model/state.ts";
import { readStateText, writeStateText } from "../../core/model/state-text.ts";
import { DriftError, messageOf } from "../../lib/errors.ts";
import { withFileLock } from "../../lib/file-lock.ts";
import type { StatePort, StateProblem, StateRead } from "../../ports/state.ts";
import { damaged, failed, gone, newer, refused, rolledBack, unreadable } from "./state-problems.ts";
import {
  asideName,
  keepAside,
  readWhole,
  realFile,
  removeDrafts,
  replaceFile,
  type WholeFile,
} from "./whole-file.ts";

/** How long to wait for another process that is writing. */
const lockTimeoutMs = 10_000;

/**
 * Keeps the state in one JSON file, which is replaced as a whole; beside it the number of its last revision, which tells
 * that the file was put back to an older one, or taken away. Processes that write at once take turns by a lock, and one
 * that has read what is no more is told so: nothing that another one kept is lost. A damaged file is copied to
 * `<file>.damaged-<digest>` before it is replaced.
 */
export function createFileState(file: string): StatePort {
  return {
    read: async () => judge(file, await look(file)),
    write: async (state) => {
      try {
        return await writeState(await realFile(file), state);
      } catch (error) {
        if (error instanceof DriftError) throw error;
        throw failed(`the state ${file} cannot be written: ${reasonOf(error)}`, { cause: error });
      }
    },
  };
}

/** Without the call and its arguments, which nobody knows: "ENOSPC: no space left on device". */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/, [a-z]+(?: '.*)?$/s, "");
}

/** The file, and the last revision that was written. */
interface Look {
  readonly whole: WholeFile;
  /** 0 where that is not known. */
  readonly lastRevision: number;
}

async function look(file: string): Promise<Look> {
  const whole = await readWhole(file);
  const witness = await readWhole(revisionFile(whole.path));
  const digits = witness.type === "file" ? /^(\d{1,15})\n$/.exec(witness.bytes.toString("latin1")) : null;
  return { whole, lastRevision: Number(digits?.[1] ?? 0) };
}

function revisionFile(file: string): string {
  return `${file}.revision`;
}

function judge(file: string, { whole, lastRevision }: Look): StateRead {
  const nothing: State = { ...emptyState, revision: lastRevision };
  const lost = (problem: StateProblem): StateRead => ({ type: "lost", state: nothing, problem });
  if (whole.type === "absent")
    return lastRevision === 0 ? { type: "none", state: emptyState } : lost(gone(file));
  if (whole.type === "unreadable") return lost(unreadable(file, whole.reason));
  const text = readStateText(whole.bytes.toString("utf8"));
  switch (text.type) {
    case "newer":
      return { type: "newer", problem: newer(file, text.version) };
    case "damaged":
      return lost(damaged(file, text.reason, asideName(whole.path, whole.bytes)));
    case "state":
      return text.state.revision >= lastRevision
        ? { type: "read", state: text.state }
        : {
            type: "read",
            state: { ...text.state, revision: lastRevision },
            problem: rolledBack(file, text.state.revision, lastRevision),
          };
  }
}

async function writeState(file: string, state: State): Promise<"written" | "overtaken"> {
  const timedOut = (holder: string, lock: string): DriftError =>
    failed(`${file} was still being written by process ${holder} after ${String(lockTimeoutMs / 1000)} s`, {
      hint: `Wait for it, or delete ${lock} if it does not run any more.`,
    });
  return withFileLock(`${file}.lock`, { timeoutMs: lockTimeoutMs, timedOut }, async () => {
    const seen = await look(file);
    const current = judge(file, seen);
    if (current.type === "newer") throw refused(current.problem);
    if (seen.whole.type === "unreadable" && current.type === "lost") throw refused(current.problem);
    if (current.state.revision !== state.revision - 1) return "overtaken";
    if (current.type === "lost" && seen.whole.type === "file") await keepAside(file, seen.whole.bytes);
    await removeDrafts(file);
    await replaceFile(file, writeStateText(state));
    // The state is kept by now. Without the number only an older one put back is not noticed.
    await replaceFile(revisionFile(file), `${String(state.revision)}\n`).catch(() => undefined);
    return "written";
  });
}
