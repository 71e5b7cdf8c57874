import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readBuiltInRules } from "../../../src/config/built-in.ts";
import { compare } from "../../../src/core/compare/compare.ts";
import { withRisk } from "../../../src/core/judge/risk.ts";
import type { Change, Direction, Finding } from "../../../src/core/model/finding.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import type { RiskRule } from "../../../src/core/model/risk-rule.ts";

interface Case {
  readonly says: string;
  /** "Kind.group namespace/name" */
  readonly of: string;
  readonly git?: Json;
  readonly live?: Json;
  readonly labels?: { readonly git: JsonObject; readonly live: JsonObject };
  /** Of the live side. */
  readonly annotations?: JsonObject;
  /** Without sides: the type of the finding. */
  readonly found?: Finding["type"];
  /** "rule tier" */
  readonly is: string;
}

const file = fileURLToPath(new URL("risk-cases.yaml", import.meta.url));
// The file is ours; a slip in it fails the tests that read it.
const cases = parse(readFileSync(file, "utf8")) as readonly Case[];

const { risk: builtIn } = await readBuiltInRules(fileURLToPath(new URL("../../..", import.meta.url)));
const rules = { own: [], builtIn, rootNamespace: "istio-system" };

function keyOf(of: string): Finding["key"] {
  const [, kind = "", group = "", namespace = "", name = ""] =
    /^([^. ]+)\.?(\S*) ([^/]*)\/(.*)$/.exec(of) ?? [];
  return { group, kind, namespace, name };
}

function sides(given: Case): { readonly git: JsonObject[]; readonly live: JsonObject[] } {
  const { group, kind, namespace, name } = keyOf(given.of);
  const side = (which: "git" | "live"): JsonObject[] => {
    const value = given.labels === undefined ? given[which] : {};
    if (value === undefined) return [];
    const metadata = {
      name,
      ...(namespace !== "" && { namespace }),
      ...(given.labels && { labels: given.labels[which] }),
      ...(which === "live" && given.annotations && { annotations: given.annotations }),
    };
    const content = kind === "ConfigMap" ? { data: { mesh: value } } : { spec: value };
    return [{ apiVersion: group === "" ? "v1" : `${group}/v1`, kind, metadata, ...content }];
  };
  return { git: side("git"), live: side("live") };
}

function findingOf(given: Case): Finding | undefined {
  if (given.found !== undefined) return { type: given.found, key: keyOf(given.of), changes: [] };
  const { git, live } = sides(given);
  return compare(git, live).findings[0];
}

describe("how bad is", () => {
  it.for(cases)("$says", (given) => {
    const finding = findingOf(given);
    if (finding === undefined) throw new Error("the two sides do not differ");
    const { risk } = withRisk(finding, rules);
    expect(`${risk?.rule ?? ""} ${String(risk?.tier)}`).toBe(given.is);
  });

  it("has a case for every built-in rule, and no rule twice", () => {
    const named = new Set(cases.map(({ is }) => is.split(" ")[0]));
    const ids = builtIn.map(({ id }) => id);
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "cart" };

function changed(...directions: readonly Direction[]): Finding {
  const changes = directions.map((direction, index): Change => {
    const path = direction === "neutral" ? `spec.http[${String(index)}].name` : "spec.http";
    return { type: "changed", path, effect: { text: "something", direction } };
  });
  return { type: "changed", key, changes };
}

const own: RiskRule = {
  id: "risk[0]",
  tier: 3,
  namespaces: ["sh*"],
  types: ["changed", "missing"],
  reason: "a playground",
};

describe("a rule of the configuration", () => {
  it("goes before those that are built in", () => {
    const { risk } = withRisk({ type: "missing", key, changes: [] }, { ...rules, own: [own] });
    expect(risk).toEqual({ tier: 3, rule: "risk[0]", reason: "a playground" });
  });

  it("never makes weakened security less bad", () => {
    const { risk } = withRisk(changed("strengthens", "weakens"), { ...rules, own: [own] });
    expect(risk).toMatchObject({ tier: 0, rule: "weakens-security" });
  });

  it.for([
    ["another kind", { kinds: ["Gateway.networking.istio.io"] }],
    ["another namespace", { namespaces: ["web", "$root"] }],
    ["another name", { names: ["reviews"] }],
    ["another type", { types: ["extra"] }],
    ["another direction", { direction: "weakens" }],
    ["a field, where the whole object is gone", { paths: ["spec"] }],
  ] as const)("about %s does not count", ([, what]) => {
    const one: RiskRule = { id: "risk[0]", tier: 3, reason: "a playground", ...what };
    const { risk } = withRisk({ type: "missing", key, changes: [] }, { ...rules, own: [one] });
    expect(risk).toMatchObject({ rule: "routing" });
  });

  it.for([
    [["VirtualService"], "risk[0]"],
    [["VirtualService.networking.istio.io"], "risk[0]"],
    [["VirtualService.example.com"], "routing"],
  ] as const)("about %j says: %s", ([kinds, rule]) => {
    const one: RiskRule = { id: "risk[0]", tier: 1, kinds, paths: ["spec.http"], reason: "ours" };
    expect(withRisk(changed("strengthens"), { ...rules, own: [one] }).risk).toMatchObject({ rule });
  });
});

describe("the risk of a finding", () => {
  it("is that of its worst change, whatever their order", () => {
    const direction = fc.constantFrom<Direction>("weakens", "strengthens", "neutral");
    fc.assert(
      fc.property(fc.array(direction, { minLength: 1, maxLength: 5 }), (directions) => {
        const given = withRisk(changed(...directions), rules);
        const tiers = given.changes.map(({ risk }) => risk?.tier ?? 9);
        expect(given.risk?.tier).toBe(Math.min(...tiers));
        expect(withRisk(changed(...directions.toReversed()), rules).risk?.tier).toBe(given.risk?.tier);
      }),
    );
  });

  it("is none where the API server drops what Git has", () => {
    const finding: Finding = { type: "ineffective", key, changes: [], ineffective: [] };
    expect(withRisk(finding, rules)).toEqual(finding);
  });
});
