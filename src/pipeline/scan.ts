import type { ClusterConfig, Config, TargetConfig } from "../config/config.ts";
import { judgeCluster } from "../core/judge/judge-cluster.ts";
import type { TargetSide } from "../core/judge/side.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { LivePort, LiveRead } from "../ports/live.ts";
import type { Render, RendererPort } from "../ports/renderer.ts";
import type { Checkout, SourcePort } from "../ports/source.ts";
import { assembleResult, type ScannedTarget } from "./assemble.ts";
import { checkKinds } from "./check-kinds.ts";
import { meshOptions } from "./mesh-options.ts";

/** What a scan needs of the world. */
export interface ScanPorts {
  readonly source: SourcePort;
  readonly renderer: RendererPort;
  /** The live side of a cluster. */
  readonly live: (cluster: ClusterConfig) => LivePort;
}

/** What a scan is doing, for people who wait. */
export type ScanProgress =
  | { readonly stage: "git" | "live" }
  | { readonly stage: "render"; readonly done: number; readonly total: number };

export interface ScanOptions {
  /** Targets of the configuration to report. The others of their clusters are still rendered: `extra` needs them. */
  readonly targets: readonly TargetConfig[];
  /** Targets that may be unknown without exit code 2. */
  readonly tolerated: readonly string[];
  readonly now: () => Date;
  /** For fingerprints of values that may not be shown. */
  readonly fingerprintKey: string;
  /** Of this tool. */
  readonly version: string;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** What a person should know but that stops nothing. */
  readonly onWarning?: (message: string) => void;
}

/**
 * The main job: Git and live to a verdict for each target. Throws DriftError where nothing can be said at all (no
 * repository, no such revision, CONFIG_INVALID for a kind that the mesh does not have); what fails for one overlay, cluster, kind or object is `unchecked` in the result.
 */
export async function runScan(config: Config, ports: ScanPorts, options: ScanOptions): Promise<ScanResult> {
  checkKinds(config);
  const startedAt = options.now();
  const clusters = [...config.clusters.values()].filter(({ name }) =>
    options.targets.some(({ cluster }) => cluster === name),
  );
  const neighbours = config.targets.filter(({ cluster }) => clusters.some(({ name }) => name === cluster));
  options.onProgress?.({ stage: "git" });
  const opening = ports.source.checkout({ ...config.repository, repository: config.repository.url });
  ports.renderer.prepare(neighbours.map(({ overlay }) => overlay));
  const readings = Promise.all(
    clusters.map((cluster) => readLive(cluster.name, ports.live(cluster), options.now())),
  );
  // Waited for below; a failing checkout must not leave it unheard.
  readings.catch(() => undefined);
  const checkout = await opening;
  try {
    const renders = await renderAll(neighbours, checkout, ports.renderer, options);
    options.onProgress?.({ stage: "live" });
    const lives = await readings;
    const scanned = clusters.flatMap((cluster, index): readonly ScannedTarget[] => {
      const live = lives[index];
      const targets = neighbours.filter((target) => target.cluster === cluster.name);
      return live === undefined ? [] : judgeTargets(targets, live, { cluster, renders, config, options });
    });
    return await assembleResult(scanned, checkout, {
      ...options,
      startedAt,
      equality: config.compare.equality,
      kustomize: ports.renderer.version,
    });
  } finally {
    await checkout.close();
  }
}

/** A live side that cannot be read at all is one thing unchecked for each of its targets, not the end of the scan. */
async function readLive(cluster: string, port: LivePort, now: Date): Promise<LiveRead> {
  try {
    return await port.read(meshKinds, now);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    const { code, message: reason, hint } = error;
    const unchecked = { what: `the live side of cluster ${cluster}`, code, reason, hint };
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
  const tell = () => options.onProgress?.({ stage: "render", done, total: targets.length });
  tell();
  const renders = targets.map(async (target) => {
    const render = await renderer.render(checkout, target.overlay);
    done += 1;
    tell();
    return [target.name, render] as const;
  });
  return new Map(await Promise.all(renders));
}

/** What the targets of one cluster are judged with. */
interface Evidence {
  readonly cluster: ClusterConfig;
  /** By the name of the target. */
  readonly renders: ReadonlyMap<string, Render>;
  readonly config: Config;
  readonly options: ScanOptions;
}

function judgeTargets(
  targets: readonly TargetConfig[],
  live: LiveRead,
  { cluster, renders, config, options }: Evidence,
): readonly ScannedTarget[] {
  const sides = targets.map((target) =>
    toSide(target, options.targets.includes(target), renders.get(target.name)),
  );
  const { equality, metadata } = config.compare;
  const judgements = judgeCluster(sides, live, { equality, metadata, ...meshOptions(cluster.istio) });
  return targets.flatMap((target) => {
    const judgement = judgements.get(target.name);
    const render = renders.get(target.name);
    if (judgement === undefined || render === undefined) return [];
    return [{ target, live, judgement, warnings: render.type === "rendered" ? render.warnings : [] }];
  });
}

function toSide(target: TargetConfig, isReported: boolean, render: Render | undefined): TargetSide {
  const { name } = target;
  const scopeNamespaces = target.scope.namespaces;
  if (render?.type === "rendered") {
    return { name, isReported, scopeNamespaces, desired: { type: "rendered", resources: render.resources } };
  }
  const { code, reason, hint } = render ?? { code: "RENDER_FAILED", reason: "it was not rendered", hint: "" };
  const what = `overlay ${target.overlay === "" ? "." : target.overlay}`;
  const unchecked = { what, code, reason, hint };
  return { name, isReported, scopeNamespaces, desired: { type: "failed", unchecked } };
}
