import type { Choices, EditPlace, KeepEdit } from "../core/model/choices.ts";
import type { CodeOwners } from "../core/model/origin.ts";
import { formatKey, type ResourceKey } from "../core/model/resource.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { commandLines } from "./command-lines.ts";
import type { Page } from "./page.ts";
import { commandWords, stepLines } from "./remedy-lines.ts";

/** What the lines about choices need beside them. */
export interface ChoiceContext {
  readonly key: ResourceKey;
  readonly choices: Choices;
  /** The words of the command that prints an exemption; the key and its flags follow. */
  readonly exempt: readonly string[];
  /** The context that commands name, where it is a guess. */
  readonly guessedContext?: string;
}

const names = { git: "keep Git", edit: "keep the edit", time: "buy time" } as const;
const nameWidth = Math.max(...Object.values(names).map((name) => name.length));
const commandIndent = "      ";

/** The three ways out of a difference, each with the command or the place that it takes. */
export function choiceLines(context: ChoiceContext, page: Page): string[] {
  const { choices } = context;
  return [
    "",
    "  choose one",
    ...keepGitLines(context, page),
    ...keepEditLines(choices.keepEdit, page),
    ...buyTimeLines(context, page),
  ];
}

function lineOf(name: keyof typeof names, text: string, page: Page): string[] {
  return wrapLabelled(`    ${names[name].padEnd(nameWidth)}  `, wordsOf(printable(text)), page.width);
}

function keepGitLines({ choices, guessedContext }: ChoiceContext, page: Page): string[] {
  const { steps, without } = choices.keepGit;
  const [first] = steps;
  if (first === undefined) return lineOf("git", `no command: ${without[0]?.reason ?? "there is none"}`, page);
  return [
    ...lineOf("git", steps.map(({ reason }) => reason).join("; "), page),
    ...steps.flatMap((step) => stepLines(step, commandIndent, page)),
    ...commandWords(guessedContext).flatMap((text) =>
      wrapLabelled(commandIndent, wordsOf(printable(text)), page.width).map(page.paint.dim),
    ),
  ];
}

function keepEditLines(keep: KeepEdit, page: Page): string[] {
  switch (keep.type) {
    case "not-offered":
      return lineOf("edit", `not offered: ${keep.reason}`, page);
    case "revert":
      return [
        ...lineOf("edit", "live is what Git was: let Git follow, on a branch of a clone", page),
        ...commandLines([keep.command], commandIndent, page.width),
      ];
    case "edit":
      return [
        ...lineOf("edit", `${keep.what}${keep.at.length === 1 ? ` ${placeText(keep.at[0])}` : ""}`, page),
        ...(keep.at.length > 1
          ? keep.at.flatMap((place) => wrapLabelled(commandIndent, wordsOf(placeText(place)), page.width))
          : []),
      ];
  }
}

function placeText(place: EditPlace | undefined): string {
  if (place === undefined) return "";
  return printable(`${place.file}:${place.places.join(", ")}${ownerWords(place.owners)}`);
}

function ownerWords(owners: CodeOwners | undefined): string {
  return owners?.state === "owned" ? `, with ${owners.owners.join(" ")}` : "";
}

function buyTimeLines({ choices, key, exempt }: ChoiceContext, page: Page): string[] {
  const { buyTime } = choices;
  if (buyTime.type === "not-offered") return lineOf("time", `not offered: ${buyTime.reason}`, page);
  const words = [...exempt, formatKey(key), `--until=${buyTime.until}`, "--reason", "why it may stay"];
  return [
    ...lineOf("time", "an exemption with a reason and an end, printed as a patch for the repository", page),
    ...commandLines([words], commandIndent, page.width),
  ];
}
