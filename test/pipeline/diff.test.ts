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

/** Compares two sides of one object each, and asks for what was treated as equal. */
async function equalOf(desired: string, live: string) {
  const sides = new Map([
    ["git", { resources: [virtualService(desired)], unchecked: [], isComplete: true }],
    ["live", { resources: [virtualService(live)], unchecked: [], isComplete: true }],
  ]);
  const readInput = (path: string) => Promise.resolve(sides.get(path) ?? Promise.reject(new Error(path)));
  const asked = { ...options, showEqual: true };
  return (await runDiff({ desired: "git", live: "live" }, readInput, asked)).equal;
}

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

it("lists no place that was treated as equal unless it was asked to", async () => {
  const longer = virtualService("{hosts: [reviews], http: [{timeout: 5000ms}]}");
  expect(await diff([reviews], [longer])).not.toHaveProperty("equal");
});

it("lists each place that was treated as equal, with both spellings", async () => {
  const equal = await equalOf(
    "{hosts: [reviews], http: [{timeout: 1m}]}",
    "{hosts: [reviews.shop.svc.cluster.local], http: [{timeout: 60s, match: []}]}",
  );
  expect(equal?.map(({ path, rules, desired, live }) => [path, rules, desired?.value, live?.value])).toEqual([
    ["spec.hosts[reviews]", ["host/short-name"], "reviews", "reviews.shop.svc.cluster.local"],
    ["spec.http[0].match", ["decoder/empty-list"], undefined, []],
    ["spec.http[0].timeout", ["decoder/duration"], "1m", "60s"],
  ]);
});

it("shows no secret in a place that was treated as equal", async () => {
  const headers = (order: string) => `{hosts: [a], http: [{headers: {request: {${order}}}}]}`;
  const equal = await equalOf(
    headers('set: {authorization: "Bearer hunter2"}, add: {}'),
    headers('set: {authorization: "Bearer hunter2"}'),
  );
  expect(equal).toHaveLength(1);
  const lists = await equalOf(
    "{hosts: [a], http: [{directResponse: {status: 200, body: {bytes: aHVudGVyMg==}}}]}",
    "{hosts: [a], http: [{directResponse: {status: 200, body: {bytes: aHVudGVyMh==}}}]}",
  );
  expect(lists?.map(({ rules }) => rules)).toEqual([["decoder/bytes"]]);
  expect(JSON.stringify([equal, lists])).not.toMatch(/hunter2|aHVudGVyM/);
});
