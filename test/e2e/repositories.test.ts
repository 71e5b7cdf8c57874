import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import { formatKey } from "../../src/core/model/resource.ts";
import { runDrift } from "../support/run-drift.ts";

// Each test runs a process that fetches from Git and renders.
vi.setConfig({ testTimeout: 60_000 });

/**
 * Two repositories: `mesh`, whose tag v1 has a timeout of 5s and whose main has 9s, and `bases`, of which `mesh` uses
 * the tag v1 and, in one overlay, the branch main. `bases` itself has a base in `deep`.
 */
const root = mkdtempSync(path.join(tmpdir(), "drift-repositories-"));
const url = (name: string): string => `file://${path.join(root, name)}`;

function git(repository: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  return execFileSync("git", ["-C", path.join(root, repository), ...identity, ...args], {
    encoding: "utf8",
  }).trim();
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function commit(repository: string, files: Readonly<Record<string, string>>, tag?: string): void {
  mkdirSync(path.join(root, repository), { recursive: true });
  write(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`${repository}/${name}`, content])),
  );
  git(repository, "init", "--quiet", "--initial-branch=main");
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "--message", tag ?? "next");
  if (tag !== undefined) git(repository, "tag", tag);
}

const virtualService = (name: string, timeout: string, namespace = "shop") =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { hosts: [${name}], http: [{ timeout: ${timeout}, route: [{ destination: { host: ${name} } }] }] }\n`;

function kustomization(...resources: readonly string[]): string {
  return `resources: ${JSON.stringify(resources)}\n`;
}

beforeAll(() => {
  commit(
    "deep",
    { "kustomization.yaml": kustomization("vs.yaml"), "vs.yaml": virtualService("deep", "1s") },
    "v1",
  );
  commit(
    "bases",
    {
      "common/kustomization.yaml": kustomization("vs.yaml", "../shared"),
      "common/vs.yaml": virtualService("common", "2s"),
      "shared/kustomization.yaml": kustomization(`${url("deep")}?ref=v1`),
    },
    "v1",
  );
  commit("bases", { "common/vs.yaml": virtualService("common", "20s") });
  commit(
    "mesh",
    {
      "prod/kustomization.yaml": kustomization("vs.yaml"),
      "prod/vs.yaml": virtualService("web", "5s"),
      "remote/kustomization.yaml": kustomization(`${url("bases")}//common?ref=v1`),
      "moving/kustomization.yaml": kustomization(`${url("bases")}//common?ref=main`),
      "gone/kustomization.yaml": kustomization(`${url("bases")}//common?ref=v9`),
      "option/kustomization.yaml": kustomization(`${url("bases")}//common?ref=--upload-pack=touch`),
      "rendered/all.yaml": virtualService("web", "5s"),
      "templated/all.yaml": virtualService("'${NAME}'", "'${TIMEOUT:-5s}'"),
    },
    "v1",
  );
  commit("mesh", { "prod/vs.yaml": virtualService("web", "9s") });
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let runs = 0;

/** Scans with targets of the mesh repository against live objects. */
function scan(
  targets: readonly string[],
  live: readonly string[],
  more: { readonly render?: string; readonly repository?: string } = {},
): { readonly result: ScanResult; readonly exitCode: number | null; readonly stderr: string } {
  const folder = `run-${String(++runs)}`;
  const listed = targets.map((target, index) => `- { name: t${String(index)}, cluster: c, ${target} }`);
  write({
    [`${folder}/live.yaml`]: `${live.join("---\n")}---\n`,
    [`${folder}/drift.yaml`]: `version: 1
repository: ${more.repository ?? "../mesh"}
clusters: { c: { snapshot: live.yaml, kinds: [VirtualService] } }
targets:
${listed.join("\n")}
${more.render ?? ""}
`,
  });
  const config = path.join(root, folder, "drift.yaml");
  const run = runDrift(["scan", "-c", config, "--cache-dir", path.join(root, "cache"), "-o", "json"]);
  return { result: JSON.parse(run.stdout) as ScanResult, exitCode: run.exitCode, stderr: run.stderr };
}

/** What was found of the first target. */
function told({ result }: ReturnType<typeof scan>): object {
  const [target] = result.targets;
  return {
    changes: target?.findings.flatMap(({ changes }) =>
      changes.map(({ path: at, desired, live }) => [at, desired?.value, live?.value]),
    ),
    unchecked: target?.unchecked.map(({ code }) => code),
    inSync: target?.inSync,
  };
}

const allowed = `render: { remoteBases: [{ repository: "file://${root}/*" }] }`;
const movingAllowed = `render: { remoteBases: [{ repository: "file://${root}/*", branches: true }] }`;
const timeout = "spec.http[0].timeout";

describe("revisions", () => {
  it.for([
    ["the default branch", "overlay: prod", "9s"],
    ["a branch", "overlay: prod, revision: main", "9s"],
    ["a tag", "overlay: prod, revision: v1", "5s"],
  ] as const)("compares with %s", ([, target, desired]) => {
    expect(told(scan([target], [virtualService("web", "30s")]))).toEqual({
      changes: [[timeout, desired, "30s"]],
      unchecked: [],
      inSync: 0,
    });
  });

  it("compares with a commit, and with another repository", () => {
    const own = `overlay: prod, repository: { url: "${url("mesh")}", revision: ${git("mesh", "rev-parse", "v1")} }`;
    expect(told(scan([own], [virtualService("web", "5s")], { repository: "../bases" }))).toMatchObject({
      changes: [],
      inSync: 1,
    });
  });

  it("does not know a revision that is not there, and goes on with the other targets", () => {
    const run = scan(["overlay: prod, revision: v7", "overlay: prod"], [virtualService("web", "9s")]);
    expect(run.exitCode).toBe(2);
    expect(run.result.targets.map(({ verdict, unchecked }) => [verdict, unchecked[0]?.code])).toEqual([
      ["unknown", "REVISION_NOT_FOUND"],
      ["in-sync", undefined],
    ]);
  });
});

describe("remote bases", () => {
  const live = [virtualService("common", "2s"), virtualService("deep", "1s")];

  it("are fetched at their tag where their repository is allowed, nested and relative ones too", () => {
    const run = scan(["overlay: remote"], live, { render: allowed });
    expect([run.exitCode, run.stderr, told(run)]).toEqual([0, "", { changes: [], unchecked: [], inSync: 2 }]);
  });

  it("tell in which repository, at which ref, an object stands", () => {
    const run = scan(["overlay: remote"], [virtualService("common", "3s"), virtualService("deep", "1s")], {
      render: allowed,
    });
    expect(
      run.result.targets[0]?.findings.map(({ key, provenance }) => [formatKey(key), provenance?.file]),
    ).toEqual([["shop/VirtualService/common", `${url("bases")}@v1:common/vs.yaml`]]);
  });

  it.for([
    ["nothing is allowed", "remote", "", "RENDER_REFUSED", "are not allowed"],
    [
      "another repository is allowed",
      "remote",
      'render: { remoteBases: [{ repository: "file:///srv/other/*" }] }',
      "RENDER_REFUSED",
      "are not allowed",
    ],
    ["it names a branch", "moving", allowed, "RENDER_REFUSED", "main is a branch, which moves"],
    ["its ref is not there", "gone", allowed, "REMOTE_BASE_FAILED", 'the revision "v9" was not found'],
    ["its ref is an option", "option", movingAllowed, "RENDER_REFUSED", "ref"],
  ] as const)("are refused where %s", ([, overlay, render, code, reason]) => {
    const run = scan([`overlay: ${overlay}`, "overlay: prod"], [virtualService("web", "9s"), ...live], {
      render,
    });
    expect(run.exitCode).toBe(2);
    expect(run.result.targets[0]?.unchecked[0]).toMatchObject({
      code,
      reason: expect.stringContaining(reason) as unknown,
    });
    expect(run.result.targets[0]?.unchecked[0]?.reason).toContain(
      `${overlay}/kustomization.yaml, resources[0]`,
    );
    expect(run.result.targets[1]?.verdict).toBe("in-sync");
  });

  it("may follow a branch where that is allowed, and then it is said", () => {
    const run = scan(["overlay: moving"], [virtualService("common", "20s"), virtualService("deep", "1s")], {
      render: movingAllowed,
    });
    expect(told(run)).toEqual({ changes: [], unchecked: [], inSync: 2 });
    const commit = git("bases", "rev-parse", "main");
    expect(run.result.targets[0]).toMatchObject({
      warnings: [`remote base ${url("bases")}: branch main moves; it is at ${commit.slice(0, 7)} now`],
      bases: [
        { repository: url("bases"), ref: "main", commit },
        { repository: url("deep"), ref: "v1", commit: git("deep", "rev-parse", "v1") },
      ],
    });
  });

  it("are looked at again when a branch has moved, although the overlay has not changed", () => {
    const target = ["overlay: moving"];
    scan(target, live, { render: movingAllowed });
    commit("bases", { "common/vs.yaml": virtualService("common", "40s") });
    const run = scan(target, [virtualService("common", "40s"), virtualService("deep", "1s")], {
      render: movingAllowed,
    });
    expect(told(run)).toEqual({ changes: [], unchecked: [], inSync: 2 });
  });
});

describe("what the deployer adds", () => {
  const patch = "- { op: replace, path: /spec/http/0/timeout, value: 7s }";

  it("is part of what Git wants", () => {
    const target = `overlay: prod, transform: { namespace: team, namePrefix: a-, patches: [{ target: { kind: VirtualService }, patch: "${patch}" }] }`;
    const live = virtualService("web", "7s", "team").replace("{ name: web", "{ name: a-web");
    expect(told(scan([target], [live]))).toEqual({ changes: [], unchecked: [], inSync: 1 });
  });

  it("is warned of where it has nothing to work on", () => {
    const target = `overlay: prod, transform: { patches: [{ target: { kind: Gateway }, patch: "${patch}" }] }`;
    expect(scan([target], [virtualService("web", "9s")]).result.targets[0]?.warnings).toEqual([
      "transform.patches[0] matches nothing that is rendered",
    ]);
  });
});

describe("manifests", () => {
  it("are compared as they stand", () => {
    const run = scan(["manifests: rendered"], [virtualService("web", "6s")]);
    expect(told(run)).toEqual({ changes: [[timeout, "5s", "6s"]], unchecked: [], inSync: 0 });
    expect(run.result.targets[0]).toMatchObject({ manifests: "rendered" });
    expect(run.result.targets[0]).not.toHaveProperty("overlay");
  });

  it("get their values put in; without one nobody knows what the object is", () => {
    const named = scan(
      ["manifests: templated/all.yaml, transform: { substitute: { NAME: web } }"],
      [virtualService("web", "5s")],
    );
    expect(told(named)).toEqual({ changes: [], unchecked: [], inSync: 1 });
    const open = scan(["manifests: templated/all.yaml"], [virtualService("web", "5s")]);
    expect([open.exitCode, told(open)]).toEqual([
      2,
      { changes: [], unchecked: ["UNRESOLVED_VARIABLE"], inSync: 0 },
    ]);
  });
});
