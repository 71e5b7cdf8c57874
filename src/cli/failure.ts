import { CommanderError } from "commander";
import { concealText } from "../core/text/conceal-text.ts";
import { printable } from "../core/text/escape.ts";
import { DriftError, messageOf } from "../lib/errors.ts";
import type { ErrorDocument } from "../report/json.ts";
import type { Shell } from "./shell.ts";

/** What stopped a run, in the form that both people and programs get. */
interface Failure {
  /** An ErrorCode, INTERRUPTED, or INTERNAL for what is a bug of ours. */
  readonly code: string;
  readonly exitCode: 2 | 3;
  readonly message: string;
  readonly hint: string;
  readonly details: readonly string[];
}

const interrupted: Failure = {
  code: "INTERRUPTED",
  exitCode: 2,
  message: "interrupted before there was a result",
  hint: "",
  details: [],
};

/** Makes a failure of anything that was thrown. */
export function toFailure(thrown: unknown, shell: Shell): Failure {
  // Whatever fails now fails because the run was told to end.
  if (shell.signal.aborted) return interrupted;
  if (thrown instanceof DriftError) return thrown;
  if (thrown instanceof CommanderError) return usageFailure(thrown, shell);
  return {
    code: "INTERNAL",
    exitCode: 2,
    message: `internal error: ${messageOf(thrown)}`,
    hint: "This is a bug in drift: report it with what --verbose adds to this message.",
    details: [],
  };
}

const commands: ReadonlySet<string> = new Set([
  ...["scan", "explain", "revert", "render", "diff"],
  ...["acknowledge", "rules", "exempt", "baseline"],
]);

function usageFailure(error: CommanderError, shell: Shell): Failure {
  const command = shell.argv.find((word) => !word.startsWith("-"));
  const isKnown = command !== undefined && commands.has(command);
  return {
    code: "USAGE",
    exitCode: 3,
    message: asFragment(error.message),
    hint: `${shell.name}${isKnown ? ` ${command}` : ""} --help lists what there is.`,
    details: [],
  };
}

/**
 * What commander says, in the form of our own messages: "error: unknown command 'scna'\\n(Did you mean scan?)" becomes
 * `unknown command 'scna' (did you mean "scan"?)`, and of two sentences the second follows a colon.
 */
function asFragment(message: string): string {
  return message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (\S+)\?\)$/, ' (did you mean "$1"?)')
    .replace(/\. Expected (\d+ arguments? but got \d+)\.$/, ": expected $1");
}

/** What is said of a failure, without what looks like a credential in its words. */
function toldOf({ message, hint, details }: Failure): Pick<Failure, "message" | "hint" | "details"> {
  return {
    message: concealText(message),
    hint: concealText(hint),
    details: details.map((detail) => concealText(detail)),
  };
}

/** Tells people what stopped the run; `verbose` adds the stack, and those of the causes. */
export async function printFailure(failure: Failure, shell: Shell, thrown?: unknown): Promise<void> {
  const { message, hint, details } = toldOf(failure);
  const lines = [
    `drift: ${printable(message)}`,
    ...details.map((detail) => `  ${printable(detail)}`),
    ...(hint === "" ? [] : [`hint: ${printable(hint)}`]),
    ...(isVerbose(shell.argv) ? stacksOf(thrown) : []),
  ];
  await shell.stderr.write(`${lines.join("\n")}\n`);
}

/** Tells programs what stopped the run. */
export function errorDocument(failure: Failure): ErrorDocument {
  const { message, hint, details } = toldOf(failure);
  return { schemaVersion: 1, error: { code: failure.code, message, hint, details } };
}

/** Read from the words as they are, because an argument list that cannot be parsed may ask for it, too. */
function isVerbose(argv: readonly string[]): boolean {
  return argv.includes("-v") || argv.includes("--verbose");
}

function stacksOf(thrown: unknown): string[] {
  const chain: Error[] = [];
  for (let error = thrown; error instanceof Error && !chain.includes(error); error = error.cause) {
    chain.push(error);
  }
  const lines = chain.flatMap((error) => (error.stack ?? String(error)).split("\n"));
  return lines.map((line) => `  ${printable(concealText(line))}`);
}
