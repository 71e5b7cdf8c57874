import { shellLine } from "../core/text/shell-word.ts";
import type { RemedyReport } from "./remedy-text.ts";

/** The same for programs; a command is one line of a POSIX shell. Described by schema/remedy.schema.json. */
export function renderRemedyJson({
  target,
  remedy,
  guessedContext,
  unchecked,
  guards,
}: RemedyReport): string {
  const document = {
    schemaVersion: 1,
    target,
    unchecked,
    guards,
    ...(guessedContext !== undefined && { guessedContext }),
    steps: remedy.steps.map(({ key, reason, warnings, tryOut, run }) => ({
      key,
      reason,
      warnings,
      tryOut: shellLine(tryOut),
      run: shellLine(run),
    })),
    without: remedy.without,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
