import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Pipelines, ScanRequest } from "../../src/cli/pipelines.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { everything, scanResult, target } from "../report/samples.ts";
import { drift, type Outcome, recorder } from "./fake-shell.ts";

const config = `
version: 1
repository: { url: ., allowStale: 10m }
clusters: { eu1: { snapshot: live/eu1 }, spare: { snapshot: live/spare } }
targets:
  - { name: prod-eu1, overlay: overlays/prod/eu1, cluster: eu1 }
  - { name: prod-us1, overlay: overlays/prod/us1, cluster: eu1 }
  - { name: staging, overlay: overlays/staging, cluster: eu1 }
compare: { equality: strict }
`;

const warning = "drift: warning: drift.yaml:4:42 clusters.spare: no target uses this cluster\n";

let folder: string;
let requests: ScanRequest[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "drift-scan-"));
  await writeFile(path.join(folder, "drift.yaml"), config);
  requests = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const drifted: Pipelines["scan"] = (request) => {
  requests.push(request);
  return Promise.resolve({ ...everything, exitCode: 1 });
};

function scan(argv: readonly string[], run: Pipelines["scan"] = drifted): Promise<Outcome> {
  return drift(["scan", ...argv], { shell: { cwd: folder }, pipelines: { scan: run } });
}

it("scans every target of the configuration", async () => {
  const { exitCode, stderr, stdout } = await scan([]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: warning });
  expect(stdout).toContain("\nexit 1: drift; as JSON: drift scan -o json\n");
  expect(requests).toMatchObject([
    {
      targets: [
        { name: "prod-eu1", repository: { allowStaleMs: 600_000 } },
        { name: "prod-us1" },
        { name: "staging" },
      ],
      tolerated: [],
      cacheFolder: "/home/priya/.cache/mesh-drift",
      useCache: true,
      config: {
        path: path.join(folder, "drift.yaml"),
        compare: { equality: "strict" },
      },
    },
  ]);
});

it("lets flags win over the configuration", async () => {
  const flags = [
    "--equality",
    "envoy",
    "--show-equal",
    "--allow-stale",
    "2h",
    "--no-cache",
    "--cache-dir",
    "cache",
  ];
  await scan([...flags, "-t", "staging", "prod-eu1", "--tolerate-unknown", "staging,prod-us1"]);
  expect(requests).toMatchObject([
    {
      targets: [{ name: "prod-eu1", repository: { allowStaleMs: 7_200_000 } }, { name: "staging" }],
      tolerated: ["prod-us1", "staging"],
      cacheFolder: path.join(folder, "cache"),
      useCache: false,
      showEqual: true,
      config: { compare: { equality: "envoy" } },
    },
  ]);
  // `extra` and conflicts need all targets of a cluster.
  expect(requests[0]?.config.targets).toHaveLength(3);
});

it.for([
  [
    ["-t", "prod-eu1", "-t", "staging"],
    ["prod-eu1", "staging"],
  ],
  [
    ["-t", "prod-eu1,staging"],
    ["prod-eu1", "staging"],
  ],
  [
    ["--target", "staging", "prod-eu1", "staging"],
    ["prod-eu1", "staging"],
  ],
] as const)("selects targets by %j", async ([argv, expected]) => {
  await scan(argv);
  expect(requests[0]?.targets.map(({ name }) => name)).toEqual(expected);
});

it.for(["--target", "--tolerate-unknown"])("lists the targets when %s names none", async (flag) => {
  const { exitCode, stderr } = await scan([flag, "prod-eu2", "-q"]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe(
    `drift: ${flag}: there is no target "prod-eu2" (did you mean "prod-eu1"?)\nhint: The targets are prod-eu1, prod-us1, staging.\n`,
  );
  expect(requests).toEqual([]);
});

it.for([
  [["--context", ""], '--context "": expected the name of a context'],
  [["--context="], '--context "": expected the name of a context'],
  [["--kubeconfig", ""], '--kubeconfig "": expected the path of a kubeconfig'],
] as const)("does not take %j for the current context or the working folder", async ([argv, message]) => {
  const { exitCode, stderr } = await scan([...argv, "-t", "staging", "-q"]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe(
    `drift: ${message}\nhint: A variable that should hold it may not be set; without the flag the configuration says it.\n`,
  );
  expect(requests).toEqual([]);
});

it("names each namespace once", async () => {
  await scan(["-n", "shop,shop", "-n", "pay,shop"]);
  expect(requests[0]?.namespaces).toEqual(["shop", "pay"]);
});

it("tells every configuration error", async () => {
  await writeFile(
    path.join(folder, "drift.yaml"),
    config.replace("version: 1", "version: 7").replace("overlay: overlays/staging", "overlay: /x"),
  );
  const { exitCode, stdout, stderr } = await scan([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toBe(
    [
      "drift: drift.yaml has 2 problems",
      "  drift.yaml:2:10 version: expected 1; got 7",
      '  drift.yaml:8:31 targets[2].overlay: expected a folder inside the repository, such as overlays/prod; got "/x"',
      "hint: Mend the lines named above; schema/drift.schema.json gives editors help and checks.",
      "",
    ].join("\n"),
  );
});

it("writes several reports at once: one to standard output, the others to files without colour", async () => {
  const stdout = recorder({ isTerminal: true, columns: 120 });
  const exitCode = await drift(
    ["scan", "-q", "-o", "text", "-o", "json=drift.json", "-o", "text=drift.txt"],
    {
      shell: { cwd: folder, stdout },
      pipelines: { scan: drifted },
    },
  );
  expect(exitCode).toEqual({ exitCode: 1, stdout: "", stderr: "" });
  expect(stdout.text()).toContain("\u001b[31m");
  expect(JSON.parse(await readFile(path.join(folder, "drift.json"), "utf8"))).toMatchObject({
    verdict: "drifted",
  });
  const text = await readFile(path.join(folder, "drift.txt"), "utf8");
  expect(text).toContain("prod-eu1  DRIFTED");
  expect(text).not.toContain("\u001b");
});

it("still writes the other reports when one cannot be written", async () => {
  const { exitCode, stdout, stderr } = await scan([
    "-q",
    "-o",
    "json=missing/a.json",
    "-o",
    "json",
    "-o",
    "text=b.txt",
  ]);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: "drifted" });
  expect(stderr).toMatch(/^drift: cannot write .*missing\/a\.json: .*\nhint: /);
  expect(await readFile(path.join(folder, "b.txt"), "utf8")).toContain("prod-eu1  DRIFTED");
});

it("replaces an old result by the error when a run is stopped", async () => {
  const file = path.join(folder, "drift.json");
  await writeFile(file, "an old result");
  const stopped = (): Promise<never> =>
    Promise.reject(new DriftError("REPOSITORY_NOT_FOUND", "there is no repository", { hint: "check it" }));
  const { exitCode, stdout } = await scan(["-o", "json=drift.json"], stopped);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ error: { code: "REPOSITORY_NOT_FOUND" } });
});

it("repeats configuration and targets in the command that tells more", async () => {
  await writeFile(path.join(folder, "my drift.yaml"), config);
  const { stdout } = await scan(["-c", "my drift.yaml", "-t", "staging"]);
  expect(stdout).toContain("as JSON: drift scan -c 'my drift.yaml' -t staging -o json\n");
});

it("repeats every flag that the result depends on in the command that tells more", async () => {
  const flags = [
    ["--tolerate-unknown", "staging,prod-us1"],
    ["--allow-stale", "2h"],
    ["--context", "kind test"],
    ["--kubeconfig", "my kube"],
    ["-n", "shop,pay"],
    ["--request-timeout", "1m30s"],
    ["--cache-dir", "cache"],
    ["--equality", "envoy"],
  ].flat();
  const { stdout } = await scan([
    ...flags,
    "--insecure-skip-tls-verify",
    "--no-cache",
    "--show-equal",
    "-q",
    "--width",
    "400",
  ]);
  expect(stdout).toContain(
    "as JSON: drift scan --tolerate-unknown staging,prod-us1 --allow-stale 2h --context 'kind test' " +
      "--kubeconfig 'my kube' -n shop,pay --request-timeout 90s --insecure-skip-tls-verify --cache-dir cache " +
      "--no-cache --equality envoy --show-equal -o json\n",
  );
});

it.for([0, 1, 2] as const)("ends with the exit code %i of the result", async (exitCode) => {
  const outcome = await scan([], () => Promise.resolve({ ...scanResult([target("prod-eu1")]), exitCode }));
  expect(outcome.exitCode).toBe(exitCode);
});

it("shows progress on a terminal, gone before the report comes", async () => {
  const written: string[] = [];
  const keep = (text: string): Promise<void> => {
    written.push(text);
    return Promise.resolve();
  };
  await drift(["scan"], {
    shell: {
      cwd: folder,
      stdout: { isTerminal: true, write: keep },
      stderr: { isTerminal: true, columns: 80, write: keep },
    },
    pipelines: {
      scan: (request) => {
        request.onProgress("rendering 1 of 3");
        return drifted(request);
      },
    },
  });
  const erase = "\r\u001b[2K";
  expect(written.slice(0, 3)).toEqual([`${erase}${warning}`, `${erase}rendering 1 of 3`, erase]);
  expect(written).toHaveLength(4);
});
