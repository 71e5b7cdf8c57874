import { type Command, Option } from "commander";
import { didYouMean } from "../core/model/closest.ts";
import type { Finding } from "../core/model/finding.ts";
import { formatFew, formatKey, keyId, type ResourceKey } from "../core/model/resource.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { RemedyReport } from "../report/remedy-text.ts";
import { checkKey } from "./check-key.ts";
import type { Report } from "./deliver.ts";
import { addLookOptions, examplesHelp } from "./options.ts";
import { addOutput, type OutputRequest } from "./outputs.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Progress } from "./progress.ts";
import { addReadOptions } from "./read-options.ts";
import { commandOptions } from "./remedy-options.ts";
import { runAndDeliver } from "./run-and-deliver.ts";
import { sameReads, type ScanFlags } from "./scan-flags.ts";
import { scanRequest } from "./scan-request.ts";
import type { Shell } from "./shell.ts";

type RevertFlags = Omit<ScanFlags, "target" | "namespace" | "tolerateUnknown">;

/** What is to go back, as it was typed. No key means everything that differs. */
interface What {
  readonly target: string;
  readonly keys: readonly string[];
}

/** Adds `drift revert` to the program: it prints commands and runs none. `onExit` gets the exit code. */
export function addRevertCommand(
  program: Command,
  shell: Shell,
  pipelines: Pipelines,
  onExit: (exitCode: number) => void,
): void {
  const command = program
    .command("revert")
    .summary("print the commands that bring live back to Git")
    .description(
      "Scans one target and prints, in safe order, what a person would run to bring its live side back to Git. Runs nothing.",
    )
    .argument("<target>", "the target of the configuration")
    .argument("[key...]", "[namespace/]Kind[.group]/name, as reports have it (default: all that differs)");
  addReadOptions(command).addOption(
    new Option("-o, --output <format>", "text or json, into a file with json=revert.json; may be repeated")
      .argParser(addOutput)
      .default([] satisfies readonly OutputRequest[], "text"),
  );
  addLookOptions(command)
    .option("-q, --quiet", "no progress and no warnings")
    .option("-v, --verbose", "errors with their stack")
    .addHelpText("after", helpOf(shell.name))
    .action(async (target: string, keys: readonly string[], flags: RevertFlags) => {
      onExit(await revert({ target, keys }, flags, shell, pipelines));
    });
}

function helpOf(name: string): string {
  return `
Exit codes:
  0  the commands are printed, or nothing is to be done
  2  something was not compared, or the run failed
  3  usage or configuration error

${examplesHelp([
  [`${name} revert prod-eu1`, "everything that differs, in safe order"],
  [`${name} revert prod-eu1 shop/VirtualService/checkout`, "one object"],
])}`;
}

async function revert(what: What, flags: RevertFlags, shell: Shell, pipelines: Pipelines): Promise<number> {
  const work = async (progress: Progress): Promise<Report> => {
    const keys = await Promise.all(what.keys.map(checkKey));
    const all = { ...flags, target: [what.target], namespace: [], tolerateUnknown: [] };
    const request = await scanRequest(all, shell, progress);
    const result = await pipelines.scan({ ...request, isReadOnly: true });
    const [{ remedyOf }, { renderRemedyText }, { renderRemedyJson }] = await Promise.all([
      import("../core/judge/remedy.ts"),
      import("../report/remedy-text.ts"),
      import("../report/remedy-json.ts"),
    ]);
    const { guessedContext, ...commands } = commandOptions(shell.name, flags, request.config, what.target);
    const report: RemedyReport = {
      target: what.target,
      remedy: remedyOf(pick(result, keys, what.target), commands),
      ...(guessedContext !== undefined && { guessedContext }),
      unchecked: result.summary.unchecked,
      guards: result.targets.flatMap((one) => one.guards),
    };
    const { shellLine } = await import("../core/text/shell-word.ts");
    const again = [...sameReads(shell.name, "revert", flags, what.target), ...what.keys, "-o", "json"];
    return {
      inFormat: (format, options) =>
        format === "json" ? renderRemedyJson(report) : renderRemedyText(report, options),
      exitCode: report.unchecked === 0 ? 0 : 2,
      next: shellLine([again]),
    };
  };
  return runAndDeliver(work, flags, shell);
}

/** The findings that are asked for. Throws USAGE for an object without one. */
function pick({ targets }: ScanResult, keys: readonly ResourceKey[], target: string): readonly Finding[] {
  const findings = targets.flatMap((one) => one.findings.filter(({ type }) => type !== "ineffective"));
  if (keys.length === 0) return findings;
  const lost = keys.find((key) => !findings.some((finding) => keyId(finding.key) === keyId(key)));
  if (lost === undefined) {
    const ids = new Set(keys.map(keyId));
    return findings.filter(({ key }) => ids.has(keyId(key)));
  }
  const known = findings.map(({ key }) => formatKey(key));
  throw new DriftError(
    "USAGE",
    `target ${target} has no finding about ${formatKey(lost)}${didYouMean(formatKey(lost), known)}`,
    {
      hint: known.length === 0 ? "It has none at all." : `It has findings about ${formatFew(known, 5)}.`,
    },
  );
}
