import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBuiltInRisk } from "../../src/config/built-in-risk.ts";
import { checkPathPattern } from "../../src/core/model/path-pattern.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drift-risk-"));
  await mkdir(path.join(folder, "config"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the built-in rules about risk", () => {
  it("are what the package ships: each with a reason, a source, and paths that can be read", async () => {
    const rules = await readBuiltInRisk(fileURLToPath(new URL("../..", import.meta.url)));
    expect(rules.length).toBeGreaterThan(10);
    const paths = rules.flatMap((rule) => rule.paths ?? []);
    expect(paths.filter((one) => checkPathPattern(one).type === "refused")).toEqual([]);
    expect(rules.filter(({ source = "" }) => !/^(?:https:|istio)/.test(source))).toEqual([]);
  });

  it.for([
    ["a tier that there is not", "- { id: a, tier: 4, reason: b, source: c }"],
    ["a row without a reason", "- { id: a, tier: 1, source: c }"],
    ["a row without a source", "- { id: a, tier: 1, reason: b }"],
    ["a key that there is not", "- { id: a, tier: 1, reason: b, source: c, kind: Gateway }"],
    ["no list", "tier: 1"],
  ])("refuse %s", async ([, text]) => {
    await writeFile(path.join(folder, "config", "risk.yaml"), text ?? "");
    await expect(readBuiltInRisk(folder)).rejects.toThrow();
  });
});
