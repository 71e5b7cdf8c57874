import type { Remedy } from "../core/model/remedy.ts";
import type { Guard } from "../core/model/state.ts";
import { formatKey } from "../core/model/resource.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { guardLines } from "./judging-lines.ts";
import { openPage, type Page, type TextOptions } from "./page.ts";
import { commandWords, stepLines } from "./remedy-lines.ts";
import { count } from "./words.ts";

/** A remedy with what it is about. */
export interface RemedyReport {
  readonly target: string;
  readonly remedy: Remedy;
  /** The context that the commands name, where it is a guess: the name of the cluster. */
  readonly guessedContext?: string;
  /** How many things were not compared: nobody knows whether they need a command. */
  readonly unchecked: number;
  /** Why what differs is more likely an accident than drift. */
  readonly guards: readonly Guard[];
}

/** The commands that bring a target back to Git, for people: in the order in which to run them. */
export function renderRemedyText(report: RemedyReport, options: TextOptions): string {
  const page = openPage(options);
  const { steps, without } = report.remedy;
  const lines = [
    ...headLines(report, page),
    ...steps.flatMap((step, index) => {
      const head = `${String(index + 1)}  ${page.paint.strong(printable(formatKey(step.key)))}`;
      return ["", `${head}  ${page.paint.dim(printable(step.reason))}`, ...stepLines(step, "   ", page)];
    }),
    ...(without.length === 0 ? [] : ["", "without a command"]),
    ...without.flatMap(({ key, reason }) =>
      wrapLabelled("   ", wordsOf(printable(`${formatKey(key)}: ${reason}`)), page.width),
    ),
    "",
    page.paint.dim(`as JSON: ${options.next}`),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines(
  { target, remedy, guessedContext, unchecked, guards }: RemedyReport,
  page: Page,
): string[] {
  const say = (text: string) => wrapLabelled("", wordsOf(printable(text)), page.width);
  const { steps } = remedy;
  const head =
    steps.length === 0
      ? `${target}: there is nothing to run`
      : `${target} goes back to Git by ${count(steps.length, "command")}, in this order. drift itself runs none.`;
  return [
    ...say(head),
    ...(steps.length === 0 ? [] : commandWords(guessedContext).flatMap((text) => say(`${text}.`))),
    ...(unchecked === 0
      ? []
      : say(`not compared: ${String(unchecked)} (see drift scan)`).map(page.paint.doubtful)),
    ...guardLines(guards, page),
  ];
}
