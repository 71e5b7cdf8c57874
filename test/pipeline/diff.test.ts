import { expect, it } from "vitest";
import type { Unchecked } from "../../src/core/model/finding.ts";
import type { Resource } from "../../src/core/model/resource.ts";
import { runDiff } from "../../src/pipeline/diff.ts";
import { virtualService } from "../support/resources.ts";

const options = {
  equality: "istio",
  metadata: "declared",
  mesh: {},
  fingerprintKey: "key",
  version: "1.2.3",
} as const;

/** Compares two sides, of which one with something unchecked is not complete. */
function diff(desired: readonly Resource[], live: readonly Resource[], unchecked: readonly Unchecked[] = []) {
  const sides = new Map([
    ["git", { resources: desired, unchecked: [], isComplete: true }],
    ["live", { resources: live, unchecked, isComplete: unchecked.length === 0 }],
  ]);
  const readInput = (path: string) => {
    const side = sides.get(path);
    return side === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(side);
  };
  return runDiff({ desired: "git", live: "live" }, readInput, options);
}

function other(kind: string, name: string, group = ""): Resource {
  return { key: { group, kind, namespace: "shop", name }, object: { kind } };
}

const reviews = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");

it("counts objects of kinds that are not compared by kind, those on both sides once", async () => {
  const deployment = other("Deployment", "a", "apps");
  const result = await diff(
    [reviews, other("Service", "a"), deployment],
    [reviews, other("Service", "a"), other("Service", "b")],
  );
  expect(result).toMatchObject({ verdict: "in-sync", exitCode: 0, summary: { inSync: 1 } });
  expect(result.leftOut).toEqual([
    { group: "apps", kind: "Deployment", count: 1 },
    { group: "", kind: "Service", count: 2 },
  ]);
});

it("leaves nothing out where every kind is compared", async () => {
  expect((await diff([reviews], [reviews])).leftOut).toEqual([]);
});

it("calls nothing missing and exits with 2 where a side could not be read", async () => {
  const unchecked = { what: "standard input", code: "INPUT_EMPTY", reason: "it holds no objects", hint: "" };
  const result = await diff([reviews], [], [unchecked]);
  expect(result).toMatchObject({ verdict: "unknown", exitCode: 2, findings: [], unchecked: [unchecked] });
});
