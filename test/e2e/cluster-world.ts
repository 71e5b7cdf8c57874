import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";
import { field, isList, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import { type DriftRun, runDrift } from "../support/run-drift.ts";

/** Git with one overlay and a configuration with one target on one cluster. */
export interface World {
  readonly folder: string;
  /** Runs `drift scan -o json` in it. */
  scan: (...args: readonly string[]) => Scan;
}

/** What a scan told of the one target. */
export interface Scan extends Pick<DriftRun, "exitCode" | "stderr"> {
  readonly verdict: string;
  /** "missing shop/VirtualService/reviews" */
  readonly findings: readonly string[];
  /** "FORBIDDEN VirtualService.networking.istio.io in namespace shop" */
  readonly unchecked: readonly string[];
  readonly inSync: number;
  /** "shop/mesh Helm mesh" */
  readonly elsewhere: readonly string[];
  /** By "Kind.group": the verdict. */
  readonly kinds: Readonly<Record<string, string>>;
  /** The whole document. */
  readonly document: Json;
}

/** Makes a world that ends with the test. `cluster` and `scope` are as the configuration has them. */
export function makeWorld(
  desired: readonly JsonObject[],
  cluster: JsonObject,
  scope: JsonObject = {},
): World {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-cluster-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const overlay = path.join(folder, "git/overlay");
  mkdirSync(overlay, { recursive: true });
  writeFileSync(path.join(overlay, "kustomization.yaml"), "resources: [mesh.yaml]\n");
  writeFileSync(path.join(overlay, "mesh.yaml"), desired.map((one) => stringify(one)).join("---\n"));
  commit(path.join(folder, "git"));
  const config = {
    version: 1,
    repository: { url: "git", revision: "main" },
    clusters: { c: cluster },
    targets: [{ name: "t", overlay: "overlay", cluster: "c", scope }],
  };
  writeFileSync(path.join(folder, "drift.yaml"), stringify(config));
  return { folder, scan: (...args) => scan(folder, args) };
}

function commit(folder: string): void {
  const run = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  run("init", "--quiet", "--initial-branch=main");
  run("add", "--all");
  run("commit", "--quiet", "--message=Mesh");
}

function scan(folder: string, args: readonly string[]): Scan {
  const { exitCode, stdout, stderr } = runDrift(
    [
      "scan",
      "-c",
      path.join(folder, "drift.yaml"),
      "--cache-dir",
      path.join(folder, "cache"),
      "-o",
      "json",
      ...args,
    ],
    { KUBECONFIG: "" },
  );
  const document = JSON.parse(stdout) as Json; // JSON on stdout is always valid.
  const [target] = listOf(document, "targets");
  return {
    exitCode,
    stderr,
    verdict: textField(target, "verdict"),
    findings: listOf(target, "findings").map(
      (one) => `${textField(one, "type")} ${placeOf(field(one, "key"))}`,
    ),
    unchecked: listOf(target, "unchecked").map(
      (one) => `${textField(one, "code")} ${textField(one, "what")}`,
    ),
    inSync: Number(field(target, "inSync")),
    elsewhere: listOf(target, "elsewhere").map(
      (one) => `${placeOf(field(one, "key"))} ${textField(one, "by")}`,
    ),
    kinds: Object.fromEntries(
      listOf(target, "kinds").map((one) => [textField(one, "kind"), textField(one, "verdict")]),
    ),
    document,
  };
}

function listOf(value: Json | undefined, name: string): readonly Json[] {
  const found = field(value, name);
  return isList(found) ? found : [];
}

function placeOf(key: Json | undefined): string {
  const namespace = textField(key, "namespace");
  return `${namespace === "" ? "" : `${namespace}/`}${textField(key, "kind")}/${textField(key, "name")}`;
}
