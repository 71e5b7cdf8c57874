import type { Command } from "commander";
import type { IstioConfig } from "../config/config.ts";
import { quoteWord } from "../core/text/shell-word.ts";
import { DriftError } from "../lib/errors.ts";
import type { Report } from "./deliver.ts";
import { addCommonOptions, type CommonFlags, equalityHelp, examplesHelp, exitCodeHelp } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import { flagWords } from "./quote.ts";
import { runAndDeliver } from "./run-and-deliver.ts";
import type { Shell } from "./shell.ts";

interface DiffFlags extends CommonFlags {
  readonly istioVersion?: string;
  readonly domain?: string;
  readonly rootNamespace?: string;
  readonly sharedMeshConfig?: string;
}

/** The two sides, as they were typed. */
interface Sides {
  readonly desired: string;
  readonly live: string;
}

/** Adds `drift diff` to the program. `onExit` gets the exit code. */
export function addDiffCommand(
  program: Command,
  shell: Shell,
  pipelines: Pipelines,
  onExit: (exitCode: number) => void,
): void {
  const command = program
    .command("diff")
    .summary("compare two files or folders of mesh resources, without Git or a cluster")
    .description(
      "Compares mesh resources of two files or folders (YAML or JSON) by meaning; one may be - for standard input.",
    )
    .argument("<git-side>", "what should be")
    .argument("<live-side>", "what is")
    .option("--istio-version <version>", "the version of Istio the live side runs")
    .option("--domain <domain>", "the cluster domain (default: cluster.local)")
    .option(
      "--root-namespace <namespace>",
      "the namespace of mesh-wide configuration (default: istio-system)",
    )
    .option("--shared-mesh-config <name>", "the ConfigMap with the shared mesh configuration");
  addCommonOptions(command)
    .addHelpText("after", helpOf(shell.name))
    .action(async (desired: string, live: string, flags: DiffFlags) => {
      onExit(await runDiffCommand({ desired, live }, flags, shell, pipelines));
    });
}

function helpOf(name: string): string {
  return `
${equalityHelp}
${exitCodeHelp}
${examplesHelp([
  [`${name} diff rendered.yaml live.yaml`, "two files"],
  [`kubectl kustomize overlays/prod | ${name} diff - live/`, "a stream and a folder"],
  [`${name} diff git/ live/ --equality strict -o json`, "as written, for programs"],
])}`;
}

async function runDiffCommand(
  sides: Sides,
  flags: DiffFlags,
  shell: Shell,
  pipelines: Pipelines,
): Promise<number> {
  if (sides.desired === "-" && sides.live === "-") {
    throw new DriftError("USAGE", "both sides are standard input", {
      hint: "Name a file or folder for one of them.",
    });
  }
  const equality = flags.equality ?? "istio";
  const work = async (): Promise<Report> => {
    const { version } = shell;
    const showEqual = flags.showEqual === true;
    const result = await pipelines.diff({ ...sides, equality, showEqual, istio: toIstio(flags), version });
    const [{ renderDiffText }, { renderDiffJson }] = await Promise.all([
      import("../report/render-text.ts"),
      import("../report/json.ts"),
    ]);
    return {
      inFormat: (format, options) =>
        format === "json" ? renderDiffJson(result) : renderDiffText(result, options),
      exitCode: result.exitCode,
      next: nextDiff(shell.name, sides, flags),
    };
  };
  return runAndDeliver(work, flags, shell);
}

/** The command that comes to the same result and prints it as JSON. */
function nextDiff(name: string, { desired, live }: Sides, flags: DiffFlags): string {
  const words = flagWords({
    "--equality": flags.equality,
    "--show-equal": flags.showEqual,
    "--istio-version": flags.istioVersion,
    "--domain": flags.domain,
    "--root-namespace": flags.rootNamespace,
    "--shared-mesh-config": flags.sharedMeshConfig,
  });
  return `${name} diff ${quoteWord(desired)} ${quoteWord(live)}${words} -o json`;
}

function toIstio({ istioVersion, domain, rootNamespace, sharedMeshConfig }: DiffFlags): IstioConfig {
  return {
    ...(istioVersion !== undefined && { version: istioVersion }),
    ...(domain !== undefined && { domain }),
    ...(rootNamespace !== undefined && { rootNamespace }),
    ...(sharedMeshConfig !== undefined && { sharedMeshConfig }),
  };
}
