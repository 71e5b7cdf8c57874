import path from "node:path";
import type { Config, TargetConfig } from "../config/config.ts";
import { didYouMean } from "../core/model/closest.ts";
import { namespacePattern } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";
import { applyFlags } from "./apply-flags.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { ScanRequest } from "./pipelines.ts";
import type { Progress } from "./progress.ts";
import type { ScanFlags } from "./scan-flags.ts";
import type { Shell } from "./shell.ts";
import { stateFile } from "./state-file.ts";
import { usageError } from "./usage-error.ts";

/** The flags that say what is scanned, and how. */
export type RequestFlags = Omit<ScanFlags, "output" | "color" | "width" | "quiet" | "verbose">;

/** The scan that the flags ask for. Throws what loading the configuration throws, and USAGE for names it does not have. */
export async function scanRequest(
  flags: RequestFlags,
  shell: Shell,
  progress: Progress,
): Promise<ScanRequest> {
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
  const cache = cacheFolder(flags.cacheDir, shell);
  const file = typeof flags.state === "string" ? flags.state : undefined;
  const state = flags.state === false ? undefined : stateFile(file, config, shell, progress.warn);
  return {
    config: applied,
    targets: applied.targets.filter(isSelected),
    ...(namespaces !== undefined && { namespaces }),
    env: shell.env,
    homeFolder: () => shell.homeFolder,
    ...(requestTimeout !== undefined && requestTimeout > 0 && { requestTimeoutMs: requestTimeout }),
    allowInsecure: flags.insecureSkipTlsVerify === true,
    tolerated: checkNames(flags.tolerateUnknown, "--tolerate-unknown", config),
    cacheFolder: cache,
    useCache: flags.cache,
    ...(state !== undefined && { stateFile: state }),
    ...(flags.failOn !== undefined && { failOn: flags.failOn }),
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
