import type { Config, TargetConfig } from "../../src/config/config.ts";
import type { Resource } from "../../src/core/model/resource.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import type { ScanOptions, ScanPorts } from "../../src/pipeline/scan-ports.ts";
import type { LiveRead } from "../../src/ports/live.ts";
import type { Render } from "../../src/ports/renderer.ts";
import type { Checkout } from "../../src/ports/source.ts";
import { virtualService } from "../support/resources.ts";
import { plainJudging } from "../support/plain-judging.ts";

export const commit = {
  sha: "4f2c91e",
  author: "Ann",
  date: "2026-01-01T00:00:00Z",
  subject: "Raise the timeout",
};

/** A world of literals: overlays by folder, live sides by cluster. */
export interface World {
  readonly overlays: Readonly<Record<string, readonly Resource[] | "broken">>;
  readonly clusters: Readonly<Record<string, readonly Resource[] | DriftError>>;
  readonly targets: readonly (Pick<TargetConfig, "name" | "cluster"> & {
    overlay: string;
    scope?: string[];
  })[];
}

export function configOf(world: World): Config {
  const clusters = Object.keys(world.clusters).map(
    (name) =>
      [name, { name, live: { type: "snapshot", path: `/live/${name}`, label: name }, istio: {} }] as const,
  );
  return {
    path: "/drift.yaml",
    clusters: new Map(clusters),
    targets: world.targets.map(({ overlay, ...target }) => ({
      ...target,
      desired: { type: "overlay", overlay },
      repository: { url: "/shop", revision: "main", allowStaleMs: 0 },
      scope: { namespaces: target.scope ?? [] },
    })),
    compare: { equality: "istio", metadata: "declared" },
    render: { engine: "builtin", remoteBases: [] },
    judging: plainJudging,
  };
}

export function portsOf(world: World, log: string[] = []): ScanPorts {
  return {
    source: { checkout: () => Promise.resolve(checkout(log)) },
    renderer: {
      version: "5.8.2",
      prepare: () => undefined,
      render: ({ overlay }) => {
        log.push(`render ${overlay}`);
        return Promise.resolve(renderOf(world.overlays[overlay]));
      },
      close: () => Promise.resolve(),
    },
    live: ({ name }) => ({
      read: () => readOf(name, world.clusters[name]),
      readWhole: () => Promise.resolve({ objects: [], unread: [], isComplete: () => false }),
      close: () => undefined,
    }),
    rules: () => Promise.resolve({ managers: [], controllers: [], risk: [] }),
  };
}

function checkout(log: string[]): Checkout {
  return {
    repository: "/shop",
    revision: "main",
    revisionType: "branch",
    commit,
    tree: new Map(),
    readBlobs: () => Promise.resolve([]),
    lastCommits: (paths) =>
      Promise.resolve(new Map(paths.map((path) => [path, { ...commit, subject: path }]))),
    commitsTouching: () => Promise.resolve([]),
    isAncestor: () => Promise.resolve(undefined),
    blame: () => Promise.resolve(new Map()),
    close: () => {
      log.push("close");
      return Promise.resolve();
    },
  };
}

function renderOf(overlay: readonly Resource[] | "broken" | undefined): Render {
  if (overlay === undefined || overlay === "broken") {
    return { type: "failed", code: "RENDER_FAILED", reason: "no such base", hint: "Mend it." };
  }
  const resources = overlay.map((one) => ({ ...one, provenance: { file: "base/vs.yaml", changedBy: [] } }));
  return { type: "rendered", resources, warnings: ["old field"], files: [], bases: [], cached: false };
}

function readOf(name: string, side: readonly Resource[] | DriftError | undefined): Promise<LiveRead> {
  if (side instanceof DriftError) return Promise.reject(side);
  const asOf = "2026-01-02T00:00:00Z";
  return Promise.resolve({
    resources: side ?? [],
    unchecked: [],
    unread: [],
    unserved: [],
    isComplete: () => true,
    source: `snapshot ${name}`,
    asOf,
  });
}

export const options: Omit<ScanOptions, "targets"> = {
  tolerated: [],
  now: () => new Date("2026-01-02T00:00:00Z"),
  fingerprintKey: "key",
  version: "1.2.3",
};

/** Scans every target of a world. */
export function scanAll(world: World, more: Partial<ScanOptions> = {}): ReturnType<typeof runScan> {
  const config = configOf(world);
  return runScan(config, portsOf(world), { ...options, targets: config.targets, ...more });
}

export const reviews = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");
export const slower = virtualService("{hosts: [reviews], http: [{timeout: 30s}]}");
export const eu1 = { name: "eu1", overlay: "overlays/eu1", cluster: "eu1" };
export const us1 = { name: "us1", overlay: "overlays/us1", cluster: "us1" };
