import { DriftError } from "../../lib/errors.ts";
import { type CommandEnd, type CommandResult, runCommand } from "../../lib/run-command.ts";
import { withoutControls } from "../../lib/printable.ts";
import { redact } from "../../lib/redact.ts";
import { gitEnvironment } from "./environment.ts";
import type { GitSettings } from "./git-settings.ts";

/** What one Git command needs besides its arguments. */
interface GitOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly silenceMs?: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
  readonly onStderr?: (text: string) => void;
}

/**
 * Runs Git with a fixed verb. Options that a caller's data could reach stand after `--end-of-options` or `--` in
 * `args`. The result is for the caller to judge; throws GIT_MISSING where there is no Git.
 */
export async function runGit(args: readonly string[], options: GitOptions): Promise<CommandResult> {
  // Outside of the mirror Git must not read the configuration of the repository that we happen to stand in.
  const result = await runCommand("git", args, { ...options, cwd: "/" });
  if (result.type === "not-started") throw gitMissing(result.cause);
  return result;
}

const installGit = "Install Git 2.32 or newer and make sure that it is in PATH.";

/** The error for a Git that could not be started. */
function gitMissing(cause: unknown): DriftError {
  return new DriftError("GIT_MISSING", "the command git could not be started", {
    hint: installGit,
    cause,
  });
}

/** GIT_CONFIG_GLOBAL, which keeps ~/.gitconfig out, came with 2.32; its predecessor GIT_CONFIG_COUNT with 2.31. */
const oldestGit = { major: 2, minor: 32 };

/** Throws GIT_MISSING unless Git is there and new enough to be kept from reading the user's configuration. */
export async function requireGit(settings: GitSettings): Promise<void> {
  const { stdout } = await runGit(["version"], {
    env: gitEnvironment(settings.parentEnv, "file"),
    timeoutMs: settings.timeoutMs,
    maxOutputBytes: 10_000,
  });
  const version = /\d+\.\d+\S*/.exec(stdout.toString("latin1"))?.[0] ?? "unknown";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldestGit.major || (major === oldestGit.major && minor >= oldestGit.minor)) return;
  throw new DriftError("GIT_MISSING", `Git ${version} is too old`, { hint: installGit });
}

/**
 * GIT_FAILED for what a mirror should hold and does not, or not intact. It may go away when the mirror is made anew.
 */
export class DamagedMirror extends DriftError {
  constructor(message: string, details: readonly string[] = []) {
    super("GIT_FAILED", message, {
      hint: "Delete the cache folder if this happens again; it is filled anew.",
      details,
    });
    this.name = "DamagedMirror";
  }
}

/** `gitError` for a command that reads a mirror: where it ran and failed, the mirror is to blame. */
export function readError(work: string, end: CommandEnd, timeoutMs: number): DriftError {
  const error = gitError(work, end, timeoutMs);
  const tooMuch = end.type === "killed" && end.reason === "output";
  return error.code !== "GIT_FAILED" || tooMuch ? error : new DamagedMirror(error.message, error.details);
}

/** GIT_TIMEOUT or GIT_FAILED for a command that did not do its work; `work` says what it was for: "reading the tree". */
export function gitError(work: string, end: CommandEnd, timeoutMs: number): DriftError {
  const details = stderrLines(end.stderrTail);
  if (end.type === "not-started") return gitMissing(end.cause);
  if (end.type === "killed" && end.reason === "timeout") {
    return new DriftError("GIT_TIMEOUT", `${work} took longer than ${String(timeoutMs / 1000)} s`, {
      hint: "Check that the repository answers, or allow more time.",
      details,
    });
  }
  const how =
    end.type === "exited"
      ? `git ended with exit code ${String(end.exitCode)}`
      : end.reason === "output"
        ? "its output was too large"
        : "git was killed";
  return new DriftError("GIT_FAILED", `${work} failed: ${how}`, {
    hint: details.length === 0 ? "Run the command again." : "See what Git said.",
    details,
  });
}

/** What Git tells of its progress, also where the beginning of the line is cut off: it says nothing of a failure. */
const progressLine =
  /(?:^|: +)\d+% \(\d+\/\d+\)|^(?:remote: )?(?:(?:Enumerating|Counting) objects: \d+|Total \d+ \(delta)/;

/** The last lines that Git wrote about a failure: without progress, credentials and control characters. */
export function stderrLines(stderrTail: string): readonly string[] {
  return cleanLines(stderrTail)
    .filter((line) => !progressLine.test(line))
    .slice(-10);
}

/** Without credentials and control characters. */
export function cleanLines(text: string): readonly string[] {
  const lines = redact(withoutControls(text)).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** A line that is longer, and comes in pieces, is not told. */
const maxPieces = 1000;

/**
 * Turns pieces of standard error into whole lines: what is cut in two would not be recognised as something to hide.
 */
export function byLine(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  let lacksStart = false;
  return (text) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop() ?? "";
    if (lacksStart && lines.length > 0) {
      lines.shift();
      lacksStart = false;
    }
    if (rest.length > maxPieces) {
      rest = "";
      lacksStart = true;
    }
    for (const line of cleanLines(lines.join("\n"))) onLine(line);
  };
}
