import type { RemedyStep } from "../core/model/remedy.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { commandLines } from "./command-lines.ts";
import type { Page } from "./page.ts";

/** What holds for every command that is printed; the context may be a guess. */
export function commandWords(guessedContext: string | undefined): readonly string[] {
  return [
    "--dry-run=server only tries it out, on the API server; without it the command does what it says",
    ...(guessedContext === undefined
      ? []
      : [`${guessedContext} is the name of the cluster in drift.yaml: put your own context in its place`]),
  ];
}

/** One thing to do: what to think of before, and the command that tries it out. */
export function stepLines({ tryOut, warnings }: RemedyStep, indent: string, page: Page): string[] {
  return [
    ...warnings.flatMap((warning) =>
      wrapLabelled(`${indent}! `, wordsOf(printable(warning)), page.width).map(page.paint.doubtful),
    ),
    ...commandLines(tryOut, indent, page.width),
  ];
}
