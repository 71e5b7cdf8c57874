import type { Command } from "commander";
import type { Report } from "./deliver.ts";
import type { Tier } from "../core/model/risk.ts";
import { addCommonOptions, equalityHelp, examplesHelp, exitCodeHelp, namesOption } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Progress } from "./progress.ts";
import { runAndDeliver } from "./run-and-deliver.ts";
import { addReadOptions } from "./read-options.ts";
import { explainCommand, nextScan, type ScanFlags } from "./scan-flags.ts";
import { scanRequest } from "./scan-request.ts";
import type { Shell } from "./shell.ts";
import { usageError } from "./usage-error.ts";

/** Adds `drift scan` to the program. `onExit` gets the exit code. */
export function addScanCommand(
  program: Command,
  shell: Shell,
  pipelines: Pipelines,
  onExit: (exitCode: number) => void,
): void {
  const command = program
    .command("scan")
    .summary("compare the overlays of a Git repository with the live mesh")
    .description(
      "Renders the overlays of one Git commit, reads the live side, compares the two by meaning and reports the drift.",
    )
    .addOption(namesOption("-t, --target <name...>", "report about these targets only", "all"))
    .addOption(
      namesOption("--tolerate-unknown <targets>", "these may be unknown without exit code 2", "none"),
    )
    .addOption(
      namesOption("-n, --namespace <name...>", "compare what stands in these namespaces only", "all"),
    );
  addReadOptions(command)
    .option(
      "--fail-on <tier>",
      "exit with 1 only for drift of this tier or a worse one (tier0 is the worst)",
      parseTier,
    )
    .option("--show-hidden", "list what rules and exemptions hide");
  addCommonOptions(command)
    .addHelpText("after", helpOf(shell.name))
    .action(async (flags: ScanFlags) => {
      onExit(await runScanCommand(flags, shell, pipelines));
    });
}

function helpOf(name: string): string {
  return `
${equalityHelp}
${exitCodeHelp}
${examplesHelp([
  [`${name} scan`, "every target of drift.yaml"],
  [`${name} scan -t prod-eu1 -o text -o json=drift.json`, "one target, for people and for programs"],
  [`${name} scan -t prod-eu1 --context eu1 -n shop`, "one namespace of a kubeconfig's context"],
  [`${name} scan --tolerate-unknown staging`, "a target that may be away"],
  [`${name} scan --allow-stale 1h`, "go on with the last fetch if Git is away"],
])}`;
}

async function runScanCommand(flags: ScanFlags, shell: Shell, pipelines: Pipelines): Promise<number> {
  const work = async (progress: Progress): Promise<Report> => {
    const result = await pipelines.scan(await scanRequest(flags, shell, progress));
    const [{ renderText }, { renderJson }] = await Promise.all([
      import("../report/render-text.ts"),
      import("../report/json.ts"),
    ]);
    return {
      inFormat: (format, options) => (format === "json" ? renderJson(result) : renderText(result, options)),
      exitCode: result.exitCode,
      next: nextScan(shell.name, flags),
      explain: explainCommand(shell.name, flags),
    };
  };
  return runAndDeliver(work, flags, shell);
}

const tiers = { tier0: 0, tier1: 1, tier2: 2, tier3: 3 } as const;

function parseTier(value: string): Tier {
  const found = Object.entries(tiers).find(([name]) => name === value);
  if (found === undefined)
    throw usageError("--fail-on", value, `expected one of ${Object.keys(tiers).join(", ")}`);
  return found[1];
}
