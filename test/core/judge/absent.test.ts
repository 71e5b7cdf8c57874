import { describe, expect, it } from "vitest";
import { findWhyUnread, judgeAbsent, judgeUnread } from "../../../src/core/judge/absent.ts";
import { type DesiredSet, desiredSet, type LiveSide } from "../../../src/core/judge/side.ts";
import type { UnreadKind } from "../../../src/core/model/finding.ts";
import { keyId, type Resource } from "../../../src/core/model/resource.ts";
import { resource } from "../../support/resources.ts";

const istio = "networking.istio.io";
const gatewayApi = "gateway.networking.k8s.io";

function object(kind: string, name: string, namespace = "shop", group = istio): Resource {
  const place = namespace === "" ? "" : `, namespace: ${namespace}`;
  return resource(`{apiVersion: ${group}/v1, kind: ${kind}, metadata: {name: ${name}${place}}}`);
}

const reviews = object("VirtualService", "reviews");
const payments = object("VirtualService", "pay", "payments");
const nothing: LiveSide = { resources: [], unchecked: [], unread: [], unserved: [], isComplete: () => false };

/** The forbidden list of VirtualServices: of one namespace, or of what no namespace's list covers. */
function forbidden(namespace?: string, code = "FORBIDDEN"): UnreadKind {
  const kind = { group: istio, kind: "VirtualService" };
  return { kind, ...(namespace !== undefined && { namespace }), code, reason: "no", hint: "Ask." };
}

function completeIn(...namespaces: readonly string[]): LiveSide["isComplete"] {
  return (_, namespace) => namespace !== undefined && namespaces.includes(namespace);
}

function judge(resources: readonly Resource[], live: LiveSide) {
  return judgeAbsent(resources, live, findWhyUnread(live.unread));
}

function absent(resources: readonly Resource[], live: Partial<LiveSide>) {
  const { missing, unchecked } = judge(resources, { ...nothing, ...live });
  return {
    missing: missing.map(({ key }) => `${key.kind} ${key.namespace}/${key.name}`),
    unchecked: unchecked.map(({ what, code }) => `${what} ${code}`),
  };
}

describe("judgeAbsent", () => {
  it("calls missing what the complete list of a namespace has not", () => {
    expect(absent([reviews, payments], { isComplete: completeIn("shop") })).toEqual({
      missing: ["VirtualService shop/reviews"],
      unchecked: [`VirtualService.${istio} KIND_NOT_READ`],
    });
  });

  it("says once for a kind that nobody knows", () => {
    const many = ["a", "b", "c", "d", "e"].map((name) => object("Sidecar", name));
    const { unchecked } = judge(many, nothing);
    expect(unchecked.map(({ reason }) => reason)).toEqual([
      `Git has shop/a, shop/b, shop/c and 2 more, and no complete list of live Sidecar.${istio} objects was read`,
    ]);
  });

  it("leaves the reason to the kind, the namespace or the side that could not be read", () => {
    expect(absent([reviews], { unread: [forbidden()] }).unchecked).toEqual([]);
    expect(absent([reviews], { unread: [forbidden("shop")] }).unchecked).toEqual([]);
    expect(absent([reviews], { unread: [forbidden("payments")] }).unchecked).toHaveLength(1);
    const side = { what: "the live side", code: "CLUSTER_UNREACHABLE", reason: "", hint: "" };
    expect(absent([reviews], { unchecked: [side] })).toEqual({ missing: [], unchecked: [] });
  });

  it("calls the definition missing, once, of a kind that the cluster does not know", () => {
    const kinds = [
      object("ProxyConfig", "a"),
      object("ProxyConfig", "b"),
      object("AuthorizationPolicy", "c", "shop", "security.istio.io"),
      object("HTTPRoute", "d", "shop", gatewayApi),
      object("GatewayClass", "e", "", gatewayApi),
      object("Gateway", "f"),
      object("Telemetry", "g", "shop", "telemetry.istio.io"),
      reviews,
    ];
    const unserved = kinds.slice(0, 7).map(({ key: { group, kind } }) => ({ group, kind }));
    const { missing } = judge(kinds, { ...nothing, unserved, isComplete: () => true });
    expect(
      missing.map(({ key, blocks = [] }) => `${key.kind} ${key.name}: ${String(blocks.length)}`),
    ).toEqual([
      "VirtualService reviews: 0",
      `CustomResourceDefinition proxyconfigs.${istio}: 2`,
      "CustomResourceDefinition authorizationpolicies.security.istio.io: 1",
      `CustomResourceDefinition httproutes.${gatewayApi}: 1`,
      `CustomResourceDefinition gatewayclasses.${gatewayApi}: 1`,
      `CustomResourceDefinition gateways.${istio}: 1`,
      "CustomResourceDefinition telemetries.telemetry.istio.io: 1",
    ]);
  });

  it("calls no definition missing of which Git has no object", () => {
    const unserved = [{ group: istio, kind: "ProxyConfig" }];
    expect(absent([reviews], { unserved, isComplete: () => true }).missing).toEqual([
      "VirtualService shop/reviews",
    ]);
  });

  it("tells kinds of one name in two groups apart", () => {
    const unserved = [{ group: gatewayApi, kind: "Gateway" }];
    expect(absent([object("Gateway", "a")], { unserved, isComplete: () => true }).missing).toEqual([
      "Gateway shop/a",
    ]);
  });
});

describe("judgeUnread", () => {
  function setOf(resources: readonly Resource[], namespaces: readonly string[] = []): DesiredSet {
    return desiredSet(
      {
        name: "t",
        isReported: true,
        scope: { namespaces },
        desired: { type: "rendered", resources, unchecked: [] },
      },
      { namespaces, unchecked: [] },
      {},
    );
  }

  function unread(set: DesiredSet, live: Partial<LiveSide>): readonly string[] {
    const side = { ...nothing, ...live };
    return judgeUnread(set, side, findWhyUnread(side.unread)).map(({ what, code }) => `${what} ${code}`);
  }

  const name = `VirtualService.${istio}`;

  it("names the kind where the target wants an object of it", () => {
    expect(unread(setOf([reviews]), { unread: [forbidden()] })).toEqual([`${name} FORBIDDEN`]);
  });

  it("names the kind where the target only looks after a namespace", () => {
    const set = setOf([object("Gateway", "a")], ["shop"]);
    expect(unread(set, { unread: [forbidden()] })).toEqual([`${name} FORBIDDEN`]);
    expect(unread(set, { unread: [forbidden()], isComplete: completeIn("shop") })).toEqual([]);
  });

  it("is silent where the target has nothing to do with it", () => {
    expect(unread(setOf([object("Gateway", "a")]), { unread: [forbidden()] })).toEqual([]);
    expect(unread(setOf([reviews]), { unread: [forbidden("payments")] })).toEqual([]);
  });

  it("is silent about kinds that are never extra in a namespace that the target looks after", () => {
    const configMaps = { ...forbidden(), kind: { group: "", kind: "ConfigMap" } };
    expect(unread(setOf([reviews], ["shop"]), { unread: [configMaps] })).toEqual([]);
  });

  it("names each namespace that could not be read by itself, and not those that could", () => {
    const set = setOf([reviews, payments], ["shop", "payments", "other"]);
    const live = {
      unread: [forbidden(), forbidden("payments", "SERVER_ERROR")],
      isComplete: completeIn("shop"),
    };
    expect(unread(set, live)).toEqual([`${name} FORBIDDEN`, `${name} in namespace payments SERVER_ERROR`]);
    expect(unread(set, { ...live, isComplete: completeIn("shop", "other") })).toEqual([
      `${name} in namespace payments SERVER_ERROR`,
    ]);
  });

  it("gives each object that is absent exactly one reason", () => {
    for (const wanted of [reviews, payments]) {
      for (const why of [[forbidden()], [forbidden("shop")], [forbidden(), forbidden("payments")], []]) {
        const live = { ...nothing, unread: why };
        const told = [
          ...judgeUnread(setOf([wanted]), live, findWhyUnread(why)),
          ...judge([wanted], live).unchecked,
        ];
        expect([keyId(wanted.key), why.length, told.length]).toEqual([keyId(wanted.key), why.length, 1]);
      }
    }
  });
});
