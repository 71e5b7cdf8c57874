import { concealText } from "../core/text/conceal-text.ts";
import { printable } from "../core/text/escape.ts";
import type { Shell } from "./shell.ts";

/** What people are told while they wait, on standard error. */
export interface Progress {
  /** Puts what is being done in the place of what was being done. */
  readonly show: (text: string) => void;
  /** Something that a person should know but that stops nothing. Stays. */
  readonly warn: (text: string) => void;
  /** Leaves an empty line. To be awaited before a report or an error is written. */
  readonly clear: () => Promise<void>;
}

const eraseLine = "\r\u001b[2K";

/**
 * Shows progress on a terminal only: never in pipes, in CI or on a dumb terminal. Asked to be quiet, neither progress
 * nor warnings.
 */
export function createProgress(shell: Shell, isQuiet: boolean): Progress {
  const { stderr, env } = shell;
  const isShown = stderr.isTerminal && !isQuiet && (env["CI"] ?? "") === "" && env["TERM"] !== "dumb";
  const erase = isShown ? eraseLine : "";
  let written = Promise.resolve();
  const write = (text: string): void => {
    if (text !== "") written = written.then(() => stderr.write(text));
  };
  return {
    show: (text) => {
      // One column less: a full line would wrap, and only its last row could be erased.
      const width = (stderr.columns ?? 80) - 1;
      const line = printable(concealText(text));
      if (isShown) write(`${erase}${line.length > width ? `${line.slice(0, width - 3)}...` : line}`);
    },
    warn: (text) => {
      if (!isQuiet) write(`${erase}drift: warning: ${printable(concealText(text))}\n`);
    },
    clear: () => {
      write(erase);
      return written;
    },
  };
}
