import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** What a long-lived command gets. Nothing of our own environment reaches it unless it stands in `env`. */
export interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether what it leaves running in its group is killed once it is gone. By default only where we ended it. */
  readonly leavesNothing?: boolean;
  /** Standard output as it comes. */
  readonly onStdout: (chunk: Buffer) => void;
  /** Standard error as it comes, for progress. */
  readonly onStderr?: (text: string) => void;
}

/** What a command gets that is waited for. */
export interface CommandOptions extends Omit<StartOptions, "onStdout"> {
  readonly timeoutMs: number;
  /** How long it may print nothing at all. Default: as long as it may run. */
  readonly silenceMs?: number;
  /** What standard output may hold at most; one byte more ends the command. */
  readonly maxOutputBytes: number;
  /** Written to standard input, which is closed afterwards. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** Why we ended a command. */
export type KillReason = "timeout" | "output" | "aborted";

/**
 * How a command ended. Only `exited` says anything about its work; an exit code other than 0 is no exception here,
 * because only the caller knows what it means. `signal`: somebody else killed it.
 */
export type CommandEnd = {
  /** The last whole lines of standard error: of a line that was cut off nothing is left. */
  readonly stderrTail: string;
} & (
  | { readonly type: "exited"; readonly exitCode: number }
  | { readonly type: "killed"; readonly reason: KillReason | "signal" }
  | { readonly type: "not-started"; readonly cause: unknown }
);

/** What a command printed and how it ended. */
export type CommandResult = CommandEnd & { readonly stdout: Buffer };

/** A command that runs until its standard input is closed or it is killed. */
export interface RunningCommand {
  /** Queues text for standard input. What a dead command does not take shows in `ended`. */
  write: (text: string) => void;
  closeInput: () => void;
  /** Ends the command and every process of its group. The first reason counts. */
  kill: (reason: KillReason) => void;
  /** Settles once the command is gone and its output was delivered. Never rejects. */
  readonly ended: Promise<CommandEnd>;
}

/** How much of standard error is kept: the last lines say why a command failed. */
const stderrTailChars = 4096;
/** How long a command may take to die of SIGTERM, on which Git removes its temporary files and locks. */
const termGraceMs = 500;
/** How long output may still come after the command itself is gone. */
const closeGraceMs = 500;

/** Leaders of the process groups that run now: none of them may outlive us. */
const runningGroups = new Set<number>();
process.on("exit", () => {
  for (const pid of runningGroups) killGroup(pid, "SIGKILL");
});

/**
 * Runs `file` with an argument list (never a shell) in a process group of its own and waits for its end. When time or
 * output run out or `signal` fires, the whole group is killed, helpers of helpers included. Never throws.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const command = startCommand(file, args, {
    ...options,
    onStderr: (text) => {
      silence?.refresh();
      options.onStderr?.(text);
    },
    onStdout: (chunk) => {
      silence?.refresh();
      bytes += chunk.length;
      if (bytes > options.maxOutputBytes) command.kill("output");
      else chunks.push(chunk);
    },
  });
  const abort = () => {
    command.kill("aborted");
  };
  const giveUp = () => {
    command.kill("timeout");
  };
  const timer = setTimeout(giveUp, options.timeoutMs);
  const silence = options.silenceMs === undefined ? undefined : setTimeout(giveUp, options.silenceMs);
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted === true) abort();
  if (options.input !== undefined) command.write(options.input);
  command.closeInput();
  const end = await command.ended;
  clearTimeout(timer);
  clearTimeout(silence);
  options.signal?.removeEventListener("abort", abort);
  return { ...end, stdout: Buffer.concat(chunks) };
}

/** Starts `file` in a process group of its own and leaves its standard input open. Never throws. */
export function startCommand(file: string, args: readonly string[], options: StartOptions): RunningCommand {
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(file, args, {
      env: { ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      detached: true,
      stdio: "pipe",
    });
  } catch (cause) {
    return neverStarted(cause);
  }
  child.stdout.on("data", options.onStdout);
  // A command that dies with input unread is judged by how it ended, not by the broken pipe.
  child.stdin.on("error", () => undefined);
  const ending = watchEnd(child, options);
  return {
    write: (text) => {
      child.stdin.write(text);
    },
    closeInput: () => {
      child.stdin.end();
    },
    kill: ending.kill,
    ended: ending.ended,
  };
}

/** Follows one child until it is gone; kills its group first gently, then surely. */
function watchEnd(
  child: ChildProcessWithoutNullStreams,
  { onStderr, leavesNothing = false }: StartOptions,
): Pick<RunningCommand, "kill" | "ended"> {
  const { pid } = child;
  let killed: KillReason | undefined;
  let kept = "";
  let timer: NodeJS.Timeout | undefined;
  if (pid !== undefined) runningGroups.add(pid);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    // One more tells whether the rest begins with a line.
    kept = (kept + text).slice(-stderrTailChars - 1);
    onStderr?.(text);
  });
  const kill = (reason: KillReason) => {
    if (killed !== undefined || pid === undefined || !runningGroups.has(pid)) return;
    killed = reason;
    killGroup(pid, "SIGTERM");
    timer = setTimeout(killGroup, termGraceMs, pid, "SIGKILL");
  };
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once("error", (cause) => {
      if (pid === undefined) resolve({ type: "not-started", cause, stderrTail: wholeLines(kept) });
    });
    child.once("exit", () => {
      clearTimeout(timer);
      if (pid !== undefined) {
        runningGroups.delete(pid);
        if (killed !== undefined || leavesNothing) killGroup(pid, "SIGKILL");
      }
      // A process that left the group may hold the pipes open for as long as it likes.
      timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, closeGraceMs);
    });
    child.once("close", (exitCode) => {
      clearTimeout(timer);
      const stderrTail = wholeLines(kept);
      if (killed !== undefined) resolve({ type: "killed", reason: killed, stderrTail });
      else if (exitCode === null) resolve({ type: "killed", reason: "signal", stderrTail });
      else if (exitCode >= 0) resolve({ type: "exited", exitCode, stderrTail });
    });
  });
  return { kill, ended };
}

/**
 * Without the first line, where it may lack its beginning: what is left of it could be a secret whose name was cut off,
 * so that nobody recognises it.
 */
function wholeLines(kept: string): string {
  if (kept.length <= stderrTailChars) return kept;
  const end = kept.search(/[\r\n]/);
  return end === -1 ? "" : kept.slice(end + 1);
}

function neverStarted(cause: unknown): RunningCommand {
  const ignore = () => undefined;
  return {
    write: ignore,
    closeInput: ignore,
    kill: ignore,
    ended: Promise.resolve({ type: "not-started", cause, stderrTail: "" }),
  };
}

/** A group that is gone already has nothing left to kill. */
function killGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ESRCH";
    // macOS answers EPERM for a group of zombies.
    const zombies = error instanceof Error && "code" in error && error.code === "EPERM";
    if (!gone && !zombies) throw error;
  }
}
