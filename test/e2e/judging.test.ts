import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, afterAll, describe, expect, it } from "vitest";
import { makeDemo } from "../../scripts/make-demo.mjs";
import type { Finding } from "../../src/core/model/finding.ts";
import { formatKey } from "../../src/core/model/resource.ts";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import { runDrift } from "../support/run-drift.ts";

/** The demo, in a folder of its own, scanned several times: each scan knows what the ones before it saw. */
let folder = "";
let config = "";
const cache = mkdtempSync(path.join(tmpdir(), "drift-judging-cache-"));

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "drift-judging-"));
  makeDemo(path.join(folder, "demo"), Date.now());
  config = path.join(folder, "demo/drift.yaml");
});

afterAll(() => {
  for (const one of [folder, cache]) rmSync(one, { recursive: true, force: true });
});

function drift(...args: readonly string[]) {
  const [command = "", ...rest] = args;
  return runDrift([command, "-c", config, "--cache-dir", cache, ...rest]);
}

function scan(...args: readonly string[]): ScanResult {
  return JSON.parse(drift("scan", "-o", "json", ...args).stdout) as ScanResult;
}

function findingOf(result: ScanResult, key: string): Finding | undefined {
  return result.targets.flatMap(({ findings }) => findings).find((one) => formatKey(one.key) === key);
}

describe("what a scan says of a finding", { timeout: 60_000 }, () => {
  it("is who made it, since when, the line of Git with its owners, and how bad it is", () => {
    const finding = findingOf(scan(), "shop/VirtualService/checkout");
    expect(finding).toMatchObject({
      risk: { tier: 2, rule: "routing" },
      standing: { state: "new", isOverdue: false, clock: { basis: "claim" } },
      changes: [
        {
          attribution: { manager: "kubectl-patch", class: "person", wrote: "spec.http", precision: "around" },
          origin: {
            type: "known",
            file: "base/checkout/virtual-service.yaml",
            by: "resource",
            precision: "field",
            commit: { author: "Aiko Brandt" },
            owners: { state: "owned", owners: ["@shop/purchase"] },
          },
        },
      ],
    });
    const line = readFileSync(
      path.join(folder, "demo/shop/base/checkout/virtual-service.yaml"),
      "utf8",
    ).split("\n")[(finding?.changes[0]?.origin as { readonly line: number }).line - 1];
    expect(line).toContain("timeout: 5s");
  });

  it("is remembered: what was new is not new the next time, and began when it did", () => {
    const first = findingOf(scan(), "shop/VirtualService/checkout")?.standing;
    const second = findingOf(scan(), "shop/VirtualService/checkout")?.standing;
    expect(second).toEqual({ ...first, state: "open" });
  });

  it("is told by explain for one object, which keeps nothing", () => {
    const state = readFileSync(path.join(folder, "demo/state.json"), "utf8");
    const { stdout, exitCode } = drift("explain", "prod-us1", "shop/VirtualService/cart");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("components/resilience/kustomization.yaml:19:9, in a JSON patch");
    expect(readFileSync(path.join(folder, "demo/state.json"), "utf8")).toBe(state);
    expect(drift("explain", "prod-us1", "shop/VirtualService/reviews").exitCode).toBe(0);
    expect(drift("explain", "prod-us1", "shop/VirtualService/crat").exitCode).toBe(3);
  });

  it("decides the exit code from the tier that is asked for", () => {
    expect(drift("scan", "-t", "prod-eu1", "--fail-on", "tier0").exitCode).toBe(1);
    expect(drift("scan", "-n", "shop", "-t", "prod-eu1", "--fail-on", "tier0").exitCode).toBe(0);
    expect(drift("scan", "--fail-on", "tier9").exitCode).toBe(3);
  });
});

describe("an exemption", { timeout: 60_000 }, () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ines", "-c", "user.email=ines@example.com", ...args], {
      cwd: path.join(folder, "demo/shop"),
    });

  it("is printed as a patch, accepts the finding once it is merged, and is told of", () => {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const { stdout } = drift(
      "exempt",
      "prod-eu1",
      "shop/VirtualService/checkout",
      "--reason",
      "the bank is slow this week",
      "--until",
      until,
    );
    writeFileSync(path.join(folder, "exempt.patch"), stdout);
    git("apply", "--index", path.join(folder, "exempt.patch"));
    git("commit", "-qm", "Exempt checkout");
    const result = scan("-t", "prod-eu1");
    expect(findingOf(result, "shop/VirtualService/checkout")?.standing?.state).toBe("exempt");
    expect(result.summary).toMatchObject({ changed: 2, exempt: 1 });
    const report = drift("scan", "-t", "prod-eu1", "--show-hidden").stdout;
    expect(report).toContain("the bank is slow this week");
    expect(drift("scan", "-t", "prod-eu1").stdout).toContain("1 difference hidden");
  });

  it("returns marked when its end has passed", () => {
    const file = path.join(folder, "demo/shop/.drift/exemptions.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/until: .*/, "until: 2026-01-01"));
    git("commit", "-qam", "Let it end");
    const finding = findingOf(scan("-t", "prod-eu1"), "shop/VirtualService/checkout");
    expect(finding?.standing?.state).not.toBe("exempt");
    expect(finding?.changes[0]?.exemption?.hasEnded).toBe(true);
  });
});
