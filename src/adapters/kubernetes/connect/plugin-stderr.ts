import { printable } from "../../../lib/printable.ts";
import { hideSecrets } from "../secret-shapes.ts";

/** The last three lines that a plugin wrote to standard error: without control characters and what looks secret. */
export function stderrLines(stderrTail: string): readonly string[] {
  const lines = hideSecrets(stderrTail)
    .split("\n")
    .map((line) => printable(line));
  return lines.filter((line) => line !== "").slice(-3);
}
