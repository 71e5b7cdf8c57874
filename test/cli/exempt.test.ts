import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { beforeEach, expect, it } from "vitest";
import { connectPipelines } from "../../src/cli/connect.ts";
import { applyExemptions } from "../../src/core/judge/exemptions.ts";
import { parseExemptions } from "../../src/core/judge/parse-exemptions.ts";
import { Readable } from "node:stream";
import { resource, virtualService } from "../support/resources.ts";
import { change, finding } from "../core/judge/findings.ts";
import { commitFiles, createRepository, git, tempFolder } from "../adapters/git/test-repository.ts";
import { drift, type Outcome } from "./fake-shell.ts";

const policy = (mode: string) =>
  resource(`
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
`);

const reviews = (timeout: string) =>
  virtualService(
    `{ hosts: [reviews], http: [{ name: primary, timeout: ${timeout}, route: [{ destination: { host: reviews } }] }] }`,
  );
const ratings = virtualService(
  "{ hosts: [ratings], http: [{ route: [{ destination: { host: ratings } }] }] }",
  "ratings",
);

const config = `
version: 1
repository: { url: ., revision: main }
clusters: { eu1: { snapshot: live.yaml }, us1: { snapshot: live.yaml } }
targets:
  - { name: eu1, manifests: eu1, cluster: eu1, scope: { namespaces: [shop] } }
  - { name: other, manifests: eu1, cluster: us1, repository: ../other, scope: { namespaces: [shop] } }
`;

let folder: string;
let cache: string;

beforeEach(async () => {
  const manifests = [reviews("5s"), policy("STRICT")].map(({ object }) => stringify(object)).join("---\n");
  folder = await createRepository({ "eu1/mesh.yaml": manifests, "drift.yaml": config });
  cache = tempFolder();
  const live = [reviews("30s"), policy("PERMISSIVE"), ratings].map(({ object }) => stringify(object));
  writeFileSync(path.join(folder, "live.yaml"), `${live.join("---\n")}---\n`);
});

const now = new Date("2026-11-21T10:00:00Z");
const words = ["--reason", "slow bank", "--until", "2026-12-01"];

function run(argv: readonly string[]): Promise<Outcome> {
  const world = { stdin: Readable.from([]), packageFolder: path.resolve(import.meta.dirname, "../..") };
  const shell = { cwd: folder, now: () => now };
  return drift([...argv, "--cache-dir", cache], { shell, pipelines: connectPipelines(world) });
}

function exemptionsNow() {
  const text = readFileSync(path.join(folder, ".drift/exemptions.yaml"), "utf8");
  const reading = {
    file: ".drift/exemptions.yaml",
    limits: { maxLengthMs: 30 * 86_400_000 },
    nowMs: now.getTime(),
  };
  return parseExemptions(text, reading);
}

it("prints a patch that exempts a finding, to be applied and read back", async () => {
  const { exitCode, stdout, stderr } = await run([
    ...["exempt", "eu1", "shop/VirtualService/reviews", "--ticket", "INC-1", "--by", "ines@example.com"],
    ...["--path", "spec.http[*].timeout", ...words],
  ]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `1 entry for .drift/exemptions.yaml: pipe it into \`git apply --index\` in a clone of ${folder}, on its default branch, and have it reviewed\n`,
  });
  git(folder, ["apply", "--index"], stdout);
  const { exemptions, problems } = exemptionsNow();
  expect(problems).toEqual([]);
  const drifted = finding([change("spec.http[name=primary].timeout")]);
  expect(applyExemptions(drifted, "eu1", exemptions, { tier0: false }).isCovered).toBe(true);
  expect(applyExemptions(drifted, "other", exemptions, { tier0: false }).isCovered).toBe(false);
});

it("exempts everything in a baseline but what weakens security, and nothing twice", async () => {
  const first = await run(["baseline", "-t", "eu1", ...words]);
  expect(first.exitCode).toBe(0);
  expect(first.stderr).toContain(
    "left out: eu1 shop/PeerAuthentication/default spec.mtls.mode: it weakens security\n",
  );
  git(folder, ["apply", "--index"], first.stdout);
  expect(exemptionsNow().exemptions.map(({ key, paths }) => ({ name: key.name, paths }))).toEqual([
    { name: "ratings", paths: undefined },
    { name: "reviews", paths: ["spec.http[name=primary].timeout"] },
  ]);
  await commitFiles(folder, {}, "Baseline");
  const second = await run(["baseline", "-t", "eu1", ...words]);
  expect(second).toMatchObject({ exitCode: 0, stdout: "" });
  expect(second.stderr).toMatch(/nothing to exempt\n$/);
});

it.for([
  [["exempt", "eu2", "shop/VirtualService/reviews"], '--target: there is no target "eu2"'],
  [
    ["exempt", "eu1", "shop/VirtualServce/reviews"],
    'is no kind of the mesh (did you mean "VirtualService"?)',
  ],
  [
    ["exempt", "eu1", "shop/VirtualService/review"],
    "target eu1 has no finding about shop/VirtualService/review (did you mean",
  ],
  [
    ["exempt", "eu1", "shop/VirtualService/reviews", "--path", "spec.tcp"],
    "shop/VirtualService/reviews does not differ at spec.tcp",
  ],
  [
    ["exempt", "eu1", "shop/VirtualService/ratings", "--path", "spec"],
    "shop/VirtualService/ratings is extra: it has no paths",
  ],
  [
    ["exempt", "eu1", "shop/PeerAuthentication/default"],
    "shop/PeerAuthentication/default: it weakens security",
  ],
  [["baseline"], "the targets are in several repositories"],
] as const)("refuses %j", async ([argv, message]) => {
  const { exitCode, stdout, stderr } = await run([...argv, ...words]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(message);
});

it.for([
  [["--reason", "x", "--until", "2027-12-01"], "no exemption: it ends later than in 30 days"],
  [["--reason", "x", "--until", "2026-11-01"], "no exemption: the end is in the past"],
  [["--reason", "x", "--until", "soon"], 'until "soon" is no day'],
  [["--reason", " ", "--until", "2026-12-01"], '--reason " ": expected a text'],
  [["--until", "2026-12-01"], "required option '--reason <text>' not specified"],
  [["--reason", "x"], "required option '--until <day>' not specified"],
] as const)("refuses the words %j", async ([argv, message]) => {
  const { exitCode, stdout, stderr } = await run(["exempt", "eu1", "shop/VirtualService/reviews", ...argv]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(message);
});

it("reads the default branch, whatever revision the target is at", async () => {
  git(folder, ["checkout", "-q", "-b", "feature"]);
  mkdirSync(path.join(folder, ".drift"));
  await commitFiles(folder, { ".drift/exemptions.yaml": "version: 1\nexemptions:\n  - {}\n" }, "On a branch");
  const { stderr, stdout } = await run(["exempt", "eu1", "shop/VirtualService/reviews", ...words]);
  expect(stderr).toContain("drift: warning: .drift/exemptions.yaml:3 does not count: ");
  expect(stdout).toContain("--- a/.drift/exemptions.yaml\n");
});
