import { describe, expect, it } from "vitest";
import type { Resource } from "../../src/core/model/resource.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import type { ScanPorts } from "../../src/pipeline/scan-ports.ts";
import { plainJudging } from "../support/plain-judging.ts";
import { virtualService } from "../support/resources.ts";
import { commit, configOf, eu1, options, portsOf, reviews, scanAll, slower, us1 } from "./scan-world.ts";

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
          blame: () => Promise.reject(late),
        }),
      },
    };
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const result = await runScan(config, forgetful, { ...options, targets: config.targets, onWarning });
    expect(result).toMatchObject({ verdict: "drifted", exitCode: 1 });
    expect(result.targets[0]?.commits).toEqual({});
    expect(warnings).toEqual([expect.stringContaining("it took 120 s")]);
    expect(result.targets[0]?.warnings).toContain("who wrote the lines of Git is not told: it took 120 s");
  });

  it("says why nobody is named where the live side tells of no writers", async () => {
    const warningsWith = async (live: typeof slower) => {
      const clusters = { eu1: [live] };
      const result = await scanAll({ overlays: { "overlays/eu1": [reviews] }, clusters, targets: [eu1] });
      return result.targets[0]?.warnings.filter((text) => text.includes("managedFields"));
    };
    expect(await warningsWith(slower)).toEqual([
      "who made the changes is not told: snapshot eu1 has no managedFields; kubectl get --show-managed-fields takes them along",
    ]);
    expect(await warningsWith({ ...slower, owners: [] })).toEqual([]);
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

  it("tells the last lines of the program that kept the live side from being read", async () => {
    const details = ["Traceback:", "at a.py", "at b.py", "the SSO session has expired"];
    const away = new DriftError("CREDENTIALS_FAILED", "the plugin aws failed", { hint: "", details });
    const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: away }, targets: [eu1] };
    const [unchecked] = (await scanAll(world)).targets[0]?.unchecked ?? [];
    expect(unchecked?.reason).toBe("the plugin aws failed: at a.py | at b.py | the SSO session has expired");
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

  it("stops at rules about kinds that the mesh does not have", async () => {
    const world = { overlays: {}, clusters: { eu1: [] }, targets: [] };
    const judging = {
      ...plainJudging,
      ignore: [
        { id: "ignore[0]", kinds: ["Gateway", "CustomResourceDefinition"], reason: "ours" },
        { id: "ignore[1]", kinds: ["VirtualServices"], reason: "ours" },
      ],
    };
    const config = { ...configOf(world), judging };
    await expect(runScan(config, portsOf(world), { ...options, targets: [] })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      details: ['ignore[1].kinds: "VirtualServices" is no kind of the mesh (did you mean "VirtualService"?)'],
    });
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
});
