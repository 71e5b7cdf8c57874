import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DiffResult } from "../../src/core/model/diff-result.ts";
import { runDrift } from "../support/run-drift.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const names = readdirSync(path.join(root, "fixtures/traps")).sort();

function argsFor(name: string): readonly string[] {
  return ["diff", ...["git", "live"].map((side) => path.join("fixtures/traps", name, `${side}.yaml`))];
}

describe("values that look the same and are not", { timeout: 60_000 }, () => {
  it.for(names)("%s: one change, with what it does", (name) => {
    const { exitCode, stdout } = runDrift([...argsFor(name), "-o", "json"]);
    const { findings } = JSON.parse(stdout) as DiffResult;
    const changes = findings.flatMap((finding) => finding.changes);
    expect([exitCode, changes.length]).toEqual([1, 1]);
    expect(changes[0]?.effect?.text).toBeTruthy();
  });

  it("are shown without colour in the log of a CI", () => {
    const { stdout } = runDrift(argsFor("tls-empty"), { CI: "true" });
    expect(stdout).toMatch(/^ {2}git {3}fixtures/);
    expect(stdout).not.toContain("\u001b");
  });

  it("are shown as the table says", async () => {
    const screens = names.map((name) => {
      const args = argsFor(name);
      return `$ drift ${args.join(" ")}\n${runDrift([...args, "--width", "100"]).stdout}`;
    });
    await expect(screens.join("\n")).toMatchFileSnapshot("traps.txt");
  });
});
