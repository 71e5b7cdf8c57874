import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { didYouMean } from "../core/model/closest.ts";
import { formatKey, keyId, type ResourceKey } from "../core/model/resource.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { ChoiceContext } from "../report/choice-lines.ts";
import type { Report } from "./deliver.ts";
import { checkKey } from "./check-key.ts";
import { addCommonOptions, equalityHelp, examplesHelp, exitCodeHelp } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Progress } from "./progress.ts";
import { quoteWord } from "../core/text/shell-word.ts";
import { addReadOptions } from "./read-options.ts";
import { runAndDeliver } from "./run-and-deliver.ts";
import { commandOptions } from "./remedy-options.ts";
import { explainCommand, sameReads, type ScanFlags } from "./scan-flags.ts";
import { scanRequest } from "./scan-request.ts";
import type { Shell } from "./shell.ts";

/** Adds `drift explain` to the program. `onExit` gets the exit code. */
export function addExplainCommand(
  program: Command,
  shell: Shell,
  pipelines: Pipelines,
  onExit: (exitCode: number) => void,
): void {
  const command = program
    .command("explain")
    .summary("tell all that is known of one object")
    .description(
      "Compares one object of a target, and says of every difference what it does, who made it, when, where Git has it, and what to do.",
    )
    .argument("<target>", "the target of the configuration")
    .argument("<key>", "[namespace/]Kind[.group]/name, as reports have it");
  addReadOptions(command);
  addCommonOptions(command)
    .addHelpText("after", helpOf(shell.name))
    .action(async (target: string, key: string, flags: Omit<ScanFlags, "target">) => {
      onExit(await explain({ target, key }, flags, shell, pipelines));
    });
}

function helpOf(name: string): string {
  return `
${equalityHelp}
${exitCodeHelp}
${examplesHelp([
  [`${name} explain prod-eu1 shop/VirtualService/checkout`, "one object of a target"],
  [`${name} explain prod-eu1 shop/Gateway.networking.istio.io/public`, "of a kind that two groups have"],
])}`;
}

/** What is to be explained, as it was typed. */
interface What {
  readonly target: string;
  readonly key: string;
}

async function explain(
  what: What,
  given: Omit<ScanFlags, "target">,
  shell: Shell,
  pipelines: Pipelines,
): Promise<number> {
  const flags: ScanFlags = { ...given, target: [what.target], namespace: [], tolerateUnknown: [] };
  const work = async (progress: Progress): Promise<Report> => {
    const request = await scanRequest({ ...flags, showEqual: true }, shell, progress);
    const result = await pipelines.scan({ ...request, isReadOnly: true });
    const only = await pick(result, what);
    const [{ renderExplained }, { renderJson }, choices] = await Promise.all([
      import("../report/explain-text.ts"),
      import("../report/json.ts"),
      choicesFor(only.result, what.target, flags, { shell, config: request.config }),
    ]);
    const command = explainCommand(shell.name, flags);
    return {
      inFormat: (format, options) =>
        format === "json"
          ? renderJson(only.result)
          : renderExplained(only.result, only.key, choices, options),
      exitCode: only.result.exitCode,
      next: `${command} ${quoteWord(what.target)} ${quoteWord(what.key)} -o json`,
    };
  };
  return runAndDeliver(work, flags, shell);
}

/** What may be done about each finding of the only target, with the commands in the words of this command line. */
async function choicesFor(
  { targets }: ScanResult,
  name: string,
  flags: ScanFlags,
  { shell, config }: { readonly shell: Shell; readonly config: Config },
): Promise<readonly ChoiceContext[]> {
  const { choicesOf } = await import("../core/judge/choices.ts");
  const { guessedContext, ...commands } = commandOptions(shell.name, flags, config, name);
  const exempt = sameReads(shell.name, "exempt", flags, name);
  return targets.flatMap(({ findings, overlay }) =>
    findings.flatMap((finding): readonly ChoiceContext[] => {
      const choices = choicesOf(finding, {
        ...commands,
        target: name,
        ...(overlay !== undefined && { overlay }),
        limits: config.judging.exemptions,
        nowMs: shell.now().getTime(),
      });
      if (choices === undefined) return [];
      return [{ key: finding.key, choices, exempt, ...(guessedContext !== undefined && { guessedContext }) }];
    }),
  );
}

/** What the result says of the object. Throws USAGE where it speaks of no such object. */
async function pick(
  result: ScanResult,
  what: What,
): Promise<{ readonly result: ScanResult; readonly key: ResourceKey }> {
  const [{ keysOf, onlyObject }, key] = await Promise.all([
    import("../core/judge/only-object.ts"),
    checkKey(what.key),
  ]);
  const [target] = result.targets;
  const keys = target === undefined ? [] : keysOf(target);
  // Of what could not be read nobody knows whether the object is in there: that is told, and no mistake of the user.
  const isOpen = target?.unchecked.some((one) => one.key === undefined) === true;
  const isKnown = keys.some((other) => keyId(other) === keyId(key));
  if (target !== undefined && (isKnown || isOpen)) return { result: onlyObject(result, target, key), key };
  throw unknownKey(what, keys);
}

function unknownKey({ target, key }: What, keys: readonly ResourceKey[]): DriftError {
  const near = didYouMean(key, keys.map(formatKey));
  return new DriftError("USAGE", `target ${target} has no ${key}${near}, neither in Git nor in its scope`, {
    hint: "Reports have the keys of objects as this command takes them.",
  });
}
