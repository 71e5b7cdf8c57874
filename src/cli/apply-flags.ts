import type { ClusterConfig, Config, LiveConfig, TargetConfig } from "../config/config.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import { DriftError } from "../lib/errors.ts";

/** Flags of a scan that take the place of something in the configuration. */
export interface OverridingFlags {
  readonly equality?: EqualitySetting;
  /** In milliseconds. */
  readonly allowStale?: number;
  readonly context?: string;
  /** An absolute path. */
  readonly kubeconfig?: string;
}

/** The configuration with the flags worked in. Throws USAGE for a flag that would mean nothing, or too much. */
export function applyFlags(config: Config, targets: readonly TargetConfig[], flags: OverridingFlags): Config {
  const { allowStale, equality } = flags;
  return {
    ...config,
    clusters: withLive(config, targets, flags),
    targets: config.targets.map((target) => withStale(target, allowStale)),
    compare: { ...config.compare, equality: equality ?? config.compare.equality },
  };
}

function withStale(target: TargetConfig, allowStaleMs: number | undefined): TargetConfig {
  if (allowStaleMs === undefined) return target;
  return { ...target, repository: { ...target.repository, allowStaleMs } };
}

function withLive(
  config: Config,
  targets: readonly TargetConfig[],
  { context, kubeconfig }: OverridingFlags,
): Config["clusters"] {
  if (context !== undefined) return withContext(config, targets, { context, kubeconfig });
  if (kubeconfig === undefined) return config.clusters;
  const names = clusterNames(targets);
  const clusters = [...config.clusters.values()].filter(({ live }) => live.type === "context");
  if (!clusters.some(({ name }) => names.includes(name))) {
    throw new DriftError("USAGE", "--kubeconfig: no cluster of the targets is read by a context", {
      hint: "Add --context, or write `context:` for the cluster.",
    });
  }
  return replaced(config, clusters, (live) => ({ ...live, kubeconfig }));
}

/** One context for several clusters would compare them all with the wrong one. */
function withContext(
  config: Config,
  targets: readonly TargetConfig[],
  { context, kubeconfig }: { readonly context: string; readonly kubeconfig: string | undefined },
): Config["clusters"] {
  const names = clusterNames(targets);
  if (names.length > 1) {
    const message = `--context ${JSON.stringify(context)}: the targets are on several clusters (${names.join(", ")})`;
    throw new DriftError("USAGE", message, { hint: "Name targets of one cluster with --target." });
  }
  const clusters = [...config.clusters.values()].filter(({ name }) => names.includes(name));
  return replaced(config, clusters, (live) => {
    const known = live.type === "context" ? live.kubeconfig : undefined;
    const file = kubeconfig ?? known;
    return { type: "context", context, ...(file !== undefined && { kubeconfig: file }) };
  });
}

function clusterNames(targets: readonly TargetConfig[]): readonly string[] {
  return [...new Set(targets.map(({ cluster }) => cluster))];
}

function replaced(
  config: Config,
  clusters: readonly ClusterConfig[],
  change: (live: LiveConfig) => LiveConfig,
): Config["clusters"] {
  return new Map(
    [...config.clusters].map(([name, cluster]) => [
      name,
      clusters.includes(cluster) ? { ...cluster, live: change(cluster.live) } : cluster,
    ]),
  );
}
