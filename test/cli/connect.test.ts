import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import type { TargetConfig } from "../../src/config/config.ts";
import { connectPipelines, gitProgressWords } from "../../src/cli/connect.ts";
import { plainJudging } from "../support/plain-judging.ts";

it.for([
  ["Receiving objects:  45% (1234/2938), 1.20 MiB | 3.00 MiB/s", "reading Git: Receiving objects: 45%"],
  ["remote: Counting objects: 100% (7/7), done.", "reading Git: Counting objects: 100%"],
  ["Resolving deltas:   0% (0/3)", "reading Git: Resolving deltas: 0%"],
  ["remote: Enumerating objects: 7, done.", undefined],
  ["From https://example.com/shop", undefined],
  ["warning: 100% (sure)", undefined],
] as const)("of what Git says, people see its progress: %s", ([line, words]) => {
  expect(gitProgressWords(line)).toBe(words);
});

it("shows the progress of a fetch", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "drift-connect-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args]);
  git("init", "--quiet", "--initial-branch=main", "shop");
  writeFileSync(path.join(folder, "shop/a.yaml"), "a: 1\n");
  git("-C", "shop", "add", "--all");
  git("-C", "shop", "commit", "--quiet", "-m", "First");
  const shown: string[] = [];
  const { scan } = connectPipelines({
    stdin: Readable.from([]),
    packageFolder: path.resolve(import.meta.dirname, "../.."),
  });
  const target: TargetConfig = {
    name: "eu1",
    desired: { type: "manifests", manifests: "a.yaml" },
    repository: { url: path.join(folder, "shop"), revision: "", allowStaleMs: 0 },
    cluster: "eu1",
    scope: { namespaces: [] },
  };
  const live = { type: "snapshot", path: folder, label: "live" } as const;
  await scan({
    version: "1.2.3",
    now: () => new Date(),
    config: {
      path: path.join(folder, "drift.yaml"),
      clusters: new Map([["eu1", { name: "eu1", live, istio: {} }]]),
      targets: [target],
      compare: { equality: "istio", metadata: "declared" },
      render: { engine: "builtin", remoteBases: [] },
      judging: plainJudging,
    },
    targets: [target],
    tolerated: [],
    env: {},
    homeFolder: () => folder,
    allowInsecure: false,
    cacheFolder: path.join(folder, "cache"),
    useCache: false,
    onProgress: (text) => shown.push(text),
    onWarning: (text) => {
      throw new Error(text);
    },
  });
  expect(shown[0]).toBe("reading Git");
  expect(shown).toContainEqual(expect.stringMatching(/^reading Git: Counting objects: \d+%$/));
});
