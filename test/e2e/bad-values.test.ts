import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { DiffResult } from "../../src/core/model/diff-result.ts";
import { runDrift } from "../support/run-drift.ts";

/** Two texts of one spec: as it should be, and as somebody broke it. */
interface BadValue {
  readonly name: string;
  readonly kind: string;
  readonly good: string;
  readonly bad: string;
  readonly apiVersion?: string;
}

const route = `"http":[{"route":[{"destination":{"host":"reviews"}}]}]`;
const subset = (version: string): string => `{"name":"v1","labels":{"version":"${version}"}}`;
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const code = "x".repeat(1_500_000);
const lua = (last: string): string =>
  `{"configPatches":[{"applyTo":"HTTP_FILTER","patch":{"operation":"ADD","value":{"name":"lua","typed_config":{"inlineCode":"${code}${last}"}}}}]}`;

const values: readonly BadValue[] = [
  {
    name: "a string where a list belongs",
    kind: "VirtualService",
    good: `{"hosts":["reviews"],${route}}`,
    bad: `{"hosts":"reviews",${route}}`,
  },
  {
    name: "a mapping where a list belongs, empty",
    kind: "VirtualService",
    good: `{"hosts":["reviews"],${route}}`,
    bad: `{"hosts":["reviews"],"exportTo":{},${route}}`,
  },
  {
    name: "a number as a host",
    kind: "VirtualService",
    good: `{"hosts":["7"],${route}}`,
    bad: `{"hosts":[7],${route}}`,
  },
  {
    name: "an unknown enum",
    kind: "DestinationRule",
    good: `{"host":"reviews","trafficPolicy":{"tls":{"mode":"MUTUAL"}}}`,
    bad: `{"host":"reviews","trafficPolicy":{"tls":{"mode":"MUTAL"}}}`,
  },
  {
    name: "an unknown enum instead of none",
    kind: "PeerAuthentication",
    apiVersion: "security.istio.io/v1",
    good: `{"mtls":{}}`,
    bad: `{"mtls":{"mode":"UNSETT"}}`,
  },
  {
    name: "a duplicate list key",
    kind: "DestinationRule",
    good: `{"host":"reviews","subsets":[${subset("a")}]}`,
    bad: `{"host":"reviews","subsets":[${subset("a")},${subset("b")}]}`,
  },
  {
    name: "a duplicate list key, in another order",
    kind: "DestinationRule",
    good: `{"host":"reviews","subsets":[${subset("a")},${subset("b")}]}`,
    bad: `{"host":"reviews","subsets":[${subset("b")},${subset("a")}]}`,
  },
  {
    name: "a duplicate key in the text",
    kind: "VirtualService",
    good: `{"hosts":["reviews"],${route}}`,
    bad: `{"hosts":["ratings"],"hosts":["reviews"],${route}}`,
  },
  {
    name: "a field that is given up, of the wrong type",
    kind: "DestinationRule",
    good: `{"host":"reviews","trafficPolicy":{"outlierDetection":{"consecutiveErrors":7}}}`,
    bad: `{"host":"reviews","trafficPolicy":{"outlierDetection":{"consecutiveErrors":"many"}}}`,
  },
  { name: "1.5 MB, the last letter", kind: "EnvoyFilter", good: lua("a"), bad: lua("b") },
  {
    name: "a free-form value 5,000 deep",
    kind: "WasmPlugin",
    apiVersion: "extensions.istio.io/v1alpha1",
    good: `{"url":"file:///a.wasm","pluginConfig":${deep(1)}}`,
    bad: `{"url":"file:///a.wasm","pluginConfig":${deep(5000)}}`,
  },
  {
    name: "a free-form value 5,000 deep on both sides",
    kind: "WasmPlugin",
    apiVersion: "extensions.istio.io/v1alpha1",
    good: `{"url":"file:///a.wasm","pluginConfig":${deep(5000)}}`,
    bad: `{"url":"file:///a.wasm","pluginConfig":${deep(5000)}}`,
  },
  {
    name: "__proto__",
    kind: "VirtualService",
    good: `{"hosts":["reviews"],${route}}`,
    bad: `{"hosts":["reviews"],"__proto__":{"hosts":["ratings"]},${route}}`,
  },
  {
    name: "__proto__ in a map",
    kind: "AuthorizationPolicy",
    apiVersion: "security.istio.io/v1",
    good: `{"selector":{"matchLabels":{"app":"reviews"}}}`,
    bad: `{"selector":{"matchLabels":{"app":"reviews","__proto__":"x"}}}`,
  },
];

const folder = mkdtempSync(path.join(tmpdir(), "drift-bad-values-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(
  file: string,
  { kind, apiVersion = "networking.istio.io/v1" }: BadValue,
  spec: string,
): string {
  const metadata = `{"name":"reviews","namespace":"shop"}`;
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(
    full,
    `{"apiVersion":"${apiVersion}","kind":"${kind}","metadata":${metadata},"spec":${spec}}`,
  );
  return full;
}

/** What `drift diff` makes of it, with the broken one on one side. */
function diff(value: BadValue, side: "git" | "live", index: number) {
  const [good, bad] = [
    write(`${String(index)}/good.json`, value, value.good),
    write(`${String(index)}/bad.json`, value, value.bad),
  ];
  const args = ["diff", ...(side === "git" ? [bad, good] : [good, bad]), "-o", "json"];
  const { exitCode, stdout, stderr } = runDrift(args);
  const { findings, unchecked } = JSON.parse(stdout) as DiffResult;
  const told = [
    ...findings.flatMap(({ type, changes }) =>
      changes.length === 0 ? [type] : changes.map((change) => `${change.type} ${change.path}`),
    ),
    ...unchecked.map(({ code: error, what, reason }) => `${error} ${what}: ${reason}`),
  ];
  return { name: value.name, side, exitCode, told: told.join("<br>"), stderr };
}

describe("a bad value", () => {
  const results = values.flatMap((value, index) =>
    (["git", "live"] as const).map((side) => diff(value, side, index)),
  );

  it("is told as the table says", async () => {
    const rows = results.map(({ name, side, exitCode, told }) => [name, side, String(exitCode), told]);
    const head = ["bad value", "in", "exit", "what is told"];
    const text = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
    await expect(text.replaceAll(folder, "")).toMatchFileSnapshot("bad-values.md");
  });

  it.for(results)(
    "$name in $side: is never called equal, and ends in no crash",
    ({ exitCode, told, stderr }) => {
      expect([1, 2]).toContain(exitCode);
      expect(told).not.toBe("");
      expect(stderr).not.toMatch(/\n\s+at |RangeError|TypeError/);
    },
  );
});
