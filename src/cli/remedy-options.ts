import type { ClusterConfig, Config } from "../config/config.ts";
import { formatKey, type ResourceKey } from "../core/model/resource.ts";
import { renderCommand, type ReadFlags } from "./scan-flags.ts";

/** What commands for a cluster need to know. */
export interface CommandOptions {
  readonly context: string;
  readonly kubeconfig?: string;
  readonly printDesired: (key: ResourceKey) => readonly string[];
  /** The context again, where it is only the name of the cluster: drift reads it in another way. */
  readonly guessedContext?: string;
}

/** How people reach the cluster of a target, and print what Git wants of it. */
export function commandOptions(
  name: string,
  flags: ReadFlags,
  config: Config,
  target: string,
): CommandOptions {
  const cluster = config.targets.find((one) => one.name === target)?.cluster ?? "";
  const printed = renderCommand(name, flags, target);
  return {
    ...accessOf(cluster, config.clusters.get(cluster)?.live),
    printDesired: (key) => [...printed, formatKey(key)],
  };
}

function accessOf(
  name: string,
  live: ClusterConfig["live"] | undefined,
): Omit<CommandOptions, "printDesired"> {
  if (live?.type !== "context" || live.context === "") return { context: name, guessedContext: name };
  const { context, kubeconfig } = live;
  return { context, ...(kubeconfig !== undefined && { kubeconfig }) };
}
