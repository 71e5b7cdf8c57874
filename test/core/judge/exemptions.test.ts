import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyExemptions, covers } from "../../../src/core/judge/exemptions.ts";
import { parseExemptions } from "../../../src/core/judge/parse-exemptions.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import { change, finding } from "./findings.ts";

const nowMs = Date.parse("2026-11-21T10:00:00Z");
const reading = { file: ".drift/exemptions.yaml", limits: { maxLengthMs: 30 * 86_400_000 }, nowMs };

function read(entries: string, at = nowMs): ReturnType<typeof parseExemptions> {
  return parseExemptions(`version: 1\nexemptions:\n${entries}`, { ...reading, nowMs: at });
}

const good = `  - resource: shop/VirtualService/reviews
    targets: [prod-eu1]
    paths: ["spec.http[name=primary].timeout"]
    reason: waits for the new payment provider
    ticket: INC-4821
    until: 2026-12-01
    by: ines@example.com
`;

describe("parseExemptions", () => {
  it("reads an entry with its line, up to the end of its day", () => {
    expect(read(good)).toEqual({
      problems: [],
      exemptions: [
        {
          key: { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" },
          targets: ["prod-eu1"],
          paths: ["spec.http[name=primary].timeout"],
          exemption: {
            reason: "waits for the new payment provider",
            ticket: "INC-4821",
            by: "ines@example.com",
            until: "2026-12-01T23:59:59.999Z",
            hasEnded: false,
            file: ".drift/exemptions.yaml",
            line: 3,
          },
        },
      ],
    });
  });

  it.for([
    ["2026-12-01T23:59:59Z", false],
    ["2026-12-02T00:00:00Z", true],
  ] as const)("at %s an exemption until the first has ended: %s, and is kept", ([at, hasEnded]) => {
    expect(read(good, Date.parse(at)).exemptions).toMatchObject([{ exemption: { hasEnded } }]);
  });

  it("tells every problem at once with its line, and loses no other entry", () => {
    const entries = `  - resource: shop/VirtualService/*
    reason: all of them
    until: 2026-12-01
  - resource: shop/Gateway/in
    until: tomorrow
    tickt: INC-1
    paths: [/spec/http, "spec.http[*].timeout"]
    targets: prod
  - just text
  - resource: shop/VirtualService/reviews
    reason: ""
    until:
  - resource: VirtualService/reviews
    reason: x
    until: 2027-06-01
    until: 2026-12-01
  - resource: shop/VirtualServce/reviews
    reason: token=hunter2hunter2
    until: 2026-12-01T10:00
${good}${good}`;
    const { exemptions, problems } = read(entries);
    expect(exemptions).toHaveLength(1);
    expect(problems.map(({ line, reason }) => `${String(line)} ${reason}`)).toEqual([
      '3 resource "shop/VirtualService/*": it names more than one object',
      '6 unknown key "tickt" (did you mean "ticket"?)',
      '6 resource "shop/Gateway/in": the kind could be Gateway.networking.istio.io, Gateway.gateway.networking.k8s.io',
      "6 it has no reason",
      '7 until "tomorrow" is no day and no time with a zone',
      '9 path "/spec/http": it is a JSON pointer',
      "10 targets is no list of texts",
      "11 the entry is no mapping",
      "13 it has no reason",
      "14 it has no until",
      '15 resource "VirtualService/reviews": a VirtualService needs its namespace',
      "17 it ends later than in 30 days",
      '18 "until" stands twice',
      '19 resource "shop/VirtualServce/reviews": "VirtualServce" is no kind of the mesh (did you mean "VirtualService"?)',
      "20 reason looks like a credential",
      '21 until "2026-12-01T10:00" is no day and no time with a zone',
      "29 it covers the same as line 22",
    ]);
    expect(problems.every(({ hint }) => hint.endsWith("."))).toBe(true);
  });

  it("lets a day be used to its end that is as far off as the limit", () => {
    expect(read(good.replace("2026-12-01", "2026-12-21")).problems).toEqual([]);
    expect(read(good.replace("2026-12-01", "2026-12-22")).problems).toMatchObject([{ line: 8 }]);
  });

  it("takes an entry again after its twin has ended", () => {
    const again = good.replace("2026-12-01", "2026-12-10");
    expect(read(good + again).problems).toMatchObject([{ line: 10 }]);
    expect(read(good + again, Date.parse("2026-12-02T08:00:00Z"))).toMatchObject({
      problems: [],
      exemptions: [{ exemption: { hasEnded: true } }, { exemption: { hasEnded: false } }],
    });
  });

  it.for([
    ["", []],
    ["# nothing yet\n", []],
    ["version: 1\n", []],
    ["version: 1\nexemptions: []\n", []],
    ["exemptions: []\n", ["1 its version is not 1, the only one that is known here"]],
    ["version: 2\nexemptions: [{}]\n", ["1 its version is not 1, the only one that is known here"]],
    ["- a\n", ["1 it is no mapping"]],
    ["version: 1\nexemptions: all\n", ["2 exemptions is no list"]],
    ["version: 1\nexemption: []\n", ['2 unknown key "exemption" (did you mean "exemptions"?)']],
    ["version: 1\n  x: [\n", ["1 it is not YAML"]],
    ["version: 1\n---\nversion: 1\n", ["2 it holds more than one document"]],
    ["version: 1\n# \u0000\n", ["2 it holds NUL characters: it is no text in UTF-8"]],
    [`version: 1\nexemptions: ${"[".repeat(20_000)}`, ["2 it nests deeper than 32 levels"]],
    ["version: 1\nexemptions: [&a {}, *a]\n", ["2 one document uses more than 0 aliases"]],
  ] as const)("reads %j", ([text, problems]) => {
    const all = parseExemptions(text, reading);
    expect(all.exemptions).toEqual([]);
    expect(all.problems.map(({ line, reason }) => `${String(line)} ${reason}`)).toEqual(problems);
  });

  it("never throws, and never takes a text it cannot read for an exemption", () => {
    const pieces = [
      "version: 1\n",
      "exemptions:\n",
      "  - resource: ",
      "shop/VirtualService/a\n",
      "    until: ",
      "*",
      "[",
      "{",
      "'",
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (parts) => {
        expect(parseExemptions(parts.join(""), reading).exemptions).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("applyExemptions", () => {
  const timeout = change("spec.http[name=primary].timeout");
  const weak = change("spec.tls.mode", "weakens");
  const apply = (of: Finding, entries: string, { target = "prod-eu1", tier0 = false, at = nowMs } = {}) =>
    applyExemptions(of, target, read(entries, at).exemptions, { tier0 });
  const whole = good.replace(/ {4}paths.*\n/, "");

  it("covers a change that it names, and counts it", () => {
    const { finding: told, isCovered, hidden } = apply(finding([timeout]), good);
    expect(isCovered).toBe(true);
    expect(covers(told.changes[0]?.exemption)).toBe(true);
    expect(hidden).toMatchObject([{ path: timeout.path, by: "exemption", rule: ".drift/exemptions.yaml:3" }]);
  });

  it("covers no other field, target or object, and no whole object", () => {
    const other = finding([timeout, change("spec.http[name=primary].retries")]);
    expect(apply(other, good)).toMatchObject({ isCovered: false, hidden: [{ path: timeout.path }] });
    expect(apply(finding([timeout]), good, { target: "prod-us1" }).hidden).toEqual([]);
    expect(apply(finding([], { type: "missing" }), good).hidden).toEqual([]);
    const elsewhere = good.replace("shop/", "pay/");
    expect(apply(finding([timeout]), elsewhere).hidden).toEqual([]);
    expect(apply(finding([timeout], { type: "conflict" }), whole).hidden).toEqual([]);
  });

  it("covers an object as a whole without paths", () => {
    expect(apply(finding([], { type: "missing" }), whole).isCovered).toBe(true);
    expect(apply(finding([timeout, change("spec.hosts[a]")]), whole).isCovered).toBe(true);
  });

  it("brings a finding back, marked, when it has ended", () => {
    const {
      finding: told,
      isCovered,
      hidden,
    } = apply(finding([timeout]), good, {
      at: Date.parse("2026-12-02T00:00:00Z"),
    });
    expect(told.changes[0]?.exemption).toMatchObject({ hasEnded: true, ticket: "INC-4821" });
    expect({ isCovered, hidden }).toEqual({ isCovered: false, hidden: [] });
  });

  it("covers no weakened security and nothing of tier 0, unless the operator says so", () => {
    const told = apply(finding([timeout, weak]), whole);
    expect(told.isCovered).toBe(false);
    expect(told.finding.changes.map(({ exemption }) => exemption?.refused)).toEqual([
      undefined,
      "it weakens security",
    ]);
    const extra = finding([], {
      type: "extra",
      risk: { tier: 0, rule: "mesh-wide", reason: "it holds for the whole mesh" },
    });
    expect(apply(extra, whole).finding.exemption?.refused).toBe(
      "it is of tier 0 (it holds for the whole mesh)",
    );
    expect(apply(finding([timeout, weak]), whole, { tier0: true }).isCovered).toBe(true);
  });

  it("names the exemption that counts before one that has ended", () => {
    const old = whole.replace("2026-12-01", "2026-11-01").replace("waits", "waited");
    expect(apply(finding([timeout]), old + good).finding.changes[0]?.exemption?.reason).toMatch(/^waits/);
  });
});
