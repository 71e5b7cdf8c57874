import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readManagerRules } from "../../src/config/built-in.ts";

/** The folder of a package with this as its rules about managers. */
function packageWith(rules?: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-rules-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(path.join(folder, "config"));
  if (rules !== undefined) writeFileSync(path.join(folder, "config", "managers.yaml"), rules);
  return folder;
}

const rest = "class: person, reason: why, source: there";

describe("readManagerRules", () => {
  it("reads the rules of the package, each with its reason and source", async () => {
    const rules = await readManagerRules(path.resolve(import.meta.dirname, "../.."));
    expect(rules.find(({ name }) => name === "kubectl-edit")).toEqual({
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
    const failure = readManagerRules(packageWith(rules));
    await expect(failure).rejects.toMatchObject({
      code: "RULES_DAMAGED",
      exitCode: 2,
      details: places.map((place) => expect.stringContaining(place) as unknown),
    });
  });
});
