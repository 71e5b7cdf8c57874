import { writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { parseAllDocuments, stringify } from "yaml";
import { beforeEach, expect, it } from "vitest";
import { connectPipelines } from "../../src/cli/connect.ts";
import type { JsonObject } from "../../src/core/model/json.ts";
import { createRepository, tempFolder } from "../adapters/git/test-repository.ts";
import { resource, virtualService } from "../support/resources.ts";
import { drift, type Outcome } from "./fake-shell.ts";

const reviews = (timeout: string) =>
  virtualService(
    `{ hosts: [reviews], http: [{ name: "on", timeout: ${timeout}, route: [{ destination: { host: reviews } }] }] }`,
  );
const rule = resource(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, subsets: [{ name: v1, labels: { version: "1e3" } }] }
`);
const open = virtualService('{ hosts: ["${HOST}"], http: [{ timeout: 1s }] }', "open");
const stray = resource(
  "{ apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: stray, namespace: shop }, spec: {} }",
);

const config = `
version: 1
repository: { url: ., revision: main }
clusters: { eu1: { snapshot: live.yaml }, us1: { context: us1, kubeconfig: kube.yaml } }
targets:
  - { name: eu1, manifests: eu1, cluster: eu1, scope: { namespaces: [shop] } }
  - { name: half, manifests: half, cluster: eu1 }
  - { name: none, overlay: none, cluster: us1 }
`;

function text(...objects: readonly { readonly object: JsonObject }[]): string {
  return objects.map(({ object }) => stringify(object, { version: "1.1" })).join("---\n");
}

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = await createRepository({
    "eu1/mesh.yaml": text(reviews("5s"), rule, open),
    "half/mesh.yaml": text(reviews("5s")),
    "half/broken.yaml": "kind: [",
    "drift.yaml": config,
  });
  cache = tempFolder();
  writeFileSync(path.join(folder, "live.yaml"), text(reviews("30s"), stray));
});

function run(argv: readonly string[]): Promise<Outcome> {
  const world = { stdin: Readable.from([]), packageFolder: path.resolve(import.meta.dirname, "../..") };
  const pipelines = connectPipelines(world);
  const shell = { cwd: folder, now: () => new Date("2026-11-21T10:00:00Z") };
  return drift([...argv, "--cache-dir", cache], { shell, pipelines });
}

function objectsIn({ stdout }: Outcome): readonly unknown[] {
  return parseAllDocuments(stdout).map((document) => document.toJS() as unknown);
}

it("prints one object as Git has it, for kubectl", async () => {
  const done = await run(["render", "eu1", "shop/DestinationRule/reviews"]);
  expect(done).toMatchObject({ exitCode: 0, stderr: "" });
  expect(objectsIn(done)).toEqual([rule.object]);
  // Readers of YAML 1.1, as kubectl is one, would take it for a number.
  expect(done.stdout).toContain("version: '1e3'");
});

it("prints all that Git has, and says what only the deployer knows", async () => {
  const done = await run(["render", "eu1"]);
  expect(done.exitCode).toBe(2);
  expect(done.stderr).toContain("shop/VirtualService/open: nobody gave ${HOST} a value. Name the values");
  expect(objectsIn(done)).toEqual([rule.object, open.object, reviews("5s").object]);
});

it.for([
  [["eu1", "shop/VirtualService/open"], 2, "shop/VirtualService/open: nobody gave ${HOST} a value"],
  [
    ["eu1", "shop/VirtualService/review"],
    3,
    'Git has no shop/VirtualService/review in target eu1 (did you mean "shop/VirtualService/reviews"?)',
  ],
  [["half", "shop/VirtualService/other"], 3, "not all of it could be read"],
  [["eu1", "reviews"], 3, '<key> "reviews": it has not two or three parts'],
  [["eu2"], 3, '--target: there is no target "eu2" (did you mean "eu1"?)'],
  [["none"], 2, "overlay none: "],
] as const)("refuses to print %j", async ([argv, exitCode, message]) => {
  const done = await run(["render", ...argv]);
  expect(done).toMatchObject({ exitCode, stdout: "" });
  expect(done.stderr).toContain(message);
});

it("prints the commands in safe order, and runs none", async () => {
  const done = await run(["revert", "eu1", "-o", "json", "--no-state"]);
  const { steps, unchecked } = JSON.parse(done.stdout) as {
    readonly steps: readonly { readonly run: string; readonly tryOut: string }[];
    readonly unchecked: number;
  };
  const shown = `--cache-dir ${cache} eu1`;
  expect(done.exitCode).toBe(2);
  // Beside this target another one of the cluster could not be read: nobody deletes what it may want.
  expect(unchecked).toBeGreaterThan(0);
  expect(steps.map((step) => step.run.replace(shown, "eu1"))).toEqual([
    "drift render eu1 shop/DestinationRule/reviews | kubectl create --context=eu1 --namespace=shop --filename=-",
    "drift render eu1 shop/VirtualService/open | kubectl create --context=eu1 --namespace=shop --filename=-",
    "drift render eu1 shop/VirtualService/reviews | kubectl apply --context=eu1 --namespace=shop --filename=-",
  ]);
  expect(steps.every(({ tryOut }) => tryOut.includes("--dry-run=server"))).toBe(true);
});

it("prints the commands for the objects that are named", async () => {
  const { stdout } = await run(["revert", "eu1", "shop/VirtualService/reviews"]);
  expect(stdout).toContain("eu1 goes back to Git by 1 command, in this order.");
  expect(stdout).toContain(
    "eu1 is the name of the cluster in drift.yaml: put your own context in its place.",
  );
  expect(stdout).not.toContain("DestinationRule");
});

it.for([
  [["shop/VirtualService/nothing"], "target eu1 has no finding about shop/VirtualService/nothing"],
  [["shop/Virtual/reviews"], '"Virtual" is no kind of the mesh'],
] as const)("refuses to go back to %j", async ([keys, message]) => {
  const done = await run(["revert", "eu1", ...keys]);
  expect(done).toMatchObject({ exitCode: 3, stdout: "" });
  expect(done.stderr).toContain(message);
});

it("says which object may be meant", async () => {
  const done = await run(["revert", "eu1", "shop/VirtualService/review"]);
  expect(done).toMatchObject({ exitCode: 3, stdout: "" });
  expect(done.stderr).toContain('(did you mean "shop/VirtualService/reviews"?)');
});
