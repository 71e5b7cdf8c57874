import { describe, expect, it } from "vitest";
import { areRelated, clockPath, clockSteps } from "../../../src/core/judge/clock-path.ts";

describe("clockPath", () => {
  it.for([
    ["spec.http[2].timeout", "spec.http[].timeout"],
    ["spec.http[name=primary].route[0].weight", "spec.http[name=primary].route[].weight"],
    ["spec.http[0]", "spec.http[]"],
    ["spec.http[0][1]", "spec.http[][]"],
    ["spec.servers[port=443].hosts[*.acme.com]", "spec.servers[port=443].hosts[]"],
    ['metadata.annotations["token=abcdef"]', 'metadata.annotations["‹hidden›"]'],
    ['metadata.labels["istio.io/rev"]', 'metadata.labels["istio.io/rev"]'],
    ["spec.hosts[never closed", "spec.hosts[never closed"],
    ["", ""],
  ])("of %s is %s", ([path, key]) => {
    expect(clockPath(path ?? "")).toBe(key);
  });
});

describe("clockSteps", () => {
  it.for([
    ["", []],
    ["spec.http[name=a.b].route[]", ["spec", ".http", "[name=a.b]", ".route", "[]"]],
    ['metadata.labels["istio.io/rev"]', ["metadata", ".labels", '["istio.io/rev"]']],
    ['spec.hosts["a[0]b"].x', ["spec", ".hosts", '["a[0]b"]', ".x"]],
    ["spec.hosts[never closed", ["spec.hosts[never closed"]],
  ] as const)("of %s", ([path, steps]) => {
    expect(clockSteps(path).map(({ written }) => written)).toEqual(steps);
  });
});

describe("areRelated", () => {
  it.for([
    ["", "spec.http[name=a]", true],
    ["spec.http", "spec.http", true],
    ["spec.http", "spec.http[name=a].timeout", true],
    ["spec.http[].timeout", "spec.http[name=a]", true],
    ["spec.http[name=a].timeout", "spec.http[name=b].timeout", false],
    ["spec.http", "spec.httpx", false],
    ["spec.http[name=a].timeout", "spec.http[name=a].retries", false],
    ["spec.http[]", "spec.http.x", false],
    ['spec.hosts["a[0].b"]', "spec.hosts[]", true],
    ['spec.hosts["a.b"]', "spec.hosts.a.b", false],
    ["no path at all", "spec", false],
    ["no path at all", "", true],
  ] as const)("of %s and %s is %s", ([a, b, related]) => {
    expect(areRelated(clockSteps(a), clockSteps(b))).toBe(related);
    expect(areRelated(clockSteps(b), clockSteps(a))).toBe(related);
  });
});
