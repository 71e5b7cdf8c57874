import { expect, it } from "vitest";
import type { DiffRequest } from "../../src/cli/pipelines.ts";
import { driftedDiff } from "../report/diff-samples.ts";
import { drift } from "./fake-shell.ts";

const drifted = { diff: () => Promise.resolve({ ...driftedDiff, exitCode: 1 as const }) };

it("hands the sides and the facts to the pipeline", async () => {
  const requests: DiffRequest[] = [];
  const pipelines = {
    diff: (request: DiffRequest) => {
      requests.push(request);
      return Promise.resolve(driftedDiff);
    },
  };
  const facts = [
    "--istio-version",
    "1.30",
    "--domain",
    "d.example",
    "--root-namespace",
    "r",
    "--shared-mesh-config",
    "s",
  ];
  await drift(["diff", "git", "-"], { pipelines });
  await drift(["diff", "git", "live", "--equality", "strict", "--show-equal", ...facts], { pipelines });
  expect(requests).toMatchObject([
    { desired: "git", live: "-", equality: "istio", istio: {}, version: "1.2.3" },
    {
      desired: "git",
      live: "live",
      equality: "strict",
      showEqual: true,
      istio: { version: "1.30", domain: "d.example", rootNamespace: "r", sharedMeshConfig: "s" },
    },
  ]);
});

it("ends with the exit code of the result and the command that tells more", async () => {
  const { exitCode, stdout, stderr } = await drift(["diff", "git side", "-"], { pipelines: drifted });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  expect(stdout).toMatch(/\nexit 1: drift; as JSON: drift diff 'git side' - -o json\n$/);
});

it("repeats the flags that the result depends on in that command", async () => {
  const flags =
    "--equality strict --show-equal --istio-version 1.30 --domain d --root-namespace r --shared-mesh-config s";
  const argv = ["diff", "a", "b", "--width", "200", ...flags.split(" ")];
  const { stdout } = await drift(argv, { pipelines: drifted });
  expect(stdout).toContain(`as JSON: drift diff a b ${flags} -o json\n`);
});

it("reports as JSON, and as text of the width asked for", async () => {
  const json = await drift(["diff", "a", "b", "-o", "json"], { pipelines: drifted });
  expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1, verdict: "drifted" });
  const wide = await drift(["diff", "a", "b", "--width", "300"], { pipelines: drifted });
  const narrow = await drift(["diff", "a", "b", "--width", "40"], { pipelines: drifted });
  expect(narrow.stdout.split("\n").length).toBeGreaterThan(wide.stdout.split("\n").length);
});

it("writes colour only where it is wanted", async () => {
  const never = await drift(["diff", "a", "b"], { pipelines: drifted });
  const always = await drift(["diff", "a", "b", "--color", "always"], { pipelines: drifted });
  expect(never.stdout).not.toContain("\u001b[");
  expect(always.stdout).toContain("\u001b[31m");
});
