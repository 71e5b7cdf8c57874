/** Every way in which a run can stop. README and docs name them; a code never changes its meaning. */
export type ErrorCode =
  | "USAGE"
  | "CONFIG_NOT_FOUND"
  | "CONFIG_INVALID"
  | "REPOSITORY_NOT_FOUND"
  | "REPOSITORY_UNREACHABLE"
  | "REPOSITORY_URL_REFUSED"
  | "REPOSITORY_ACCESS_FAILED"
  | "REVISION_NOT_FOUND"
  | "BLOB_TOO_LARGE"
  | "GIT_MISSING"
  | "GIT_FAILED"
  | "GIT_TIMEOUT"
  | "GIT_TOO_LARGE"
  | "RENDERER_DAMAGED"
  | "RENDER_FAILED"
  | "RULES_DAMAGED"
  | "ENGINE_MISSING"
  | "TEMPORARY_FOLDER_FAILED"
  | "LIVE_NOT_FOUND"
  | "INPUT_NOT_FOUND"
  | "INPUT_UNREADABLE"
  | "KUBECONFIG_NOT_FOUND"
  | "KUBECONFIG_INVALID"
  | "CONTEXT_NOT_FOUND"
  | "CLUSTER_ACCESS_REFUSED"
  | "CREDENTIALS_FAILED"
  | "CLUSTER_UNREACHABLE"
  | "CLUSTER_UNAUTHORIZED"
  | "CLUSTER_FAILED"
  | "STATE_FAILED"
  | "OUTPUT_FAILED";

/** What somebody typed or configured wrongly; the rest lies in the world outside. */
const mistakes: ReadonlySet<ErrorCode> = new Set([
  "USAGE",
  "CONFIG_NOT_FOUND",
  "CONFIG_INVALID",
  "INPUT_NOT_FOUND",
]);

/** What a person needs beyond the message. */
export interface ErrorHelp {
  /** What to do next: one sentence. */
  readonly hint: string;
  /** Further lines, each about one problem: all configuration errors, the tail of a command's output. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/**
 * What stops a run, in words a person can act on. The message says what failed and with which value; it never holds
 * a credential. What fails for one resource only is data (`Unchecked`), not an error.
 */
export class DriftError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, help: ErrorHelp) {
    super(message, help.cause === undefined ? undefined : { cause: help.cause });
    this.name = "DriftError";
    this.code = code;
    this.hint = help.hint;
    this.details = help.details ?? [];
  }

  /** The message with the last of the further lines, for a place that has room for one text: an `Unchecked`. */
  get reason(): string {
    const said = this.details.slice(-3).join(" | ");
    return said === "" ? this.message : `${this.message}: ${said}`;
  }

  /** 3 for what the user typed or configured, 2 for everything else. */
  get exitCode(): 2 | 3 {
    return mistakes.has(this.code) ? 3 : 2;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether something that was thrown has a code of the system: "ENOENT". */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
