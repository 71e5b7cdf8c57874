import { describe, expect, it } from "vitest";
import type { Config, TargetConfig } from "../../src/config/config.ts";
import type { Resource } from "../../src/core/model/resource.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { runScan, type ScanOptions, type ScanPorts } from "../../src/pipeline/scan.ts";
import type { LiveRead } from "../../src/ports/live.ts";
import type { Render } from "../../src/ports/renderer.ts";
import type { Checkout } from "../../src/ports/source.ts";
import { virtualService } from "../support/resources.ts";

const commit = { sha: "4f2c91e", author: "Ann", date: "2026-01-01T00:00:00Z", subject: "Raise the timeout" };

/** A world of literals: overlays by folder, live sides by cluster. */
interface World {
  readonly overlays: Readonly<Record<string, readonly Resource[] | "broken">>;
  readonly clusters: Readonly<Record<string, readonly Resource[] | DriftError>>;
  readonly targets: readonly (Pick<TargetConfig, "name" | "cluster"> & {
    overlay: string;
    scope?: string[];
  })[];
}

function configOf(world: World): Config {
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
  };
}

function portsOf(world: World, log: string[] = []): ScanPorts {
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
    live: ({ name }) => ({ read: () => readOf(name, world.clusters[name]), close: () => undefined }),
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

const options: Omit<ScanOptions, "targets"> = {
  tolerated: [],
  now: () => new Date("2026-01-02T00:00:00Z"),
  fingerprintKey: "key",
  version: "1.2.3",
};

/** Scans every target of a world. */
function scanAll(world: World, more: Partial<ScanOptions> = {}): ReturnType<typeof runScan> {
  const config = configOf(world);
  return runScan(config, portsOf(world), { ...options, targets: config.targets, ...more });
}

const reviews = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");
const slower = virtualService("{hosts: [reviews], http: [{timeout: 30s}]}");
const eu1 = { name: "eu1", overlay: "overlays/eu1", cluster: "eu1" };
const us1 = { name: "us1", overlay: "overlays/us1", cluster: "us1" };

describe("runScan", () => {
  it("is in sync, with exit code 0, when both sides mean the same", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [reviews] }, targets: [eu1] };
    const result = await scanAll(world);
    expect(result).toMatchObject({ verdict: "in-sync", exitCode: 0, summary: { inSync: 1, changed: 0 } });
    expect(result.targets[0]).toMatchObject({
      warnings: ["old field"],
      live: { source: "snapshot eu1" },
      kinds: [{ kind: "VirtualService", verdict: "in-sync", desired: 1, live: 1 }],
    });
  });

  it("tells drift with exit code 1 and the last commit of the file it comes from", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [slower] }, targets: [eu1] };
    const result = await scanAll(world);
    expect(result).toMatchObject({ verdict: "drifted", exitCode: 1 });
    expect(result.targets[0]?.findings[0]?.changes.map(({ path }) => path)).toEqual(["spec.http[0].timeout"]);
    expect(result.targets[0]?.commits).toEqual({ "base/vs.yaml": { ...commit, subject: "base/vs.yaml" } });
  });

  it("keeps what it found when the history cannot be read, and warns", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [slower] }, targets: [eu1] };
    const config = configOf(world);
    const ports = portsOf(world);
    const late = new DriftError("GIT_TIMEOUT", "it took 120 s", { hint: "Wait." });
    const forgetful: ScanPorts = {
      ...ports,
      source: {
        checkout: async (request) => ({
          ...(await ports.source.checkout(request)),
          lastCommits: () => Promise.reject(late),
        }),
      },
    };
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const result = await runScan(config, forgetful, { ...options, targets: config.targets, onWarning });
    expect(result).toMatchObject({ verdict: "drifted", exitCode: 1 });
    expect(result.targets[0]?.commits).toEqual({});
    expect(warnings).toEqual([expect.stringContaining("it took 120 s")]);
  });

  it("goes on with the rest when one overlay is broken, and exits with 2", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": "broken" as const },
      clusters: { eu1: [slower], us1: [reviews] },
      targets: [eu1, us1],
    };
    const result = await scanAll(world);
    expect(result.targets.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "eu1 drifted",
      "us1 unknown",
    ]);
    expect(result.exitCode).toBe(2);
  });

  it("lets a tolerated target be unknown without exit code 2, and still says so", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": "broken" as const },
      clusters: { eu1: [reviews], us1: [reviews] },
      targets: [eu1, us1],
    };
    const result = await scanAll(world, { tolerated: ["us1"] });
    expect(result).toMatchObject({ verdict: "unknown", exitCode: 0, tolerated: ["us1"] });
  });

  it("makes only its own targets unknown when a live side cannot be read", async () => {
    const gone = new DriftError("LIVE_NOT_FOUND", "No snapshot at /live/eu1", { hint: "Take one." });
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": [reviews] },
      clusters: { eu1: gone, us1: [reviews] },
      targets: [eu1, us1],
    };
    const result = await scanAll(world);
    expect(
      result.targets.map(({ name, verdict, unchecked }) => [
        name,
        verdict,
        unchecked.map(({ code }) => code),
      ]),
    ).toEqual([
      ["eu1", "unknown", ["LIVE_NOT_FOUND"]],
      ["us1", "in-sync", []],
    ]);
  });

  it("names the cluster whose live side cannot be read", async () => {
    const gone = new DriftError("LIVE_NOT_FOUND", "the snapshot /live/eu1 does not exist", { hint: "" });
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: gone }, targets: [eu1] };
    const result = await scanAll(world);
    expect(result.targets[0]?.unchecked.map(({ what }) => what)).toEqual(["the live side of cluster eu1"]);
  });

  it("stops at kinds that the mesh does not have, before it reads anything, and says what was meant", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [reviews] }, targets: [eu1] };
    const config = configOf(world);
    const kinds = [
      "VirtualServise",
      "Sidecar",
      "Gateway.networking.istio.io",
      "Gateway.networking.istio",
      "Pod",
    ];
    const clusters = new Map(
      [...config.clusters].map(([name, cluster]) => {
        const live = { type: "snapshot", path: "/live", label: name, kinds } as const;
        return [name, { ...cluster, live }];
      }),
    );
    const log: string[] = [];
    const run = runScan({ ...config, clusters }, portsOf(world, log), {
      ...options,
      targets: config.targets,
    });
    await expect(run).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      exitCode: 3,
      message: "/drift.yaml names 3 kinds that are not compared",
      details: [
        'clusters.eu1.kinds: "VirtualServise" is no kind of the mesh (did you mean "VirtualService"?)',
        'clusters.eu1.kinds: "Gateway.networking.istio" is no kind of the mesh (did you mean "Gateway.networking.istio.io"?)',
        'clusters.eu1.kinds: "Pod" is no kind of the mesh',
      ],
    });
    expect(log).toEqual([]);
  });

  it("renders the neighbours of a chosen target, because they say what is not extra, and reports only the chosen", async () => {
    const other = { name: "other", overlay: "overlays/other", cluster: "eu1" };
    const ratings = virtualService("{hosts: [ratings]}", "ratings");
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/other": [ratings], "overlays/us1": [reviews] },
      clusters: { eu1: [reviews, ratings], us1: [] },
      targets: [{ ...eu1, scope: ["shop"] }, other, us1],
    };
    const log: string[] = [];
    const config = configOf(world);
    const targets = config.targets.filter(({ name }) => name === "eu1");
    const result = await runScan(config, portsOf(world, log), { ...options, targets });
    expect(result.targets.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(["eu1 in-sync"]);
    expect(log).toEqual(["render overlays/eu1", "render overlays/other", "close"]);
  });

  it("never lets a value that may be secret into the result", async () => {
    const withHeader = (token: string): Resource =>
      virtualService(`{hosts: [reviews], http: [{headers: {request: {set: {authorization: ${token}}}}}]}`);
    const world = {
      overlays: { "overlays/eu1": [withHeader("canary-git-1234")] },
      clusters: { eu1: [withHeader("canary-live-5678")] },
      targets: [eu1],
    };
    const text = JSON.stringify(await scanAll(world));
    expect(text).toContain("spec.http[0].headers.request.set.authorization");
    expect(text).not.toContain("canary");
  });

  it("ends the checkout's processes also when something fails on the way", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [reviews] }, targets: [eu1] };
    const config = configOf(world);
    const log: string[] = [];
    const ports = portsOf(world, log);
    const failing: ScanPorts = {
      ...ports,
      renderer: { ...ports.renderer, render: () => Promise.reject(new Error("bug")) },
    };
    await expect(runScan(config, failing, { ...options, targets: config.targets })).rejects.toThrow("bug");
    expect(log).toEqual(["close"]);
  });

  it("compares only the namespaces it is asked for, and says so", async () => {
    const elsewhere = {
      ...slower,
      key: { ...slower.key, namespace: "payments" },
      object: { ...slower.object, metadata: { name: "reviews", namespace: "payments" } },
    };
    const world = {
      overlays: { "overlays/eu1": [reviews, elsewhere] },
      clusters: { eu1: [reviews] },
      targets: [{ ...eu1, scope: ["shop", "payments"] }],
    };
    const all = await scanAll(world);
    expect(all.summary).toMatchObject({ missing: 1, inSync: 1 });
    const shop = await scanAll(world, { namespaces: ["shop"] });
    expect(shop).toMatchObject({ verdict: "in-sync", exitCode: 0, summary: { missing: 0, inSync: 1 } });
    expect(shop.targets[0]?.namespaces).toEqual(["shop"]);
  });

  it("is not in sync where nobody has anything in the namespaces it is asked for", async () => {
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [reviews] }, targets: [eu1] };
    const result = await scanAll(world, { namespaces: ["shop", "shpo"] });
    expect(result).toMatchObject({ exitCode: 2, summary: { inSync: 1, unchecked: 1 } });
    expect(result.targets[0]?.unchecked).toMatchObject([
      { code: "NAMESPACE_UNKNOWN", what: "namespace shpo" },
    ]);
  });

  it("goes on with the other repositories where one cannot be read", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": [reviews] },
      clusters: { eu1: [reviews], us1: [reviews] },
      targets: [eu1, us1],
    };
    const config = configOf(world);
    const targets = config.targets.map((target) =>
      target.name === "us1"
        ? { ...target, repository: { url: "/away", revision: "", allowStaleMs: 0 } }
        : target,
    );
    const ports = portsOf(world);
    const away = new DriftError("REPOSITORY_NOT_FOUND", "the repository /away does not exist", {
      hint: "Look.",
    });
    const source: ScanPorts["source"] = {
      checkout: (request) =>
        request.repository === "/away" ? Promise.reject(away) : ports.source.checkout(request),
    };
    const result = await runScan({ ...config, targets }, { ...ports, source }, { ...options, targets });
    expect(result.targets.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["eu1", "in-sync"],
      ["us1", "unknown"],
    ]);
    expect(result.targets[1]?.unchecked).toMatchObject([
      { what: "overlay overlays/us1", code: "REPOSITORY_NOT_FOUND" },
    ]);
  });

  it("opens a repository once for all targets of one revision, and closes every checkout", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": [reviews] },
      clusters: { eu1: [reviews], us1: [reviews] },
      targets: [eu1, us1],
    };
    const log: string[] = [];
    const config = configOf(world);
    const ports = portsOf(world, log);
    const asked: string[] = [];
    const source: ScanPorts["source"] = {
      checkout: (request) => {
        asked.push(request.revision);
        return ports.source.checkout(request);
      },
    };
    const tagged = config.targets.map((target) => ({
      ...target,
      repository: { ...target.repository, revision: target.name === "us1" ? "v1" : "main" },
    }));
    await runScan(config, { ...ports, source }, { ...options, targets: config.targets });
    expect(asked).toEqual(["main"]);
    await runScan({ ...config, targets: tagged }, { ...ports, source }, { ...options, targets: tagged });
    expect(asked).toEqual(["main", "main", "v1"]);
    expect(log.filter((line) => line === "close")).toHaveLength(3);
  });

  it("leaves a difference open that a variable of the deployer may explain", async () => {
    const templated = virtualService("{hosts: ['${HOST}'], http: [{timeout: 5s}]}");
    const other = virtualService("{hosts: [ratings], http: [{timeout: 5s}]}", "ratings");
    const live = [reviews, virtualService("{hosts: ['${HOST}'], http: [{timeout: 5s}]}", "literal")];
    const literal = {
      ...live[1],
      ...virtualService("{hosts: ['${HOST}'], http: [{timeout: 5s}]}", "literal"),
    };
    const world = {
      overlays: { "overlays/eu1": [templated, other, literal] },
      clusters: { eu1: [...live, other] },
      targets: [eu1],
    };
    const result = await scanAll(world);
    expect(result.summary).toMatchObject({ changed: 0, unchecked: 1, inSync: 2 });
    expect(result.targets[0]?.unchecked).toMatchObject([
      { what: "shop/VirtualService/reviews", code: "UNRESOLVED_VARIABLE", reason: "${HOST} has no value" },
    ]);
  });
});
