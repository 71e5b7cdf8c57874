import { describe, expect, it } from "vitest";
import type { TargetSide } from "../../../src/core/judge/side.ts";
import type { Unchecked } from "../../../src/core/model/finding.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import { isSameKind, type Resource } from "../../../src/core/model/resource.ts";
import { resource, virtualService } from "../../support/resources.ts";
import { judge, live, target, told } from "./cluster.ts";

/** What is not known never counts as in sync, and never hides what is known. */

const reviews = virtualService("{hosts: [reviews]}");
const istio = "networking.istio.io";

function withOpen(text: string, ...unresolved: readonly string[]): Resource {
  return { ...resource(text), unresolved };
}

function withMetadata({ key, object }: Resource, more: JsonObject): Resource {
  return { key, object: { ...object, metadata: { name: key.name, namespace: key.namespace, ...more } } };
}

function hashRule(host: string): Resource {
  return resource(`
apiVersion: ${istio}/v1
kind: DestinationRule
metadata: {name: ${host}, namespace: other}
spec:
  host: ${host}.shop.svc.cluster.local
  trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}
`);
}

describe("facts that were not read", () => {
  const split = (first: string, second: string): Resource =>
    virtualService(
      `{hosts: [web], http: [{route: [{destination: {host: ${first}}, weight: 50}, {destination: {host: ${second}}, weight: 50}]}]}`,
    );
  const desired = [split("a", "b")];
  const swapped = split("b", "a");
  const rules = { group: istio, kind: "DestinationRule" };

  it.for([
    ["no rule hashes", [], true, []],
    ["both hosts hash", [hashRule("a"), hashRule("b")], true, [undefined]],
    ["the rules could not be listed", [], false, [[{ missing: "all DestinationRules of the cluster" }]]],
  ] as const)("takes two destinations in another order where %s", ([, found, isRead, undecided]) => {
    const side = live([swapped, ...found], { isComplete: (kind) => isRead || !isSameKind(kind, rules) });
    const changes = judge([target("eu1", desired)], side)
      .get("eu1")
      ?.findings.flatMap((finding) => finding.changes);
    expect(changes?.map((change) => change.undecided)).toMatchObject(undecided);
  });

  const gateway = (name: string, namespace: string, protocol: string): Resource =>
    resource(
      `{apiVersion: ${istio}/v1, kind: Gateway, metadata: {name: ${name}, namespace: ${namespace}}, spec: {servers: [{port: {number: 80, name: web, protocol: ${protocol}}, hosts: ["*"]}]}}`,
    );

  it("calls the case of a protocol nothing only where every Gateway of the cluster is known", () => {
    const sides = [true, false].map((isWhole) =>
      live([gateway("web", "shop", "HTTP")], {
        isComplete: (_, namespace) => isWhole || namespace === "shop",
      }),
    );
    const [whole, partly] = sides.map((side) =>
      told(judge([target("eu1", [gateway("web", "shop", "http")])], side).get("eu1")),
    );
    expect([whole?.inSync, partly?.findings]).toEqual([["web"], ["changed web"]]);
  });

  it("takes no object of Git for a fact that a complete live list has not", () => {
    const mesh = resource(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: ''}}",
    );
    const all = virtualService("{hosts: [reviews], exportTo: ['*']}");
    const targets = [target("eu1", [all, mesh])];
    expect(told(judge(targets, live([reviews, mesh])).get("eu1")).inSync).toContain("reviews");
    expect(told(judge(targets, live([reviews])).get("eu1")).findings).toEqual([
      "missing istio",
      "changed reviews",
    ]);
  });
});

describe("variables without a value", () => {
  it("are told also where only some namespaces are compared, because they may stand for one of those", () => {
    const open = withOpen(
      `{apiVersion: ${istio}/v1, kind: Sidecar, metadata: {name: default, namespace: "\${NS}"}}`,
      "NS",
    );
    const judgements = judge([target("eu1", [reviews, open])], live([reviews]), { only: ["shop"] });
    expect(told(judgements.get("eu1")).unchecked).toEqual(["UNRESOLVED_VARIABLE"]);
  });

  const service = (hosts: string, rest: string): string => `
apiVersion: ${istio}/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: ${hosts}, http: [${rest}]}
`;

  it("leave what the API server drops what it is, and hide no field behind a name of their own", () => {
    const rest = "name: a, route: [{destination: {host: web}}]";
    const actual = resource(service("[web.example.com]", `{${rest}}`));
    const dropped = withOpen(service('["${HOST}"]', `{${rest}, time_out: 5s}`), "HOST");
    const named = withOpen(service("[web.example.com]", `{${rest}, "\${A}_x": 5s}`), "A");
    const [one, other] = [dropped, named].map((desired) =>
      told(judge([target("eu1", [desired])], live([actual])).get("eu1")),
    );
    expect(one).toEqual({ findings: ["ineffective web"], unchecked: ["UNRESOLVED_VARIABLE"], inSync: [] });
    expect(other).toEqual({ findings: [], unchecked: ["UNRESOLVED_VARIABLE"], inSync: [] });
  });

  it("leave every other difference of the object what it is", () => {
    const desired = withOpen(
      service('["${HOST}"]', "{name: a, timeout: 5s, route: [{destination: {host: web}}]}"),
      "HOST",
    );
    const actual = resource(
      service("[web.example.com]", "{name: a, timeout: 300s, route: [{destination: {host: web}}]}"),
    );
    const judgement = judge([target("eu1", [desired])], live([actual])).get("eu1");
    expect(told(judgement)).toEqual({
      findings: ["changed web"],
      unchecked: ["UNRESOLVED_VARIABLE"],
      inSync: [],
    });
    expect(judgement?.findings[0]?.changes.map(({ path }) => path)).toEqual(["spec.http[name=a].timeout"]);
  });

  it("leave an item that only live has open where it may be what they become", () => {
    const desired = withOpen(service('["${HOST}", b]', ""), "HOST");
    const judgement = judge([target("eu1", [desired])], live([resource(service("[x, b]", ""))])).get("eu1");
    expect(told(judgement)).toEqual({ findings: [], unchecked: ["UNRESOLVED_VARIABLE"], inSync: [] });
  });

  it("do not open what is added elsewhere", () => {
    const desired = withOpen(
      service('["${HOST}"]', "{name: a, route: [{destination: {host: web}}]}"),
      "HOST",
    );
    const more = "{name: a, fault: {abort: {httpStatus: 500}}, route: [{destination: {host: web}}]}";
    const judgement = judge([target("eu1", [desired])], live([resource(service("[x]", more))])).get("eu1");
    expect(told(judgement).findings).toEqual(["changed web"]);
  });
});

describe("namespaces", () => {
  const namespace = (name: string): Resource =>
    resource(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {mesh: "on"}}}`);
  const selecting: TargetSide = {
    ...target("eu1", [reviews]),
    scope: { namespaces: [], selector: [{ operator: "in", key: "mesh", values: ["on"] }] },
  };
  const unclear = (what: string, { key }: Resource): Unchecked => ({
    what,
    key,
    code: "DUPLICATE_OBJECT",
    reason: "twice",
    hint: "",
  });

  it("that cannot be compared may be ones that a selector picks", () => {
    const side = live([reviews, namespace("shop")], {
      unchecked: [unclear("Namespace/payments", namespace("payments"))],
    });
    expect(told(judge([selecting], side).get("eu1")).unchecked).toEqual(["DUPLICATE_OBJECT"]);
  });

  it("are not asked for twice where nothing of the live side is known", () => {
    const failed: Unchecked = { what: "the live side", code: "CLUSTER_UNREACHABLE", reason: "", hint: "" };
    const side = live([], { unchecked: [failed], isComplete: () => false });
    expect(told(judge([selecting], side).get("eu1")).unchecked).toEqual(["CLUSTER_UNREACHABLE"]);
  });

  it("that live objects lost make all of their kind unknown", () => {
    const lost = resource(`{apiVersion: ${istio}/v1, kind: VirtualService, metadata: {name: reviews}}`);
    const judgement = judge([target("eu1", [reviews], ["shop"])], live([lost])).get("eu1");
    expect(told(judgement)).toEqual({ findings: [], unchecked: ["NO_NAMESPACE"], inSync: [] });
    expect(judgement?.unchecked[0]?.reason).toBe("of live reviews nobody knows the namespace");
  });
});

describe("live objects that nobody can compare", () => {
  const other = (name: string, more: JsonObject = {}): Resource =>
    withMetadata(virtualService("{hosts: [x]}", name), more);
  const ending = { deletionTimestamp: "2026-11-21T00:00:00Z" };

  it.for([
    ["an unwanted one in the scope", other("old", ending), ["OBJECT_TERMINATING"], []],
    ["one of a controller", other("old", { ...ending, ownerReferences: [{ controller: true }] }), [], []],
    [
      "one of another deployer",
      other("old", { ...ending, labels: { "kustomize.toolkit.fluxcd.io/name": "x" } }),
      [],
      [],
    ],
    ["one that another target wants", other("ratings", ending), [], ["OBJECT_TERMINATING"]],
  ] as const)("tells %s that is being deleted to whom it concerns", ([, one, mine, theirs]) => {
    const targets = [
      target("a", [reviews], ["shop"]),
      target("b", [virtualService("{hosts: [x]}", "ratings")]),
    ];
    const side = live([reviews, one], { isComplete: (kind) => kind.kind === "VirtualService" });
    const judgements = judge(targets, side);
    expect(told(judgements.get("a")).unchecked).toEqual(mine);
    expect(told(judgements.get("b")).unchecked).toEqual(theirs);
  });

  it("finds mesh configuration changed that was emptied, not missing", () => {
    const config = (data: string): Resource =>
      resource(
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-canary, namespace: istio-system}, data: ${data}}`,
      );
    const judgement = judge(
      [target("eu1", [config("{mesh: 'accessLogFile: /dev/stdout'}")])],
      live([config("{}")]),
    );
    expect(told(judgement.get("eu1")).findings).toEqual(["changed istio-canary"]);
  });

  it("still finds what is extra where it is clear which objects a target wants", () => {
    const twice = [virtualService("{hosts: [a]}", "pay"), virtualService("{hosts: [b]}", "pay")];
    const judgements = judge(
      [target("a", [reviews], ["shop"]), target("b", twice)],
      live([reviews, other("old")]),
    );
    expect(told(judgements.get("a")).findings).toEqual(["extra old"]);
  });

  it("counts as live what is live, however it is judged", () => {
    const twin = virtualService("{hosts: [y]}");
    const judgements = judge([target("a", [reviews]), target("b", [twin])], live([reviews]));
    expect(judgements.get("a")?.live).toEqual([reviews.key]);
  });
});

describe("objects with a deployer's mark", () => {
  const flux = (name: string, namespace = "flux-system"): JsonObject => ({
    labels: { "kustomize.toolkit.fluxcd.io/name": name, "kustomize.toolkit.fluxcd.io/namespace": namespace },
  });
  const argo = (text: string): JsonObject => ({ annotations: { "argocd.argoproj.io/tracking-id": text } });
  const idOf = (name: string): string => `mesh:${istio}/VirtualService:shop/${name}`;
  const left = virtualService("{hosts: [x]}", "left");

  it.for([
    ["what their own deployer left behind", flux("apps"), flux("apps"), ["extra left"], []],
    ["what another one delivered", flux("apps"), flux("other"), [], ["Flux other"]],
    ["one of that name elsewhere", flux("apps"), flux("apps", "team"), [], ["Flux apps"]],
    ["what Argo CD left behind", argo(idOf("reviews")), argo(idOf("left")), ["extra left"], []],
    ["a copy of what Argo CD delivered", argo(idOf("reviews")), argo(idOf("reviews")), ["extra left"], []],
    ["what another application has", {}, argo(idOf("left")), [], ["Argo CD mesh"]],
  ] as const)("tells %s", ([, own, mark, extra, elsewhere]) => {
    const side = live([withMetadata(reviews, own), withMetadata(left, mark)]);
    const judgement = judge([target("eu1", [reviews], ["shop"])], side).get("eu1");
    expect(told(judgement).findings).toEqual(extra);
    expect(judgement?.elsewhere.map(({ by }) => by)).toEqual(elsewhere);
  });
});
