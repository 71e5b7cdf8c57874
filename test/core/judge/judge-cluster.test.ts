import { describe, expect, it } from "vitest";
import type { Unchecked } from "../../../src/core/model/finding.ts";
import type { Resource } from "../../../src/core/model/resource.ts";
import { resource, virtualService } from "../../support/resources.ts";
import { broken, judge, live, target, told } from "./cluster.ts";

const reviews = virtualService("{hosts: [reviews]}");
const ratings = virtualService("{hosts: [ratings]}", "ratings");
const policy = resource(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow-debug, namespace: shop}
spec: {rules: [{}]}
`);

describe("judgeCluster", () => {
  it("finds what is the same, what is missing and what is extra in the scope", () => {
    const judgements = judge([target("eu1", [reviews, ratings], ["shop"])], live([reviews, policy]));
    expect(told(judgements.get("eu1"))).toEqual({
      findings: ["extra allow-debug", "missing ratings"],
      unchecked: [],
      inSync: ["reviews"],
    });
  });

  it("never calls something extra outside the namespaces of a scope", () => {
    expect(told(judge([target("eu1", [reviews])], live([reviews, policy])).get("eu1")).findings).toEqual([]);
  });

  it("lets one target want what another does not", () => {
    const targets = [target("a", [reviews], ["shop"]), target("b", [ratings])];
    const judgements = judge(targets, live([reviews, ratings]));
    expect([told(judgements.get("a")).findings, told(judgements.get("b")).findings]).toEqual([[], []]);
  });

  it("tells an extra object once where two targets look after its namespace", () => {
    const targets = [target("a", [reviews], ["shop"]), target("b", [ratings], ["shop"])];
    const judgements = judge(targets, live([reviews, ratings, policy]));
    expect([told(judgements.get("a")).findings, told(judgements.get("b")).findings]).toEqual([
      ["extra allow-debug"],
      [],
    ]);
  });

  it("calls nothing missing where the live list of the kind is not complete", () => {
    const judgements = judge([target("eu1", [reviews])], live([], { isComplete: () => false }));
    expect(told(judgements.get("eu1"))).toEqual({ findings: [], unchecked: ["KIND_NOT_READ"], inSync: [] });
  });

  it("keeps the verdict of a target when another one is broken, and calls nothing extra then", () => {
    const alone = told(judge([target("a", [reviews, ratings])], live([reviews])).get("a"));
    const judgements = judge([target("a", [reviews, ratings]), broken("b")], live([reviews, policy]));
    expect(told(judgements.get("a"))).toEqual(alone);
    expect(told(judgements.get("b"))).toEqual({
      findings: [],
      unchecked: ["RENDER_FAILED", "EXTRA_NOT_JUDGED"],
      inSync: [],
    });
  });

  it("says of what is live whether it may be extra while another target is broken, also in its own scope", () => {
    const whole = judge(
      [target("a", [reviews], ["shop"]), { ...broken("b"), scope: { namespaces: [] } }],
      live([reviews]),
    );
    expect(told(whole.get("a"))).toEqual({ findings: [], unchecked: [], inSync: ["reviews"] });
    const open = judge(
      [target("a", [reviews], ["shop"]), { ...broken("b"), scope: { namespaces: [] } }],
      live([reviews, policy]),
    );
    expect(told(open.get("a"))).toEqual({
      findings: [],
      unchecked: ["EXTRA_NOT_JUDGED"],
      inSync: ["reviews"],
    });
    expect(open.get("a")?.unchecked[0]?.reason).toBe(
      "shop/AuthorizationPolicy/allow-debug may be extra, or wanted by target b, of which not everything is known",
    );
  });

  it("tells what is extra by a target that is reported, also where one that is not looks after the namespace first", () => {
    const silent = { ...target("a", [reviews], ["shop"]), isReported: false };
    const judgements = judge([silent, target("b", [ratings], ["shop"])], live([reviews, ratings, policy]));
    expect([...judgements.keys()]).toEqual(["b"]);
    expect(told(judgements.get("b")).findings).toEqual(["extra allow-debug"]);
  });

  it.for([
    ["nothing at all", []],
    [
      "no object of the mesh",
      [resource("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}")],
    ],
  ] as const)("never takes a render with %s for everything deleted", ([, resources]) => {
    const judgements = judge([target("eu1", resources, ["shop"])], live([reviews, policy]));
    expect(told(judgements.get("eu1"))).toEqual({
      findings: [],
      unchecked: ["EMPTY_RENDER", "EXTRA_NOT_JUDGED"],
      inSync: [],
    });
  });

  it("tells what two targets of one cluster want differently, with the fields", () => {
    const other = virtualService("{hosts: [reviews, ratings]}");
    const judgements = judge([target("a", [reviews]), target("b", [other])], live([reviews]));
    expect(judgements.get("a")?.findings).toMatchObject([
      { type: "conflict", otherTarget: "b", changes: [{ path: "spec.hosts[ratings]" }] },
    ]);
    expect(told(judgements.get("b")).findings).toEqual(["conflict reviews"]);
  });

  it("compares nothing without a namespace: nobody can say which live object it is", () => {
    const homeless = resource(
      "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: default}, spec: {}}",
    );
    const judgements = judge([target("eu1", [reviews, homeless], ["shop"])], live([reviews, policy]));
    expect(told(judgements.get("eu1"))).toEqual({
      findings: [],
      unchecked: ["NO_NAMESPACE", "EXTRA_NOT_JUDGED"],
      inSync: ["reviews"],
    });
  });

  it("does not say of what a target wants twice that it may be extra", () => {
    const twice = virtualService("{hosts: [reviews, ratings]}");
    const judgements = judge([target("eu1", [reviews, twice, ratings], ["shop"])], live([reviews, ratings]));
    expect(told(judgements.get("eu1"))).toEqual({
      findings: [],
      unchecked: ["DUPLICATE_OBJECT"],
      inSync: ["ratings"],
    });
  });

  it("does not call extra what a controller owns, nor namespaces and mesh configuration", () => {
    const owned: Resource = {
      ...policy,
      object: {
        ...policy.object,
        metadata: {
          name: "allow-debug",
          namespace: "shop",
          ownerReferences: [{ kind: "Canary", controller: true }],
        },
      },
    };
    const others = [
      resource("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
      resource(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: shop}, data: {mesh: ''}}",
      ),
    ];
    const judgements = judge([target("eu1", [reviews], ["shop", ""])], live([reviews, owned, ...others]));
    expect(told(judgements.get("eu1")).findings).toEqual([]);
  });

  it.for([
    ["Argo CD", { annotations: { "argocd.argoproj.io/tracking-id": "mesh:x" } }, "Argo CD mesh:x"],
    ["Flux", { labels: { "kustomize.toolkit.fluxcd.io/name": "mesh" } }, "Flux mesh"],
    ["Helm", { annotations: { "meta.helm.sh/release-name": "monitoring" } }, "Helm monitoring"],
  ] as const)("lists what %s delivered instead of calling it extra", ([, marks, by]) => {
    const delivered: Resource = {
      ...policy,
      object: { ...policy.object, metadata: { name: "allow-debug", namespace: "shop", ...marks } },
    };
    const judgement = judge([target("eu1", [reviews], ["shop"])], live([reviews, delivered])).get("eu1");
    expect(judgement?.findings).toEqual([]);
    expect(judgement?.elsewhere).toEqual([{ key: policy.key, by }]);
  });

  it("lets a file that could not be read make every target unknown, and nothing missing", () => {
    const unreadable: Unchecked = {
      what: "live/vs.yaml",
      code: "SNAPSHOT_CUT_OFF",
      reason: "it ends early",
      hint: "",
    };
    const side = live([reviews], { unchecked: [unreadable], isComplete: () => false });
    expect(told(judge([target("eu1", [reviews, ratings])], side).get("eu1"))).toEqual({
      findings: [],
      unchecked: ["SNAPSHOT_CUT_OFF"],
      inSync: ["reviews"],
    });
  });

  it("compares an object that stands twice on the live side with nothing", () => {
    const twice = virtualService("{hosts: [reviews, ratings]}");
    expect(
      told(judge([target("eu1", [reviews, ratings])], live([reviews, twice, ratings])).get("eu1")),
    ).toEqual({
      findings: [],
      unchecked: ["DUPLICATE_OBJECT"],
      inSync: ["ratings"],
    });
  });
});
