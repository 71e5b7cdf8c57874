import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readBuiltInRules } from "../../src/config/built-in.ts";
import { checkPathPattern } from "../../src/core/model/path-pattern.ts";

/** The folder of a package with this as one file of its rules. */
function packageWith(rules?: string, file = "managers.yaml"): string {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-rules-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(path.join(folder, "config"));
  const shipped = path.resolve(import.meta.dirname, "../../config");
  for (const name of readdirSync(shipped)) {
    if (name !== file) copyFileSync(path.join(shipped, name), path.join(folder, "config", name));
  }
  if (rules !== undefined) writeFileSync(path.join(folder, "config", file), rules);
  return folder;
}

const rest = "class: person, reason: why, source: there";

describe("readBuiltInRules", () => {
  it("reads the rules of the package, each with its reason and source", async () => {
    const { managers } = await readBuiltInRules(path.resolve(import.meta.dirname, "../.."));
    expect(managers.find(({ name }) => name === "kubectl-edit")).toEqual({
      name: "kubectl-edit",
      class: "person",
      reason: "kubectl edit; k9s runs it, too",
      source: "kubernetes/kubectl pkg/cmd/edit/edit.go:104; derailed/k9s issue 992",
    });
  });

  it.for([
    [undefined, []],
    ["- {", ["managers.yaml:1:4"]],
    ["a: 1", ["managers.yaml:1:1"]],
    [`- { name: a, ${rest}, colour: red }`, ["managers.yaml:1:57"]],
    ["- { name: a, class: human, reason: why, source: there }", ["managers.yaml:1:21 [0].class"]],
    [
      `- { name: "a*b", ${rest} }\n- { name: b, class: person }`,
      ["managers.yaml:1:11", "managers.yaml:2:3", "managers.yaml:2:3"],
    ],
  ] as const)("refuses %j, with the place of every problem", async ([rules, places]) => {
    const failure = readBuiltInRules(packageWith(rules));
    await expect(failure).rejects.toMatchObject({
      code: "RULES_DAMAGED",
      exitCode: 2,
      details: places.map((place) => expect.stringContaining(place) as unknown),
    });
  });

  it("reads paths that are patterns, and grounds that name a source", async () => {
    const { risk, controllers } = await readBuiltInRules(path.resolve(import.meta.dirname, "../.."));
    expect(risk.length).toBeGreaterThan(10);
    const paths = [...risk, ...controllers].flatMap((rule) => rule.paths ?? []);
    expect(paths.filter((one) => checkPathPattern(one).type === "refused")).toEqual([]);
    expect(risk.filter(({ source = "" }) => !/^(?:https:|istio)/.test(source))).toEqual([]);
    expect(new Set(controllers.map(({ name }) => name)).size).toBe(controllers.length);
  });

  it.for([
    ["risk.yaml", "- { id: a-a, tier: 4, reason: b, source: c }"],
    ["risk.yaml", "- { id: a-a, tier: 1, source: c }"],
    ["risk.yaml", "- { id: a-a, tier: 1, reason: b, source: c, kind: Gateway }"],
    ["risk.yaml", "tier: 1"],
    ["controllers.yaml", "- { name: aa, managers: [a], kinds: [K], paths: [spec], reason: r }"],
    ["controllers.yaml", "- { name: aa, managers: [], kinds: [K], paths: [spec], reason: r, source: s }"],
    [
      "controllers.yaml",
      "- { name: aa, managers: [a], kinds: [K], paths: [spec], check: x, reason: r, source: s }",
    ],
  ])("refuses %s with %s", async ([file, rules]) => {
    await expect(readBuiltInRules(packageWith(rules, file))).rejects.toMatchObject({ code: "RULES_DAMAGED" });
  });
});
