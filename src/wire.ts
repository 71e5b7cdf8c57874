import path from "node:path";
import type { Readable } from "node:stream";
import type { Config } from "./config/config.ts";
import type { ScanPorts } from "./pipeline/scan.ts";
import type { ReadInput } from "./ports/input.ts";

/** Where the adapters keep things, and what they are told. */
export interface WireOptions {
  /** The folder of this package, an absolute path: the renderer lies in it. */
  readonly packageFolder: string;
  /** An absolute path: mirrors in `git`, renders in `renders`. Can be deleted at any time. */
  readonly cacheFolder: string;
  /** Whether renders of earlier runs may be used. */
  readonly useCache: boolean;
  readonly now: () => Date;
  readonly stdin: Readable;
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
  const [{ createGitSource }, { createRenderer }, { createSnapshotLive }] = await Promise.all([
    import("./adapters/git/git-source.ts"),
    import("./adapters/kustomize/renderer.ts"),
    import("./adapters/snapshot/snapshot-live.ts"),
  ]);
  const { cacheFolder, now, stdin, onGitProgress, onWarning } = options;
  const renderer = createRenderer({
    ...config.render,
    artefactFolder: path.join(options.packageFolder, "kustomize"),
    ...(options.useCache && { cacheFolder: path.join(cacheFolder, "renders") }),
    onWarning,
  });
  const ports: ScanPorts = {
    source: createGitSource({
      cacheFolder,
      now,
      ...(onGitProgress && { onProgress: onGitProgress }),
      onWarning,
    }),
    renderer,
    live: ({ snapshot, snapshotLabel, maxAgeMs, kinds, namespaces }) =>
      createSnapshotLive({
        path: snapshot,
        label: snapshotLabel,
        stdin,
        ...(maxAgeMs !== undefined && { maxAgeMs }),
        ...(kinds && { kinds }),
        ...(namespaces && { namespaces }),
      }),
  };
  return { ports, close: () => renderer.close() };
}

/** What `drift diff` reads its sides with. */
export async function wireInput(stdin: Readable): Promise<ReadInput> {
  const { readManifestInput } = await import("./adapters/snapshot/read-manifest-input.ts");
  return (input) => readManifestInput(input, stdin);
}
