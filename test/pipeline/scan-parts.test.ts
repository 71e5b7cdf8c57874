import { describe, expect, it } from "vitest";
import { DriftError } from "../../src/lib/errors.ts";
import { runScan, type ScanPorts } from "../../src/pipeline/scan.ts";
import { virtualService } from "../support/resources.ts";
import { configOf, eu1, options, portsOf, reviews, scanAll, slower, us1 } from "./scan-world.ts";

describe("runScan, of several repositories and of parts of a cluster,", () => {
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
