import { type Command, Option } from "commander";
import type { RuleBook } from "../core/model/rule.ts";
import { wantsColour } from "./colour.ts";
import { addLookOptions, examplesHelp, type LookFlags } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Shell } from "./shell.ts";

type RulesFormat = "text" | "json" | "markdown";

interface RulesFlags extends LookFlags {
  readonly explain?: string;
  readonly output: RulesFormat;
}

const example = "VirtualService.spec.http.timeout";

/** Adds `drift rules` to the program: what is treated as equal, and why. */
export function addRulesCommand(program: Command, shell: Shell, pipelines: Pipelines): void {
  const command = program
    .command("rules")
    .summary("list the rules by which two spellings mean the same")
    .description(
      "Lists every rule about equality by kind; --explain shows some with their reasons and sources.",
    )
    .option("--explain <kind[.path]>", "the rules of one kind, or of one of its fields, in full")
    .addOption(
      new Option("-o, --output <format>", "the format on standard output")
        .choices(["text", "json", "markdown"])
        .default("text"),
    );
  addLookOptions(command)
    .addHelpText(
      "after",
      `\n${examplesHelp([
        [`${shell.name} rules`, "all of them, a line each"],
        [`${shell.name} rules --explain ${example}`, "one field"],
        [`${shell.name} rules --explain Sidecar -o json`, "one kind, for programs"],
      ])}`,
    )
    .action(async (flags: RulesFlags) => {
      const book = await pipelines.rules(flags.explain);
      await shell.stdout.write(await render(book, flags, shell));
    });
}

async function render(book: RuleBook, flags: RulesFlags, shell: Shell): Promise<string> {
  const { explain, output } = flags;
  if (output === "json") return `${JSON.stringify(book, null, 2)}\n`;
  if (output === "markdown") return (await import("../report/rules-markdown.ts")).renderRulesMarkdown(book);
  const { renderExplained, renderRules } = await import("../report/rules-text.ts");
  const { stdout, env, now } = shell;
  const options = {
    colour: wantsColour(flags.color, env, stdout.isTerminal),
    width: flags.width ?? stdout.columns ?? 100,
    now: now(),
    details: false,
    wide: false,
    next: `${shell.name} rules --explain ${example}`,
  };
  return explain === undefined ? renderRules(book, options) : renderExplained(book, options);
}
