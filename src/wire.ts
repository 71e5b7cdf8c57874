import path from "node:path";
import type { Readable } from "node:stream";
import type { ClusterConfig, Config, RenderConfig } from "./config/config.ts";
import type { ScanPorts } from "./pipeline/scan-ports.ts";
import type { ReadInput } from "./ports/input.ts";
import type { LivePort } from "./ports/live.ts";
import type { StatePort } from "./ports/state.ts";
import type { RendererPort } from "./ports/renderer.ts";

/** Where the adapters keep things, and what they are told. */
export interface WireOptions {
  /** The folder of this package, an absolute path: the renderer lies in it. */
  readonly packageFolder: string;
  /** An absolute path: mirrors in `git`, renders in `renders`. Can be deleted at any time. */
  readonly cacheFolder: string;
  /** The absolute path of the file that keeps what runs knew. Absent: nothing is kept. */
  readonly stateFile?: string;
  /** Whether renders of earlier runs may be used. */
  readonly useCache: boolean;
  readonly now: () => Date;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked for where a kubeconfig stands in it; may throw. */
  readonly homeFolder: () => string;
  /** For one request to an API server. Absent: no limit but those that every request has. */
  readonly requestTimeoutMs?: number;
  /** Whether API servers may be read whose certificate is not checked. */
  readonly allowInsecure: boolean;
  /** What Git says while it fetches, line by line. */
  readonly onGitProgress?: (line: string) => void;
  /** What a person should know but stops nothing. */
  readonly onWarning: (message: string) => void;
}

/** The ports of a scan and how to end what serves them. */
export interface WiredScan {
  readonly ports: ScanPorts;
  readonly close: () => Promise<void>;
}

/** Configuration to adapters. Each is loaded here, when it is needed, so that `drift --help` loads none. */
export async function wireScan(config: Config, options: WireOptions): Promise<WiredScan> {
  const [{ createGitSource }, renderer, createLive] = await Promise.all([
    import("./adapters/git/git-source.ts"),
    wireRenderer(config.render, options),
    wireLive(config, options),
  ]);
  const { cacheFolder, now, onGitProgress, onWarning } = options;
  const ports: ScanPorts = {
    source: createGitSource({
      cacheFolder,
      now,
      ...(onGitProgress && { onProgress: onGitProgress }),
      onWarning,
    }),
    renderer,
    live: createLive,
    rules: async () => (await import("./config/built-in.ts")).readBuiltInRules(options.packageFolder),
    audit: (file) => ({
      read: async (wanted) =>
        (await import("./adapters/files/audit-log.ts")).createAuditLog({ files: [file] }).read(wanted),
    }),
    ...(options.stateFile !== undefined && { state: await wireState(options.stateFile) }),
  };
  return { ports, close: () => renderer.close() };
}

/** What earlier runs knew, in a file. */
export async function wireState(file: string): Promise<StatePort> {
  const { createFileState } = await import("./adapters/files/state.ts");
  return createFileState(file);
}

/** Kustomize inside of drift, or a command behind it. */
async function wireRenderer(
  { engine, binary, timeoutMs, workers }: RenderConfig,
  { packageFolder, cacheFolder, useCache, env, onWarning }: WireOptions,
): Promise<RendererPort> {
  const { createRenderer } = await import("./adapters/kustomize/renderer.ts");
  const how = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(workers !== undefined && { workers }),
    ...(useCache && { cacheFolder: path.join(cacheFolder, "renders") }),
    onWarning,
  };
  const inner = createRenderer({ ...how, artefactFolder: path.join(packageFolder, "kustomize") });
  if (engine === "builtin") return inner;
  const { createEngineRenderer } = await import("./adapters/kustomize/engine-renderer.ts");
  return await createEngineRenderer({ ...how, engine, env, inner, ...(binary !== undefined && { binary }) });
}

/** Loads what the clusters of a configuration are read with: snapshots need nothing of what API servers need. */
async function wireLive(config: Config, options: WireOptions): Promise<(cluster: ClusterConfig) => LivePort> {
  const types = [...config.clusters.values()].map(({ live }) => live.type);
  const [snapshot, kubernetes] = await Promise.all([
    types.includes("snapshot") ? import("./adapters/snapshot/snapshot-live.ts") : undefined,
    types.some((type) => type !== "snapshot")
      ? import("./adapters/kubernetes/kubernetes-live.ts")
      : undefined,
  ]);
  return ({ live, namespaces }) => {
    const places = namespaces && { namespaces };
    if (live.type === "snapshot" && snapshot !== undefined) {
      return snapshot.createSnapshotLive({ ...live, ...places, stdin: options.stdin });
    }
    if (live.type !== "snapshot" && kubernetes !== undefined) {
      return kubernetes.createKubernetesLive({ access: live, ...places, ...kubernetesOptions(options) });
    }
    throw new Error(`no adapter was loaded for ${live.type}`);
  };
}

/** A credential plugin may have to ask its own server. */
const execTimeoutMs = 60_000;

function kubernetesOptions({
  env,
  homeFolder,
  now,
  onWarning,
  allowInsecure,
  requestTimeoutMs,
}: WireOptions) {
  return {
    connect: { env, homeFolder, now, onWarning, allowInsecure, execPlugins: "all", execTimeoutMs },
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  } as const;
}

/** What `drift diff` reads its sides with. */
export async function wireInput(stdin: Readable): Promise<ReadInput> {
  const { readManifestInput } = await import("./adapters/snapshot/read-manifest-input.ts");
  return (input) => readManifestInput(input, stdin);
}
