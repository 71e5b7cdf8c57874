import type { Command } from "commander";
import path from "node:path";
import { didYouMean } from "../core/model/closest.ts";
import type { Config, TargetConfig } from "../config/config.ts";
import { namespacePattern } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";
import { applyFlags } from "./apply-flags.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { Report } from "./deliver.ts";
import {
  addCommonOptions,
  durationParser,
  equalityHelp,
  examplesHelp,
  exitCodeHelp,
  liveParser,
  namesOption,
  timeoutParser,
} from "./options.ts";
import type { Pipelines, ScanRequest } from "./pipelines.ts";
import type { Progress } from "./progress.ts";
import { runAndDeliver } from "./run-and-deliver.ts";
import { nextScan, type ScanFlags } from "./scan-flags.ts";
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
    .option("-c, --config <file>", "configuration (default: drift.yaml or .drift/config.yaml, here or above)")
    .addOption(namesOption("-t, --target <name...>", "report about these targets only", "all"))
    .addOption(
      namesOption("--tolerate-unknown <targets>", "these may be unknown without exit code 2", "none"),
    )
    .option(
      "--allow-stale <duration>",
      "use the last fetch up to this age if the remote is away",
      durationParser("--allow-stale"),
    )
    .addOption(
      namesOption("-n, --namespace <name...>", "compare what stands in these namespaces only", "all"),
    )
    .option(
      "--context <name>",
      "read the live side from this context of the kubeconfig",
      liveParser("--context", "the name of a context"),
    )
    .option(
      "--kubeconfig <file>",
      "the kubeconfig of the contexts (default: KUBECONFIG, ~/.kube/config)",
      liveParser("--kubeconfig", "the path of a kubeconfig"),
    )
    .option(
      "--request-timeout <duration>",
      "the longest one request to an API server may take (0: the limits of drift)",
      timeoutParser("--request-timeout"),
    )
    .option("--insecure-skip-tls-verify", "accept kubeconfigs that do not check the server's certificate")
    .option("--cache-dir <folder>", "where mirrors and renders are kept (or DRIFT_CACHE_DIR)")
    .option("--no-cache", "do not use the renders of earlier runs");
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
    const result = await pipelines.scan(await toRequest(flags, shell, progress));
    const [{ renderText }, { renderJson }] = await Promise.all([
      import("../report/render-text.ts"),
      import("../report/json.ts"),
    ]);
    return {
      inFormat: (format, options) => (format === "json" ? renderJson(result) : renderText(result, options)),
      exitCode: result.exitCode,
      next: nextScan(shell.name, flags),
    };
  };
  return runAndDeliver(work, flags, shell);
}

async function toRequest(flags: ScanFlags, shell: Shell, progress: Progress): Promise<ScanRequest> {
  const { loadConfig } = await import("../config/load.ts");
  const { config, warnings } = await loadConfig(shell.cwd, flags.config);
  for (const warning of warnings) progress.warn(warning);
  const selected = checkNames(flags.target, "--target", config);
  const isSelected = ({ name }: TargetConfig): boolean => selected.length === 0 || selected.includes(name);
  const { kubeconfig, requestTimeout } = flags;
  const applied = applyFlags(config, config.targets.filter(isSelected), {
    ...flags,
    ...(kubeconfig !== undefined && { kubeconfig: path.resolve(shell.cwd, kubeconfig) }),
  });
  const namespaces = checkNamespaces(flags.namespace);
  return {
    config: applied,
    targets: applied.targets.filter(isSelected),
    ...(namespaces !== undefined && { namespaces }),
    env: shell.env,
    homeFolder: () => shell.homeFolder,
    ...(requestTimeout !== undefined && requestTimeout > 0 && { requestTimeoutMs: requestTimeout }),
    allowInsecure: flags.insecureSkipTlsVerify === true,
    tolerated: checkNames(flags.tolerateUnknown, "--tolerate-unknown", config),
    cacheFolder: cacheFolder(flags.cacheDir, shell),
    useCache: flags.cache,
    showEqual: flags.showEqual === true,
    version: shell.version,
    now: shell.now,
    onProgress: progress.show,
    onWarning: progress.warn,
  };
}

/** The names in the order of the configuration, each once. Throws USAGE for one that no target of the configuration has. */
function checkNames(names: readonly string[], flag: string, config: Config): readonly string[] {
  const known = config.targets.map((target) => target.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const message = `${flag}: there is no target ${JSON.stringify(unknown)}${didYouMean(unknown, known)}`;
    throw new DriftError("USAGE", message, { hint: `The targets are ${known.join(", ")}.` });
  }
  return known.filter((name) => names.includes(name));
}

/** The namespaces, each once; undefined where none is named. Throws USAGE for what cannot be the name of one. */
function checkNamespaces(names: readonly string[]): readonly string[] | undefined {
  const wrong = names.find((name) => !namespacePattern.test(name));
  if (wrong !== undefined) throw usageError("--namespace", wrong, "expected the name of a namespace");
  return names.length === 0 ? undefined : names;
}
