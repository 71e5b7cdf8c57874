import { describe, expect, it } from "vitest";
import type { Resource } from "../../src/core/model/resource.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import type { ScanPorts } from "../../src/pipeline/scan-ports.ts";
import { resource, virtualService } from "../support/resources.ts";
import { configOf, eu1, options, portsOf, reviews, scanAll, slower, us1 } from "./scan-world.ts";

function inNamespace({ key, object }: Resource, namespace: string): Resource {
  return {
    key: { ...key, namespace },
    object: { ...object, metadata: { name: key.name, namespace } },
  };
}

function labelled(name: string): Resource {
  return resource(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {mesh: "on"}}}`);
}

describe("runScan, of several repositories and of parts of a cluster,", () => {
  it("compares only the namespaces it is asked for, and says so", async () => {
    const elsewhere = inNamespace(slower, "payments");
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

  it("says nothing of a target that has nothing in the namespaces it is asked for", async () => {
    const pay = virtualService("{hosts: [pay]}", "pay");
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": [inNamespace(pay, "payments")] },
      clusters: { eu1: [reviews, inNamespace(pay, "payments")] },
      targets: [eu1, { ...us1, cluster: "eu1" }],
    };
    const shop = await scanAll(world, { namespaces: ["shop"] });
    expect(shop.targets.map(({ name }) => name)).toEqual(["eu1"]);
    const config = configOf(world);
    const other = await runScan(config, portsOf(world), {
      ...options,
      namespaces: ["payments"],
      targets: config.targets.slice(0, 1),
    });
    expect(other).toMatchObject({ exitCode: 2, targets: [{ name: "eu1", verdict: "unknown" }] });
  });

  it("knows a namespace that is clean and only looked after", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews] },
      clusters: { eu1: [reviews, labelled("clean"), labelled("shop")] },
      targets: [eu1],
    };
    const config = configOf(world);
    const targets = config.targets.map((target) => ({
      ...target,
      scope: { namespaces: [], selector: [{ operator: "exists" as const, key: "mesh" }] },
    }));
    const scan = (namespaces: readonly string[]) =>
      runScan({ ...config, targets }, portsOf(world), { ...options, targets, namespaces });
    expect(await scan(["clean"])).toMatchObject({ exitCode: 0, verdict: "in-sync" });
    expect(await scan(["other"])).toMatchObject({ exitCode: 2 });
  });

  it("leaves a namespace open while a target is not known in full", async () => {
    const world = {
      overlays: { "overlays/eu1": [reviews], "overlays/us1": "broken" as const },
      clusters: { eu1: [reviews] },
      targets: [eu1, { ...us1, cluster: "eu1" }],
    };
    const { targets } = await scanAll(world, { namespaces: ["payments"] });
    expect(targets.flatMap(({ unchecked }) => unchecked.map(({ code }) => code))).toEqual(["RENDER_FAILED"]);
  });

  it("says of each repository why it cannot be read, where there are several", async () => {
    const world = { overlays: {}, clusters: { eu1: [] }, targets: [eu1, { ...us1, cluster: "eu1" }] };
    const config = configOf(world);
    const targets = config.targets.map((target) => ({
      ...target,
      repository: { ...target.repository, url: `/${target.name}` },
    }));
    const source: ScanPorts["source"] = {
      checkout: ({ repository }) =>
        Promise.reject(new DriftError("REPOSITORY_NOT_FOUND", `no ${repository}`, { hint: "Look." })),
    };
    const scan = (wanted: typeof targets) =>
      runScan({ ...config, targets: wanted }, { ...portsOf(world), source }, { ...options, targets: wanted });
    const result = await scan(targets);
    expect(result.targets.map(({ unchecked }) => unchecked[0]?.reason)).toEqual(["no /eu1", "no /us1"]);
    await expect(scan(targets.slice(0, 1))).rejects.toThrow("no /eu1");
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
