import { describe, expect, it } from "vitest";
import { type ObservedTarget, observe } from "../../../src/core/judge/observe.ts";
import type { Change, Finding } from "../../../src/core/model/finding.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import { virtualService } from "../../support/resources.ts";
import { judge, live, target } from "./cluster.ts";
import { change, finding } from "./findings.ts";

const reviews = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");
const slower = virtualService("{hosts: [reviews], http: [{timeout: 30s}]}");
const judgement = judge([target("eu1", [reviews])], live([slower])).get("eu1");
if (judgement === undefined) throw new Error("nothing is judged");

const one = (findings: readonly Finding[], more: Partial<ObservedTarget> = {}): ObservedTarget => ({
  name: "eu1",
  judgement,
  findings,
  hidden: [],
  isFull: true,
  isUnknown: false,
  ...more,
});
const seen = (...findings: readonly Finding[]) => observe("c", [one(findings)], (text) => text).differences;

const written = { manager: "kubectl-edit", class: "person", wrote: "spec.a", precision: "field" } as const;
const at = (path: string, time?: string, date?: string): Change => ({
  ...change(path),
  ...(time !== undefined && { attribution: { ...written, time } }),
  ...(date !== undefined && {
    origin: {
      type: "known",
      file: "a.yaml",
      line: 1,
      column: 1,
      by: "resource",
      precision: "field",
      commit: { sha: "4f2c91e", author: "Ann", date, subject: "x" },
    },
  }),
});

describe("the difference of", () => {
  it.for<readonly [string, Finding, readonly string[]]>([
    ["each change", finding([change("spec.a"), change("spec.b")]), ["spec.a", "spec.b"]],
    ["a missing object", finding([], { type: "missing" }), [""]],
    ["an extra object", finding([], { type: "extra" }), [""]],
    ["a conflict", finding([change("spec.a")], { type: "conflict" }), ["spec.a"]],
    [
      "a broken reference",
      finding([], { type: "dangling", dangling: { path: "spec.a", reason: "x", brokenBy: reviews.key } }),
      ["spec.a"],
    ],
    ["what the API server drops", finding([], { type: "ineffective" }), []],
  ])("%s has a clock at its path", ([, told, paths]) => {
    expect(seen(told).map(({ path }) => path)).toEqual(paths);
  });

  it.for([
    ["when it was written", "2026-07-20T00:00:00Z", undefined, "2026-07-20T00:00:00Z"],
    [
      "when Git came to want another value",
      "2026-07-20T00:00:00Z",
      "2026-07-21T09:00:00+02:00",
      "2026-07-21T09:00:00+02:00",
    ],
    [
      "when it was written after that",
      "2026-07-21T08:00:00Z",
      "2026-07-21T09:00:00+02:00",
      "2026-07-21T08:00:00Z",
    ],
    ["nothing where nobody claims it, whatever Git says", undefined, "2026-07-21T09:00:00Z", undefined],
    ["what it says where Git's date is none", "2026-07-20T00:00:00Z", "soon", "2026-07-20T00:00:00Z"],
  ] as const)("a change claims %s", ([, time, date, claim]) => {
    expect(seen(finding([at("spec.a", time, date)]))[0]?.claim).toBe(claim);
  });

  it("a missing object claims when it was deleted", () => {
    const told = finding([], { type: "missing", attribution: { ...written, time: "2026-07-20T00:00:00Z" } });
    expect(seen(told)[0]?.claim).toBe("2026-07-20T00:00:00Z");
  });

  it("two values has two fingerprints, and never a secret in them", () => {
    const secret = (value: string): Change => ({
      ...change("spec.a"),
      live: { pointer: "/spec/a", value, secret: [""] },
    });
    const texts = [change("spec.a"), { ...change("spec.a"), live: { pointer: "/spec", value: 3 } }].map(
      (told) => seen(finding([told]))[0]?.fingerprint,
    );
    expect(new Set(texts).size).toBe(2);
    expect(seen(finding([secret("hunter2-hunter2")]))[0]?.fingerprint).not.toContain("hunter2");
  });
});

describe("what a run looked at", () => {
  const judgedOf = (findings: readonly Finding[], more: Partial<typeof judgement> = {}) =>
    observe(
      "c",
      [one(findings, { judgement: { ...judgement, findings, ...more } })],
      (text) => text,
    ).judged.map(({ key }) => formatKey(key));

  it.for<readonly [string, Finding["type"], readonly string[]]>([
    ["changed", "changed", ["shop/VirtualService/reviews"]],
    ["missing", "missing", ["shop/VirtualService/reviews"]],
    ["extra", "extra", ["shop/VirtualService/reviews"]],
    ["ineffective", "ineffective", ["shop/VirtualService/reviews"]],
    // Of these not all is told: the object may differ besides.
    ["wanted twice", "conflict", []],
    ["broken", "dangling", []],
  ])("tells every difference of an object that is %s: %s", ([, type, keys]) => {
    expect(judgedOf([finding([], { type })])).toEqual(keys);
  });

  it("is a target in full only where all of it was looked at", () => {
    const targets = [one([]), one([], { name: "us1", isFull: false })];
    expect(observe("c", targets, (text) => text).targets).toEqual(["eu1"]);
  });

  it("is one object for two targets that share it, and what either says of it counts", () => {
    const shared = judge([target("eu1", [reviews]), target("us1", [reviews])], live([slower]));
    const targets = [...shared].map(([name, told]) => one(told.findings, { name, judgement: told }));
    const { differences, judged } = observe("c", targets, (text) => text);
    expect(differences.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "changed spec.http[0].timeout",
      "changed spec.http[0].timeout",
    ]);
    expect(new Set(judged.map(({ key }) => formatKey(key)))).toEqual(
      new Set(["shop/VirtualService/reviews"]),
    );
  });

  it("names what could not be compared by its target, and whether that is all of it", () => {
    const unchecked = [{ what: "x", code: "RENDER_FAILED", reason: "x", hint: "x" }];
    const told = one([], { judgement: { ...judgement, unchecked }, isUnknown: true });
    expect(observe("c", [told], (text) => text).unchecked).toEqual([
      { target: "eu1", code: "RENDER_FAILED", isWholeTarget: true },
    ]);
  });
});
