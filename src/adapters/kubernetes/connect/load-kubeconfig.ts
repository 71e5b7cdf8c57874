import path from "node:path";
import { DriftError, messageOf } from "../../../lib/errors.ts";
import type { ConnectOptions } from "./access.ts";
import type { Entry } from "./entry-reader.ts";
import { type Kubeconfig, readKubeconfig } from "./kubeconfig-file.ts";

/** Where kubeconfigs were looked for and what they say together; `files` are those that exist. */
export interface LoadedKubeconfig {
  readonly config: Kubeconfig;
  readonly files: readonly string[];
  /** Fit to follow "there is no kubeconfig: ". */
  readonly lookedFor: string;
}

/**
 * Reads the kubeconfigs as kubectl does: `file` alone, which must exist; else the files of KUBECONFIG that exist; else
 * ~/.kube/config. Of several files the first that defines a name, or the current context, wins.
 * Throws KUBECONFIG_NOT_FOUND for `file`, KUBECONFIG_INVALID for any file that cannot be read.
 */
export async function loadKubeconfig(
  file: string | undefined,
  options: Pick<ConnectOptions, "env" | "homeFolder">,
): Promise<LoadedKubeconfig> {
  if (file !== undefined) {
    const config = await readKubeconfig(path.resolve(file));
    if (config !== undefined) return { config, files: [file], lookedFor: `looked for ${file}` };
    throw new DriftError("KUBECONFIG_NOT_FOUND", `there is no file ${file}`, {
      hint: homeHint(file) ?? "Check the path of the kubeconfig.",
    });
  }
  const { candidates, lookedFor } = listCandidates(options);
  const files: string[] = [];
  const configs: Kubeconfig[] = [];
  for (const candidate of candidates) {
    const config = await readKubeconfig(candidate);
    if (config === undefined) continue;
    files.push(candidate);
    configs.push(config);
  }
  return { config: merge(configs), files, lookedFor };
}

/** What is wrong with paths as a shell would read them; undefined where that is not it. */
export function homeHint(paths: string): string | undefined {
  return /\/~[^/]*\//.test(paths)
    ? "Write the whole path: ~ is taken for the name of a folder here."
    : undefined;
}

interface Candidates {
  readonly candidates: readonly string[];
  readonly lookedFor: string;
}

function listCandidates({ env, homeFolder }: Pick<ConnectOptions, "env" | "homeFolder">): Candidates {
  const variable = env["KUBECONFIG"] ?? "";
  const named = variable.split(path.delimiter).filter((name) => name !== "");
  if (variable !== "") {
    const candidates = [...new Set(named.map((name) => path.resolve(name)))];
    if (candidates.length === 0) return { candidates, lookedFor: "KUBECONFIG is set and names no file" };
    return { candidates, lookedFor: `looked for ${candidates.join(", ")} (KUBECONFIG)` };
  }
  try {
    const standard = path.join(homeFolder(), ".kube", "config");
    return { candidates: [standard], lookedFor: `looked for ${standard}` };
  } catch (error) {
    const why = `there is no home folder (${messageOf(error)})`;
    return { candidates: [], lookedFor: `looked for ~/.kube/config, but ${why}` };
  }
}

function merge(configs: readonly Kubeconfig[]): Kubeconfig {
  const currentContext = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    ...(currentContext === undefined ? {} : { currentContext }),
    clusters: firstOfEach(configs.map(({ clusters }) => clusters)),
    users: firstOfEach(configs.map(({ users }) => users)),
    contexts: firstOfEach(configs.map(({ contexts }) => contexts)),
  };
}

function firstOfEach(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}
