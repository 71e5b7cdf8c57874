import type { BuiltInRules } from "../config/built-in.ts";
import type { ClusterConfig, Config, TargetConfig } from "../config/config.ts";
import { judgeCluster, type Workloads } from "../core/judge/judge-cluster.ts";
import type { TargetSide } from "../core/judge/side.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { LivePort, LiveRead, LiveRequest } from "../ports/live.ts";
import { assembleResult } from "./assemble.ts";
import type { ScannedTarget } from "./scanned.ts";
import type { ScanOptions, ScanPorts } from "./scan-ports.ts";
import { checkKinds } from "./check-kinds.ts";
import { createCheckouts } from "./checkouts.ts";
import { type Desired, type DesiredContext, overlaysOf, readDesired } from "./desired.ts";
import { liveRequest } from "./live-request.ts";
import { meshOptions } from "./mesh-options.ts";
import { readWorkloads } from "./read-workloads.ts";
import { openBases } from "./remote-bases.ts";
import type { JudgeContext } from "./judged.ts";
import { judgeFindings } from "./judge-findings.ts";
import { inNamespaces } from "./in-namespaces.ts";

/**
 * The main job: Git and live to a verdict for each target. Throws DriftError where nothing can be said at all (the only
 * repository, CONFIG_INVALID for a kind that the mesh does not have); what fails for one repository, overlay, cluster,
 * kind or object is `unchecked` in the result.
 */
export async function runScan(config: Config, ports: ScanPorts, options: ScanOptions): Promise<ScanResult> {
  checkKinds(config);
  const startedAt = options.now();
  const { namespaces } = options;
  const clusters = clustersOf(config, options.targets).map((one) => ({
    ...one,
    port: ports.live(one.cluster),
  }));
  const neighbours = clusters.flatMap(({ targets }) => targets);
  options.onProgress?.({ stage: "git" });
  const checkouts = createCheckouts(ports.source);
  try {
    const openBase = openBases(config.render.remoteBases, checkouts);
    const context: DesiredContext = { checkouts, renderer: ports.renderer, openBase };
    const reading = readAll(neighbours, context, options);
    ports.renderer.prepare(overlaysOf(neighbours));
    const readings = Promise.all(
      clusters.map(({ cluster, targets, port }) =>
        readLive(cluster, port, liveRequest(cluster, targets, reading, { now: startedAt, namespaces })),
      ),
    );
    // Waited for below; a failing repository must not leave it unheard.
    readings.catch(ignore);
    const desired = await reading;
    options.onProgress?.({ stage: "live" });
    const lives = await readings;
    const scanned = await Promise.all(
      clusters.map(async ({ cluster, targets, port }, index): Promise<readonly ScannedTarget[]> => {
        const live = lives[index];
        const evidence = { cluster, desired, config, options, port, startedAt };
        return live === undefined ? [] : await judgeWithWorkloads(targets, live, evidence);
      }),
    );
    const told = inNamespaces(scanned.flat(), namespaces);
    const sides = new Map(clusters.map(({ cluster, port }) => [cluster.name, port]));
    const rules = told.some(hasFinding) ? await ports.rules() : noRules;
    const by: JudgeContext = { ...context, config, ports, rules, options, startedAt, lives: sides };
    const judged = await judgeFindings(told, by);
    return await assembleResult(judged, {
      ...options,
      startedAt,
      equality: config.compare.equality,
      maintenance: config.judging.maintenance,
      kustomize: ports.renderer.version,
    });
  } finally {
    for (const { port } of clusters) port.close();
    await checkouts.close();
  }
}

/** The clusters of some targets, each with all its targets. */
function clustersOf(
  config: Config,
  wanted: readonly TargetConfig[],
): readonly { readonly cluster: ClusterConfig; readonly targets: readonly TargetConfig[] }[] {
  return [...config.clusters.values()]
    .map((cluster) => ({
      cluster,
      targets: config.targets.filter((target) => target.cluster === cluster.name),
    }))
    .filter(({ targets }) => targets.some((target) => wanted.includes(target)));
}

function hasFinding({ judgement }: ScannedTarget): boolean {
  return judgement.findings.length > 0;
}

/** Where nothing is found no rule is asked. */
const noRules: BuiltInRules = { managers: [], controllers: [], risk: [] };

function ignore(): void {
  // Nobody wants to know.
}

/** A live side that cannot be read at all is one thing unchecked for each of its targets, not the end of the scan. */
async function readLive({ name }: ClusterConfig, port: LivePort, request: LiveRequest): Promise<LiveRead> {
  try {
    return await port.read(request);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    const { code, reason, hint } = error;
    const unchecked = { what: `the live side of cluster ${name}`, code, reason, hint };
    return {
      resources: [],
      unchecked: [unchecked],
      unread: [],
      unserved: [],
      isComplete: () => false,
      source: "",
      asOf: request.now.toISOString(),
    };
  }
}

/** The desired side of every target, by its name. Throws where there is one repository, and it cannot be read. */
async function readAll(
  targets: readonly TargetConfig[],
  context: DesiredContext,
  options: ScanOptions,
): Promise<ReadonlyMap<string, Desired>> {
  const opened = await Promise.all(targets.map(({ repository }) => context.checkouts.open(repository)));
  const [first] = opened;
  if (first?.type === "failed" && opened.every((other) => other === first)) throw first.error;
  let done = 0;
  const tell = () => options.onProgress?.({ stage: "render", done, total: targets.length });
  tell();
  const sides = targets.map(async (target) => {
    const side = await readDesired(target, context);
    done += 1;
    tell();
    return [target.name, side] as const;
  });
  return new Map(await Promise.all(sides));
}

/** What the targets of one cluster are judged with. */
interface Evidence {
  readonly cluster: ClusterConfig;
  /** By the name of the target. */
  readonly desired: ReadonlyMap<string, Desired>;
  readonly config: Config;
  readonly options: ScanOptions;
  readonly workloads?: Workloads;
}

/** What drift did to selectors can be told only beside the Pods: where it did something they are read, and it is judged again. */
async function judgeWithWorkloads(
  targets: readonly TargetConfig[],
  live: LiveRead,
  evidence: Evidence & { readonly port: LivePort; readonly startedAt: Date },
): Promise<readonly ScannedTarget[]> {
  const first = judgeTargets(targets, live, evidence);
  const workloads = await readWorkloads(first, evidence.port, evidence.startedAt);
  return workloads === undefined ? first : judgeTargets(targets, live, { ...evidence, workloads });
}

function judgeTargets(
  targets: readonly TargetConfig[],
  live: LiveRead,
  { cluster, desired, config, options, workloads }: Evidence,
): readonly ScannedTarget[] {
  const sides = targets.flatMap((target): readonly TargetSide[] => {
    const side = desired.get(target.name);
    const { name, scope } = target;
    return side === undefined
      ? []
      : [{ name, scope, isReported: options.targets.includes(target), desired: side }];
  });
  const { equality, metadata } = config.compare;
  const { namespaces: only } = options;
  const judgements = judgeCluster(sides, live, {
    equality,
    metadata,
    breakGlass: config.judging.breakGlass.annotation,
    ...meshOptions(cluster.istio),
    ...(only !== undefined && { only }),
    ...(workloads && { workloads }),
  });
  return targets.flatMap((target) => {
    const judgement = judgements.get(target.name);
    const side = desired.get(target.name);
    return judgement === undefined || side === undefined ? [] : [{ target, live, judgement, desired: side }];
  });
}
