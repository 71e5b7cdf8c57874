import { describe, expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import { resource, virtualService } from "../../support/resources.ts";

const base = `
hosts: [reviews]
http:
- name: canary
  match: [{headers: {x-canary: {exact: "true"}}}]
  route: [{destination: {host: reviews, subset: v2}}]
- name: primary
  timeout: 5s
  retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,reset"}
  route:
  - {destination: {host: reviews, subset: v1}, weight: 90}
  - {destination: {host: reviews, subset: v2}, weight: 10}
`;

function changed(from: string, to: string): string {
  expect(base).toContain(from);
  return base.replace(from, to);
}

function pathsOf(live: string): readonly string[] {
  const { findings } = compare([virtualService(base).object], [virtualService(live).object]);
  return findings.flatMap(({ changes }) => changes.map(({ type, path }) => `${type} ${path}`));
}

describe("compare", () => {
  it.for([
    [
      "a weight moves",
      changed("weight: 10", "weight: 40"),
      ["changed spec.http[name=primary].route[subset=v2].weight"],
    ],
    ["a timeout is raised", changed("5s", "30s"), ["changed spec.http[name=primary].timeout"]],
    [
      "a fault is left behind",
      changed("timeout: 5s", "timeout: 5s\n  fault: {abort: {httpStatus: 503, percentage: {value: 10}}}"),
      ["added spec.http[name=primary].fault"],
    ],
    [
      "retries are removed",
      changed('  retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,reset"}\n', ""),
      ["removed spec.http[name=primary].retries"],
    ],
    ["a host is added", changed("[reviews]", "[reviews, ratings]"), ["added spec.hosts[ratings]"]],
    [
      "a subset is renamed",
      changed("subset: v1}", "subset: v3}"),
      ["changed spec.http[name=primary].route[subset=v1].destination.subset"],
    ],
  ] as const)("names the field when %s", ([, live, paths]) => {
    expect(pathsOf(live)).toEqual(paths);
  });

  it("shows an item that was replaced in place as changed where the place counts", () => {
    const gateway = (suite: string): object => ({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: "default", namespace: "shop" },
      spec: { servers: [{ tls: { cipherSuites: [suite] } }] },
    });
    const { findings } = compare([gateway("AES128-SHA")], [gateway("AES256-SHA")]);
    expect(findings[0]?.changes.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "changed spec.servers[0].tls.cipherSuites[0]",
    ]);
  });

  it("says that routes stand in another order, and nothing else", () => {
    const [canary = "", primary = ""] = base.split("- name: ").slice(1);
    const swapped = `\nhosts: [reviews]\nhttp:\n- name: ${primary}- name: ${canary}`;
    const { findings } = compare([virtualService(base).object], [virtualService(swapped).object]);
    expect(findings[0]?.changes).toEqual([
      {
        type: "reordered",
        path: "spec.http",
        desired: { pointer: "/spec/http", value: ["name=canary", "name=primary"] },
        live: { pointer: "/spec/http", value: ["name=primary", "name=canary"] },
        effect: { text: "first match wins: `canary` can no longer match", direction: "neutral" },
      },
    ]);
  });

  it("gives both raw places and values of a change", () => {
    const live = changed("weight: 10", "weight: 40").replace("timeout: 5s", "timeout: 5000ms");
    const { findings } = compare([virtualService(base).object], [virtualService(live).object]);
    expect(findings[0]?.changes).toEqual([
      {
        type: "changed",
        path: "spec.http[name=primary].route[subset=v2].weight",
        desired: { pointer: "/spec/http/1/route/1/weight", value: 10 },
        live: { pointer: "/spec/http/1/route/1/weight", value: 40 },
        effect: { text: "10 % -> 30.8 % to v2", direction: "neutral" },
      },
    ]);
  });

  it("gives a patch that touches only what means something else", () => {
    const live = changed("weight: 10", "weight: 40").replace("timeout: 5s", "timeout: 5000ms");
    const { findings } = compare([virtualService(base).object], [virtualService(live).object]);
    expect(findings[0]?.patch).toEqual([{ op: "replace", path: "/spec/http/1/route/1/weight", value: 40 }]);
  });

  it("names the rule for everything that is only written differently", () => {
    const live = changed("[reviews]", "[reviews.shop.svc.cluster.local]").replace(
      "timeout: 5s",
      "timeout: 5000ms",
    );
    const { findings, equalBy } = compare([virtualService(base).object], [virtualService(live).object]);
    expect(findings).toEqual([]);
    expect(equalBy.map(({ path, rule, level }) => [path, rule, level])).toEqual([
      ["spec.hosts[reviews]", "host/short-name", "E2"],
      ["spec.http[name=primary].timeout", "decoder/duration", "E1"],
    ]);
    expect(equalBy[1]?.reason).toBe("A duration is the time it lasts: 1m is 60s.");
  });

  it("names the rule by which two values count for nothing", () => {
    const rule = (failures: number) =>
      resource(
        `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a, namespace: shop}, spec: {host: a, trafficPolicy: {outlierDetection: {consecutiveLocalOriginFailures: ${String(failures)}, interval: 5s}}}}`,
      ).object;
    const { findings, equalBy } = compare([rule(80)], [rule(2)]);
    expect(findings).toEqual([]);
    expect(equalBy.map(({ path }) => path)).toContain(
      "spec.trafficPolicy.outlierDetection.consecutiveLocalOriginFailures",
    );
  });

  it("counts a short host name as different under the strict setting", () => {
    const live = changed("[reviews]", "[reviews.shop.svc.cluster.local]");
    const { findings, notes } = compare([virtualService(base).object], [virtualService(live).object], {
      equality: "strict",
    });
    expect(notes).toEqual([]);
    expect(findings.flatMap(({ changes }) => changes.map(({ path }) => path))).toEqual([
      "spec.hosts[reviews]",
      "spec.hosts[reviews.shop.svc.cluster.local]",
    ]);
  });

  it("reports what one side does not have", () => {
    const desired = virtualService(base, "reviews").object;
    const live = virtualService(base, "ratings").object;
    const { findings } = compare([desired], [live]);
    expect(findings.map(({ type, key }) => `${type} ${key.name}`)).toEqual([
      "extra ratings",
      "missing reviews",
    ]);
  });

  it("compares nothing that stands twice, and says so", () => {
    const desired = virtualService(base).object;
    const live = virtualService(changed("5s", "6s")).object;
    const result = compare([desired], [desired, live]);
    expect(result.findings).toEqual([]);
    expect(result.unchecked.map(({ code, what }) => `${code} ${what}`)).toEqual([
      "DUPLICATE_OBJECT shop/VirtualService/reviews",
    ]);
  });

  it.for([
    [
      "a kind that the mesh does not have",
      { ...virtualService(base).object, kind: "VirtualServise" },
      "UNKNOWN_KIND",
    ],
    ["something without a kind", { metadata: { name: "x" } }, "NOT_AN_OBJECT"],
    ["something that is no data", { ...virtualService(base).object, spec: new Map() }, "NOT_JSON"],
    ["something endless", endless(), "NOT_JSON"],
  ] as const)("calls %s unchecked", ([, object, code]) => {
    expect(compare([object], [object]).unchecked.map((entry) => entry.code)).toContain(code);
  });

  it("leaves out what the mesh does not read", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
    };
    const result = compare([deployment], []);
    expect(result).toMatchObject({
      findings: [],
      unchecked: [],
      notMesh: [{ kind: "Deployment", name: "web" }],
    });
  });

  it("keeps integers apart that a double cannot tell apart", () => {
    const withPort = (port: bigint): JsonObject => ({
      ...virtualService(base).object,
      spec: { http: [{ match: [{ port }] }] },
    });
    const { findings } = compare([withPort(9007199254740992n)], [withPort(9007199254740993n)]);
    expect(findings[0]?.changes.map(({ path }) => path)).toEqual(["spec.http[0].match[0].port"]);
    expect(findings[0]?.patch).toEqual([
      { op: "replace", path: "/spec/http/0/match/0/port", value: 9007199254740993n },
    ]);
  });

  it("takes __proto__ and constructor as the data they are", () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}}',
    ) as object;
    const desired = { ...virtualService(base).object, spec: { hosts: ["reviews"] } };
    const live = { ...desired, spec: { hosts: ["reviews"], sourceLabels: hostile } };
    const { findings } = compare([desired], [live]);
    expect(findings[0]?.changes.map(({ path }) => path)).toEqual(["spec.sourceLabels"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

function endless(): object {
  const object: Record<string, unknown> = { ...virtualService(base).object };
  object["spec"] = object;
  return object;
}
