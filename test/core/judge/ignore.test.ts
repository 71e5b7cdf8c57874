import { describe, expect, it } from "vitest";
import { hidesTooMuch } from "../../../src/core/judge/hides-too-much.ts";
import { applyIgnore, type Ignored } from "../../../src/core/judge/ignore.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import type { Hidden } from "../../../src/core/model/hidden.ts";
import type { IgnoreRule } from "../../../src/core/model/ignore-rule.ts";
import { keyOf } from "../../report/samples.ts";
import { change, finding } from "./findings.ts";

const fault = change("spec.http[name=primary].fault");
const timeout = change("spec.http[name=primary].timeout");

function ignore(
  rule: Omit<IgnoreRule, "id" | "reason">,
  of: Finding,
  managers: readonly string[] = [],
): Ignored {
  const rules = [{ id: "ignore[0]", reason: "chaos", ...rule }];
  return applyIgnore(of, rules, { target: "prod-eu1", managersOf: () => managers });
}

describe("applyIgnore", () => {
  it("hides the changes that a rule names, and says by which", () => {
    const { kept, hidden } = ignore({ paths: ["spec.http[*].fault"] }, finding([fault, timeout]));
    expect(kept?.changes).toEqual([timeout]);
    expect(hidden).toEqual([
      {
        key: keyOf("shop/VirtualService/reviews"),
        type: "changed",
        path: "spec.http[name=primary].fault",
        by: "ignore",
        rule: "ignore[0]",
        reason: "chaos",
      },
    ]);
  });

  it("keeps nothing of a finding whose every change is hidden", () => {
    expect(ignore({ paths: ["spec.http"] }, finding([fault, timeout]))).toMatchObject({
      hidden: [{ path: fault.path }, { path: timeout.path }],
    });
    expect(ignore({ paths: ["spec.http"] }, finding([fault])).kept).toBeUndefined();
  });

  it.for([
    [true, { kinds: ["VirtualService"] }],
    [true, { kinds: ["VirtualService.networking.istio.io"] }],
    [false, { kinds: ["Gateway"] }],
    [true, { namespaces: ["sh*"] }],
    [false, { namespaces: ["pay"] }],
    [true, { names: ["reviews"], namespaces: ["shop"] }],
    [false, { names: ["review"] }],
    [true, { targets: ["prod-eu1"] }],
    [false, { targets: ["prod-us1"] }],
    [false, { names: ["reviews"], paths: ["spec.tcp"] }],
  ] as const)("hides: %s, for %j", ([isHidden, rule]) => {
    expect(ignore(rule, finding([fault])).kept === undefined).toBe(isHidden);
  });

  it("hides a whole object only without paths", () => {
    const missing = finding([], { type: "missing" });
    expect(ignore({ names: ["reviews"] }, missing)).toMatchObject({ hidden: [{ type: "missing" }] });
    expect(ignore({ names: ["reviews"] }, missing).hidden[0]).not.toHaveProperty("path");
    expect(ignore({ names: ["reviews"], paths: ["spec"] }, missing)).toEqual({ kept: missing, hidden: [] });
  });

  it.for(["conflict", "dangling"] as const)("never hides what is %s", (type) => {
    const one = finding([fault], { type });
    expect(ignore({ kinds: ["VirtualService"] }, one)).toEqual({ kept: one, hidden: [] });
  });

  it("never takes objects of the whole cluster for those of a namespace", () => {
    const one = finding([], {
      type: "missing",
      key: keyOf("/GatewayClass/istio", "gateway.networking.k8s.io"),
    });
    expect(ignore({ namespaces: ["*"] }, one).hidden).toEqual([]);
  });

  it("hides what a manager wrote who is alone with it, and nothing that nobody knows the writer of", () => {
    const rule = { managers: ["flagger*"] };
    expect(ignore(rule, finding([fault]), ["flagger"]).kept).toBeUndefined();
    expect(ignore(rule, finding([fault]), ["flagger-loadtester", "flagger"]).kept).toBeUndefined();
    expect(ignore(rule, finding([fault]), ["flagger", "kubectl-edit"]).hidden).toEqual([]);
    expect(ignore(rule, finding([fault]), []).hidden).toEqual([]);
    expect(
      ignore(rule, finding([], { type: "missing", effect: { text: "x", direction: "neutral" } })).hidden,
    ).toEqual([]);
  });

  it("never takes a manager's claim for an excuse: what weakens security stays, and what nobody knows", () => {
    const rule = { names: ["reviews"], managers: ["argocd-controller"] };
    const weak = change("spec.a", "weakens");
    const unknown = change("spec.b", "unknown");
    const top = {
      ...change("spec.c"),
      risk: { tier: 0, rule: "mesh-wide", reason: "it is for all" },
    } as const;
    const all = finding([weak, unknown, top, change("spec.d", "strengthens")]);
    expect(ignore(rule, all, ["argocd-controller"]).kept?.changes).toEqual([weak, unknown, top]);
    const extra = finding([], { type: "extra", effect: { text: "all are let in", direction: "weakens" } });
    expect(ignore(rule, extra, ["argocd-controller"]).kept).toEqual(extra);
    expect(ignore({ names: ["reviews"] }, all).kept).toBeUndefined();
  });

  it("goes on telling of fields that the API server drops", () => {
    const dropped = { path: "spec.http[0].per_try", desired: { pointer: "/x", value: 1 }, reason: "unknown" };
    const both = finding([fault], { ineffective: [dropped] });
    expect(ignore({ paths: ["spec.http[*].fault"] }, both).kept).toEqual({
      ...both,
      type: "ineffective",
      changes: [],
    });
    expect(ignore({ paths: ["spec.http"] }, both).kept).toBeUndefined();
  });
});

describe("hidesTooMuch", () => {
  const hidden = (name: string, rule: string, path = "spec"): Hidden => ({
    key: keyOf(`shop/VirtualService/${name}`),
    type: "changed",
    path,
    by: "ignore",
    rule,
    reason: "x",
  });

  it("warns of each rule that hides something of more than a fifth of the resources", () => {
    const all = ["a", "b", "c"].map((name) => hidden(name, "ignore[0]"));
    all.push(
      hidden("a", "ignore[1]", "spec.a"),
      hidden("a", "ignore[1]", "spec.b"),
      hidden("b", "ignore[1]"),
    );
    expect(hidesTooMuch(all, "prod-eu1", 10)).toEqual([
      "ignore[0] hides something of 3 of 10 compared resources (30 %) of target prod-eu1: check that it means no more than it should",
    ]);
    expect(hidesTooMuch(all, "prod-eu1", 15)).toEqual([]);
  });
});
