import type { ClusterConfig, Config, TargetConfig } from "../config/config.ts";
import { judgeCluster, type TargetJudgement } from "../core/judge/judge-cluster.ts";
import type { TargetSide } from "../core/judge/side.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { LivePort, LiveRead } from "../ports/live.ts";
import type { Render, RendererPort } from "../ports/renderer.ts";
import type { Checkout, SourcePort } from "../ports/source.ts";
import { assembleResult, type ScannedTarget } from "./assemble.ts";
import { meshOptions } from "./mesh-options.ts";

/** What a scan needs of the world. */
export interface ScanPorts {
  readonly source: SourcePort;
  readonly renderer: RendererPort;
  /** The live side of a cluster. */
  readonly live: (cluster: ClusterConfig) => LivePort;
}

/** One step of progress, for people who wait. */
export interface ScanProgress {
  readonly stage: "fetch" | "render";
  readonly done: number;
  readonly total: number;
}

export interface ScanOptions {
  /** Names of targets to report; absent: all. The others of their clusters are still rendered: `extra` needs them. */
  readonly targets?: readonly string[];
  /** Overrides the configuration. */
  readonly equality?: EqualitySetting;
  /** Targets that may be unknown without exit code 2. */
  readonly tolerated: readonly string[];
  readonly now: () => Date;
  /** For fingerprints of values that may not be shown. */
  readonly fingerprintKey: string;
  /** Of this tool. */
  readonly version: string;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/**
 * The main job: Git and live to a verdict for each target. Throws DriftError where nothing can be said at all (no
 * repository, no such revision); what fails for one overlay, cluster, kind or object is `unchecked` in the result.
 */
export async function runScan(config: Config, ports: ScanPorts, options: ScanOptions): Promise<ScanResult> {
  const startedAt = options.now();
  const chosen = chooseTargets(config, options.targets);
  const clusters = [...config.clusters.values()].filter(({ name }) =>
    chosen.some(({ cluster }) => cluster === name),
  );
  const neighbours = config.targets.filter(({ cluster }) => clusters.some(({ name }) => name === cluster));
  const opening = ports.source.checkout({ ...config.repository, repository: config.repository.url });
  ports.renderer.prepare(neighbours.map(({ overlay }) => overlay));
  const readings = Promise.all(clusters.map((cluster) => readLive(ports.live(cluster), options.now())));
  // Waited for below; a failing checkout must not leave it unheard.
  readings.catch(() => undefined);
  const checkout = await opening;
  try {
    options.onProgress?.({ stage: "fetch", done: 1, total: 1 });
    const renders = await renderAll(neighbours, checkout, ports.renderer, options);
    const lives = await readings;
    const equality = options.equality ?? config.compare.equality;
    const scanned = clusters.flatMap((cluster, index): readonly ScannedTarget[] => {
      const live = lives[index];
      if (live === undefined) return [];
      const targets = neighbours.filter((target) => target.cluster === cluster.name);
      const judgements = judge(targets, cluster, live, {
        renders,
        equality,
        metadata: config.compare.metadata,
      });
      return targets.flatMap((target) => {
        const judgement = judgements.get(target.name);
        const render = renders.get(target.name);
        if (judgement === undefined || render === undefined || !chosen.includes(target)) return [];
        return [{ target, live, judgement, warnings: render.type === "rendered" ? render.warnings : [] }];
      });
    });
    return await assembleResult(scanned, checkout, {
      ...options,
      startedAt,
      equality,
      kustomize: ports.renderer.version,
    });
  } finally {
    await checkout.close();
  }
}

function chooseTargets(config: Config, names: readonly string[] | undefined): readonly TargetConfig[] {
  if (names === undefined || names.length === 0) return config.targets;
  const unknown = names.filter((name) => !config.targets.some((target) => target.name === name));
  if (unknown.length === 0) return config.targets.filter((target) => names.includes(target.name));
  throw new DriftError("USAGE", `no target is called ${unknown.join(", ")}`, {
    hint: `Targets of ${config.path}: ${config.targets.map((target) => target.name).join(", ")}.`,
  });
}

/** A live side that cannot be read at all is one thing unchecked for each of its targets, not the end of the scan. */
async function readLive(port: LivePort, now: Date): Promise<LiveRead> {
  try {
    return await port.read(meshKinds, now);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    const unchecked = { what: "the live side", code: error.code, reason: error.message, hint: error.hint };
    return {
      resources: [],
      unchecked: [unchecked],
      isComplete: () => false,
      source: "",
      asOf: now.toISOString(),
    };
  }
}

async function renderAll(
  targets: readonly TargetConfig[],
  checkout: Checkout,
  renderer: RendererPort,
  options: ScanOptions,
): Promise<ReadonlyMap<string, Render>> {
  let done = 0;
  const renders = targets.map(async (target) => {
    const render = await renderer.render(checkout, target.overlay);
    done += 1;
    options.onProgress?.({ stage: "render", done, total: targets.length });
    return [target.name, render] as const;
  });
  return new Map(await Promise.all(renders));
}

function judge(
  targets: readonly TargetConfig[],
  cluster: ClusterConfig,
  live: LiveRead,
  how: {
    renders: ReadonlyMap<string, Render>;
    equality: EqualitySetting;
    metadata: Config["compare"]["metadata"];
  },
): ReadonlyMap<string, TargetJudgement> {
  return judgeCluster(
    targets.map((target) => toSide(target, how.renders.get(target.name))),
    live,
    {
      equality: how.equality,
      metadata: how.metadata,
      ...meshOptions(cluster.istio),
    },
  );
}

function toSide(target: TargetConfig, render: Render | undefined): TargetSide {
  const { name } = target;
  const scopeNamespaces = target.scope.namespaces;
  if (render?.type === "rendered") {
    return { name, scopeNamespaces, desired: { type: "rendered", resources: render.resources } };
  }
  const { code, reason, hint } = render ?? { code: "RENDER_FAILED", reason: "it was not rendered", hint: "" };
  const what = `overlay ${target.overlay === "" ? "." : target.overlay}`;
  return { name, scopeNamespaces, desired: { type: "failed", unchecked: { what, code, reason, hint } } };
}
