import { judged } from "./judged-samples.ts";
import { expect, it } from "vitest";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import type { TextOptions } from "../../src/report/page.ts";
import { renderDiffText, renderText } from "../../src/report/render-text.ts";
import { cluster, manifests } from "./cluster-samples.ts";
import { diffResult, driftedDiff } from "./diff-samples.ts";
import { equal } from "./equal-samples.ts";
import { neverLive } from "./ineffective-samples.ts";
import { changed, drifted, everything, keyOf, now, scanResult, target, unknown } from "./samples.ts";

const plain: TextOptions = {
  colour: false,
  width: 100,
  now,
  details: false,
  wide: false,
  next: "drift scan -c drift.yaml -o json",
};

const stale = target("prod-us1", {
  source: {
    repository: "/srv/mesh.git",
    revision: "",
    commit: { sha: "9be01d2", author: "Tomás", date: "2026-11-21T10:14:50Z", subject: "Undo" },
    staleSince: "2026-11-21T07:00:00Z",
  },
});

const context = {
  warnings: ["https://git.example.com/mesh/base is rendered at branch main, which moves"],
  elsewhere: [{ key: keyOf("shop/VirtualService/grafana"), by: "Helm monitoring" }],
};

const inSyncEqual = target("prod-us1", { equalBy: drifted.equalBy.slice(0, 1), equal: equal.slice(0, 1) });

it.for<[string, ScanResult, Partial<TextOptions>]>([
  ["clean", scanResult([target("prod-eu1"), target("prod-us1", { inSync: 1 })]), {}],
  ["clean-with-context", scanResult([target("prod-eu1", context), target("prod-us1")]), {}],
  ["every-type", everything, {}],
  ["every-type-details", everything, { details: true }],
  ["every-type-narrow", everything, { width: 60 }],
  ["every-type-colour", everything, { colour: true }],
  ["equal-places", scanResult([{ ...drifted, equal, findings: [], unchecked: [] }, inSyncEqual]), {}],
  ["ineffective", scanResult(neverLive), {}],
  ["ineffective-alone", scanResult(neverLive.slice(0, 1)), {}],
  ["judged", scanResult([judged]), { explain: "drift explain -c drift.yaml" }],
  ["judged-wide", scanResult([judged]), { wide: true, width: 70 }],
  ["cluster", scanResult([cluster, manifests]), {}],
  ["unknown", scanResult([unknown, target("prod-us1")]), {}],
  ["unknown-tolerated", scanResult([unknown], { tolerated: ["staging"], exitCode: 0 }), {}],
  [
    "stale",
    scanResult([
      stale,
      {
        ...drifted,
        ...(stale.source && { source: stale.source }),
        findings: drifted.findings.slice(1, 2),
        unchecked: [],
      },
    ]),
    {},
  ],
])("looks as test/report/golden/%s.txt shows", async ([name, result, options]) => {
  await expect(renderText(result, { ...plain, ...options })).toMatchFileSnapshot(`golden/${name}.txt`);
});

it.for([
  ["diff-clean", diffResult()],
  ["diff-every-type", driftedDiff],
] as const)("looks as test/report/golden/%s.txt shows", async ([name, result]) => {
  const text = renderDiffText(result, { ...plain, next: "drift diff git/reviews.yaml - -o json" });
  await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
});

it("says the same with and without colour", () => {
  const coloured = renderText(everything, { ...plain, colour: true });
  // eslint-disable-next-line no-control-regex -- colour is made of control characters
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderText(everything, plain));
  expect(coloured).not.toBe(renderText(everything, plain));
});

it("lays out with ASCII characters only", () => {
  const result = scanResult([{ ...drifted, commits: {} }, unknown]);
  expect(renderText(result, { ...plain, width: 60, details: true })).toMatch(/^[\n\x20-\x7e]*$/);
});

it.for([100, 60])("keeps to a width of %i columns, but for words that would break", (width) => {
  const tooWide = renderText(everything, { ...plain, width, details: true })
    .split("\n")
    .filter((line) => line.length > width)
    .map((line) => line.trim().replace(/^(?:[~!+?-] [A-Za-z ]{8,12}|git|live|as JSON:|from) +/, ""));
  expect(tooWide.filter((line) => /\s/.test(line))).toEqual([]);
});

it("shows where two long values differ", () => {
  const same = "x".repeat(500);
  const result = diffResult({
    findings: [
      {
        type: "changed",
        key: keyOf("a/EnvoyFilter/b"),
        changes: [changed("spec.a", `${same}one`, `${same}two`)],
      },
    ],
  });
  const text = renderDiffText(result, plain);
  expect(text).toMatch(/git +\.\.\.x+one +live/);
  expect(text).toMatch(/live +\.\.\.x+two$/m);
  for (const line of text.split("\n").slice(0, -3)) expect(line.length).toBeLessThanOrEqual(plain.width);
});

it("neutralises control characters, wherever they come from", () => {
  const nasty = "a\u001b[31mb\nc\rd\u202ee";
  const result = scanResult(
    [
      {
        ...target(nasty),
        overlay: nasty,
        verdict: "drifted",
        source: {
          repository: nasty,
          revision: nasty,
          commit: { sha: nasty, author: nasty, date: nasty, subject: nasty },
          staleSince: nasty,
        },
        live: { cluster: nasty, source: nasty, asOf: nasty },
        kinds: [{ group: nasty, kind: nasty, verdict: "drifted", desired: 1, live: 1 }],
        findings: (["changed", "missing", "extra", "conflict"] as const).map((type) => ({
          type,
          key: { group: nasty, kind: nasty, namespace: nasty, name: nasty },
          changes: [
            { ...changed(nasty, nasty, [nasty]), undecided: [{ rule: nasty, missing: nasty }] },
            { ...changed(nasty, [nasty, "x"], ["x", nasty]), type: "reordered" },
          ],
          otherTarget: nasty,
          provenance: { file: nasty, changedBy: [{ file: nasty, by: nasty }] },
        })),
        commits: { [nasty]: { sha: nasty, author: nasty, date: nasty, subject: nasty } },
        notes: [{ key: keyOf(`${nasty}/x/y`), change: changed(nasty, nasty, nasty), reason: nasty }],
        unchecked: [{ what: nasty, key: keyOf(`${nasty}/x/y`), code: nasty, reason: nasty, hint: nasty }],
        elsewhere: [{ key: keyOf(`${nasty}/x/y`), by: nasty }],
        equalBy: [{ rule: nasty, level: nasty, reason: nasty, count: 1 }],
        warnings: [nasty],
      },
    ],
    { tolerated: [nasty] },
  );
  const text = renderText(result, { ...plain, details: true });
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text.split("\n").filter((line) => line.startsWith("c"))).toEqual([]);
});

it("shows a new order as both orders, one under the other", () => {
  const order = (path: string, desired: string[], live: string[]): string => {
    const change = { ...changed(path, desired, live), type: "reordered" as const };
    const result = diffResult({
      findings: [{ type: "changed", key: keyOf("a/VirtualService/b"), changes: [change] }],
    });
    return renderDiffText(result, { ...plain, width: 200 });
  };
  expect(order("spec.http", ["name=a", "name=b", "name=c"], ["name=b", "name=a", "name=c"])).toContain(
    `
      spec.http  another order
        git   a, b, c
        live  b, a, c
`,
  );
  expect(order("spec.configPatches", ["a", "b"], ["b", "a"])).toContain(
    `
      spec.configPatches  another order
        git   a, b
        live  b, a
`,
  );
});

it("groups what changed an object by file, without what every object passes", () => {
  const step = (file: string, by: string): { file: string; by: string } => ({ file, by });
  const changedBy = [
    step("overlays/prod/kustomization.yaml", "NamespaceTransformer"),
    step("overlays/prod/kustomization.yaml", "PatchTransformer"),
    step("overlays/prod/kustomization.yaml", "ReplacementTransformer"),
    step("overlays/prod/kustomization.yaml", "PatchTransformer"),
    step("base/kustomization.yaml", "LabelTransformer"),
  ];
  const finding = {
    type: "missing" as const,
    key: keyOf("a/VirtualService/b"),
    changes: [],
    provenance: { file: "base/b.yaml", changedBy },
  };
  const text = renderText(scanResult([target("prod", { verdict: "drifted", findings: [finding] })]), plain);
  expect(text).toContain(
    "changed by overlays/prod/kustomization.yaml (PatchTransformer, ReplacementTransformer)\n\n",
  );
});

it("explains every rule of equality when asked, and the levels once", () => {
  const text = renderText(scanResult([drifted, { ...drifted, name: "other" }]), { ...plain, details: true });
  expect(text).toMatch(/ {2}31 {2}E1 {3}duration-spelling\n +A duration is the time it lasts: 1m is 60s\.\n/);
  expect(text.match(/E1 the same to Istio's decoder/g)).toHaveLength(1);
  expect(renderText(scanResult([drifted]), plain)).not.toContain("E1");
});

it("leaves out of the summary what there is none of", () => {
  const summaryOf = (result: ScanResult): string | undefined =>
    renderText(result, { ...plain, width: 200 })
      .split("\n")
      .find((line) => /^\d+ targets?: /.test(line));
  expect(summaryOf(scanResult([target("a"), target("b")]))).toBe(
    "2 targets: 2 in sync; 84 resources in sync",
  );
  expect(summaryOf(scanResult([unknown]))).toBe("1 target: 1 unknown; 1 not compared, 0 resources in sync");
});

it("stays readable with 500 findings", () => {
  const findings = Array.from({ length: 500 }, (_, i) => ({
    type: "extra" as const,
    key: keyOf(`shop/VirtualService/extra-${String(i)}`),
    changes: [],
  }));
  const lines = renderText(scanResult([target("prod", { verdict: "drifted", findings })]), plain).split("\n");
  expect(lines.length).toBeLessThan(510);
  expect(lines.at(-3)).toBe("1 target: 1 drifted; 0 changed, 0 missing, 500 extra, 42 resources in sync");
});

it("takes any number of changes and of things not compared", () => {
  const changes = Array.from({ length: 150_000 }, (_, i) => changed(`spec.x[${String(i)}]`, 1, 2));
  const unchecked = Array.from({ length: 20_000 }, (_, i) => ({
    what: `file ${String(i)}`,
    code: "SNAPSHOT_CUT_OFF",
    reason: "cut off",
    hint: "",
  }));
  const finding = { type: "changed" as const, key: keyOf("a/EnvoyFilter/b"), changes };
  const result = diffResult({ findings: [finding], unchecked });
  const lines = renderDiffText(result, plain).split("\n");
  expect(lines.length).toBeGreaterThan(150_000);
  expect(lines).toContain("  ? NOT COMPARED  and 19991 more (-v names them)");
  const named = renderDiffText(diffResult({ unchecked }), { ...plain, details: true }).split("\n");
  expect(named.length).toBeGreaterThan(20_000);
});

it("counts notes beyond the tenth, and lists them when asked", () => {
  const notes = Array.from({ length: 12 }, (_, i) => ({
    key: keyOf(`shop/VirtualService/v${String(i)}`),
    change: changed("metadata.labels.team", "a", "b"),
    reason: "a label without mesh meaning",
  }));
  const result = diffResult({ notes });
  expect(renderDiffText(result, plain)).toContain("and 2 more (-v lists them)");
  expect(renderDiffText(result, plain)).not.toContain("shop/VirtualService/v11");
  expect(renderDiffText(result, { ...plain, details: true })).toContain("shop/VirtualService/v11");
});

it("lists a hundred places that were treated as equal, and counts the rest", () => {
  const [first] = equal;
  if (first === undefined) throw new Error("no place");
  const places = Array.from({ length: 130 }, (_, i) => ({
    ...first,
    path: `spec.http[${String(i)}].timeout`,
  }));
  const shown = renderText(
    scanResult([target("prod-eu1", { equalBy: drifted.equalBy, equal: places })]),
    plain,
  );
  expect(shown).toContain("spec.http[99].timeout");
  expect(shown).not.toContain("spec.http[100].timeout");
  expect(shown).toContain("\n    and 30 more places (-o json has all)\n");
});
