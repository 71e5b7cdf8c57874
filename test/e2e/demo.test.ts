import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDemo } from "../../scripts/make-demo.mjs";
import { formatKey } from "../../src/core/model/resource.ts";
import type { DiffResult } from "../../src/core/model/diff-result.ts";
import type { Change } from "../../src/core/model/finding.ts";
import type { ScanResult, Verdict } from "../../src/core/model/scan-result.ts";
import { runDiff } from "../../src/pipeline/diff.ts";
import { wireInput } from "../../src/wire.ts";
import { type DriftRun, runDrift } from "../support/run-drift.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/", import.meta.url));

interface Expected {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly findings: readonly {
    readonly target: string;
    readonly key: string;
    readonly type: string;
    readonly edit: string;
    readonly changes: readonly {
      type: string;
      path: string;
      pointer: string;
      desired?: unknown;
      live?: unknown;
    }[];
  }[];
}

const expected = JSON.parse(readFileSync(path.join(fixtures, "expected.json"), "utf8")) as Expected;

function plain({ type, path: at, desired, live }: Change): object {
  return { type, path: at, ...(desired && { desired: desired.value }), ...(live && { live: live.value }) };
}

function wanted({ type, path: at, desired, live }: Expected["findings"][number]["changes"][number]): object {
  return { type, path: at, ...(desired !== undefined && { desired }), ...(live !== undefined && { live }) };
}

describe("the demo", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-demo-"));
  const config = path.join(folder, "demo/drift.yaml");
  const cache = path.join(folder, "cache");
  let run: DriftRun;
  let result: ScanResult;

  beforeAll(() => {
    makeDemo(path.join(folder, "demo"), Date.now());
    run = runDrift(["scan", "-c", config, "--cache-dir", cache, "-o", "json"]);
    result = JSON.parse(run.stdout) as ScanResult;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("exits with 1: there is drift, and everything was compared", () => {
    expect([run.exitCode, run.stderr]).toEqual([1, ""]);
    expect(result.targets.flatMap(({ unchecked }) => unchecked)).toEqual([]);
  });

  it("finds every edit, field by field, and none of the noise", () => {
    const found = result.targets.flatMap(({ name, findings }) =>
      findings.map(({ type, key, changes }) => ({
        target: name,
        type,
        key: formatKey(key),
        changes: changes.map(plain),
      })),
    );
    const edits = expected.findings.map(({ target, type, key, changes }) => ({
      target,
      type,
      key,
      changes: changes.map(wanted),
    }));
    const byKey = (a: { target: string; key: string }, b: { target: string; key: string }): number =>
      `${a.target} ${a.key}` < `${b.target} ${b.key}` ? -1 : 1;
    expect(found.toSorted(byKey)).toEqual(edits.toSorted(byKey));
    expect(Object.fromEntries(result.targets.map(({ name, verdict }) => [name, verdict]))).toEqual(
      expected.verdicts,
    );
  });

  it("lists what another deployer delivered, and does not call it drift", () => {
    const elsewhere = result.targets.flatMap((target) =>
      target.elsewhere.map(({ key, by }) => `${formatKey(key)} ${by}`),
    );
    expect(elsewhere).toEqual(["shop/AuthorizationPolicy/allow-prometheus Helm prometheus-mesh"]);
  });

  it("says where each desired value comes from", () => {
    const changed = result.targets.flatMap(({ findings, commits }) =>
      findings
        .filter(({ type }) => type !== "extra")
        .map(({ provenance }) => commits[provenance?.file ?? ""]?.author),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(changed).not.toContain(undefined);
  });

  it("is JSON of the checked-in schema", () => {
    const schema = JSON.parse(
      readFileSync(new URL("../../schema/scan-result.schema.json", import.meta.url), "utf8"),
    ) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    expect(validate(result) ? [] : validate.errors).toEqual([]);
  });

  it("needs the renderer no second time, and says the same", () => {
    const again = runDrift(["scan", "-c", config, "--cache-dir", cache, "-o", "json"]);
    const { targets } = JSON.parse(again.stdout) as ScanResult;
    // What was new is known by now.
    const told = (all: ScanResult["targets"]) =>
      JSON.stringify(all.map(({ findings }) => findings)).replaceAll('"state":"new"', '"state":"open"');
    expect(told(targets)).toBe(told(result.targets));
  });
});

async function diff(folder: string): Promise<DiffResult> {
  const paths = { desired: `${fixtures}${folder}/git.yaml`, live: `${fixtures}${folder}/live.yaml` };
  const options = {
    equality: "istio",
    metadata: "declared",
    mesh: {},
    fingerprintKey: "key",
    version: "0",
  } as const;
  return runDiff(paths, await wireInput(process.stdin), options);
}

describe("drift diff on the fixtures", () => {
  it.for(expected.findings)("finds the edit $edit", async ({ edit, type, changes }) => {
    const { findings, exitCode } = await diff(`edits/${edit}`);
    expect(findings.map((finding) => [finding.type, finding.changes.map(plain)])).toEqual([
      [type, changes.map(wanted)],
    ]);
    expect(exitCode).toBe(1);
  });

  it.for(readdirSync(`${fixtures}respellings`))("calls the two spellings of %s equal", async (name) => {
    expect(await diff(`respellings/${name}`)).toMatchObject({ verdict: "in-sync", exitCode: 0, notes: [] });
  });
});
