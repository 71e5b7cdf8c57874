import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftBaseline, draftExemption } from "../../../src/core/judge/draft-exemptions.ts";
import { withRisk } from "../../../src/core/judge/risk.ts";
import type { Change, Direction, Finding } from "../../../src/core/model/finding.ts";
import type { Exemption } from "../../../src/core/model/standing.ts";
import { keyOf } from "../../report/samples.ts";
import { change, finding } from "./findings.ts";

const words = { reason: "as it was found", until: "2026-12-01" };
const resource = "shop/VirtualService/reviews";
const exemption: Exemption = { ...words, file: "x", line: 1, hasEnded: false };
const tier0 = { tier: 0, rule: "mesh-wide", reason: "The whole mesh." } as const;
const neutral = { text: "x", direction: "neutral" } as const;

function baseline(...findings: readonly Finding[]) {
  return draftBaseline([{ name: "eu1", findings }], words);
}

describe("a baseline", () => {
  it.for<
    readonly [
      string,
      Finding,
      entries: readonly (readonly string[] | undefined)[],
      leftOut: readonly string[],
    ]
  >([
    [
      "takes what does no harm, by path",
      finding([change("spec.a"), change("spec.b[*]")]),
      [["spec.a", 'spec.b["*"]']],
      [],
    ],
    ["leaves weakened security out", finding([change("spec.a", "weakens")]), [], ["it weakens security"]],
    [
      "takes what stands beside weakened security",
      finding([change("spec.a"), change("spec.b", "weakens")]),
      [["spec.a"]],
      ["it weakens security"],
    ],
    [
      "leaves out what nobody knows",
      finding([change("spec.a", "unknown")]),
      [],
      ["nobody knows what it does to security"],
    ],
    [
      "leaves tier 0 out",
      finding([{ ...change("spec.a"), risk: tier0 }]),
      [],
      ["it is of tier 0 (The whole mesh.)"],
    ],
    [
      "leaves out what is exempt",
      finding([{ ...change("spec.a"), exemption }, change("spec.b")]),
      [["spec.b"]],
      [],
    ],
    [
      "takes what was exempt",
      finding([{ ...change("spec.a"), exemption: { ...exemption, hasEnded: true } }]),
      [["spec.a"]],
      [],
    ],
    ["takes what is missing whole", finding([], { type: "missing", effect: neutral }), [undefined], []],
    [
      "leaves out what is extra and lets requests in",
      finding([], { type: "extra", effect: { ...neutral, direction: "weakens" } }),
      [],
      ["it weakens security"],
    ],
    ["leaves out what is broken", finding([], { type: "dangling" }), [], ["a reference is broken"]],
    ["leaves out a conflict", finding([], { type: "conflict" }), [], ["two targets disagree about it"]],
    ["says nothing of what is no drift", finding([], { type: "ineffective" }), [], []],
  ])("%s", ([, one, entries, leftOut]) => {
    const drafts = baseline(one);
    expect(drafts.entries.map(({ paths }) => paths)).toEqual(entries);
    expect(drafts.leftOut.map(({ reason }) => reason)).toEqual(leftOut);
  });

  it("names the targets together that differ at the same places, and apart that do not", () => {
    const same = finding([change("spec.a")]);
    const more = finding([change("spec.a"), change("spec.b")]);
    const targets = [same, more, same].map((one, index) => ({ name: `t${String(index)}`, findings: [one] }));
    expect(draftBaseline(targets, words).entries.map(({ targets: names }) => names)).toEqual([
      ["t0", "t2"],
      ["t1"],
    ]);
  });

  const direction = fc.constantFrom<Direction | "unknown">("weakens", "neutral", "strengthens", "unknown");
  const changes = fc.array(
    fc.tuple(fc.constantFrom("spec.a", "spec.a.b", "spec.c[name=x]", "spec.d"), direction),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  const kind = fc.constantFrom("AuthorizationPolicy", "PeerAuthentication", "VirtualService");

  const weakens = (what: Change | Finding): boolean =>
    what.effect?.direction === "weakens" || what.risk?.rule === "weakens-security";
  const judged = (one: Finding): Finding =>
    withRisk(one, { own: [], builtIn: [], rootNamespace: "istio-system" });

  it("names no path at which security is weakened, unless something harmless stands there, too", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const one = judged(finding(list.map(([path, way]) => change(path, way))));
        const { entries, leftOut } = baseline(one);
        const harmless = one.changes.filter((part) => !weakens(part)).map(({ path }) => path);
        for (const { paths } of entries)
          expect(harmless).toEqual(expect.arrayContaining([...(paths ?? ["*"])]));
        expect(leftOut.length).toBeGreaterThanOrEqual(one.changes.filter(weakens).length);
      }),
    );
  });

  it("never takes an object whole that is there, or not, to the harm of security", () => {
    fc.assert(
      fc.property(fc.constantFrom("missing", "extra"), kind, direction, (type, name, way) => {
        const { effect } = change("", way);
        const key = keyOf(`shop/${name}/a`, "security.istio.io");
        const one = judged({ type, key, changes: [], ...(effect && { effect }) });
        const isTaken = !weakens(one) && effect !== undefined;
        expect(baseline(one).entries).toHaveLength(isTaken ? 1 : 0);
      }),
    );
  });
});

describe("one exemption", () => {
  const drift = finding([change("spec.a"), change("spec.b", "weakens")]);
  const draft = (one: Finding, paths: readonly string[] = [], isAllowed = false) =>
    draftExemption({ name: "eu1", findings: [one] }, { resource, paths }, words, { tier0: isAllowed });

  it.for<readonly [string, Finding, readonly string[], boolean, string]>([
    ["weakened security", drift, ["spec.b"], false, "refused"],
    ["weakened security where the operator allows it", drift, ["spec.b"], true, "draft"],
    ["what stands beside it", drift, ["spec.a"], false, "draft"],
    ["a place that does not differ", drift, ["spec.x"], true, "refused"],
    [
      "a path of what is missing",
      finding([], { type: "missing", effect: neutral }),
      ["spec.a"],
      true,
      "refused",
    ],
    ["what is missing", finding([], { type: "missing", effect: neutral }), [], false, "draft"],
    ["a conflict", finding([], { type: "conflict" }), [], true, "refused"],
    ["a broken reference", finding([], { type: "dangling" }), [], true, "refused"],
  ])("of %s", ([, one, paths, isAllowed, expected]) => {
    expect(draft(one, paths, isAllowed).type).toBe(expected);
  });

  it("of all of an object says what of it does not count", () => {
    expect(draft(drift)).toMatchObject({
      type: "draft",
      entries: [{ resource, targets: ["eu1"] }],
      leftOut: [{ what: `eu1 ${resource} spec.b`, reason: "it weakens security" }],
    });
  });
});
