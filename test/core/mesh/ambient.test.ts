import { describe, expect, it } from "vitest";
import { factsFrom } from "../../../src/core/compare/facts.ts";
import { hasNoAmbient } from "../../../src/core/mesh/ambient.ts";
import type { Answer } from "../../../src/core/mesh/table.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import { keyOf, type Resource } from "../../../src/core/model/resource.ts";

function resource(object: JsonObject): Resource {
  const key = keyOf(object);
  if (key === undefined) throw new Error("an object without a key");
  return { key, object };
}

function gatewayClass(
  name: string,
  controllerName: string,
  description = "The default Istio GatewayClass",
): Resource {
  return resource({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name },
    spec: { controllerName, description },
  });
}

function namespace(name: string, labels: JsonObject): Resource {
  return resource({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

/** What is known of a cluster of which the named kinds were not read as a whole. */
function answerFor(live: readonly Resource[], ...partly: readonly string[]): Answer {
  const facts = factsFrom({}, { desired: [], live, isComplete: ({ kind }) => !partly.includes(kind) });
  const object = resource({
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: "reviews", namespace: "shop" },
  });
  return hasNoAmbient({ value: {}, name: "selector", up: undefined, object, facts });
}

const istio = gatewayClass("istio", "istio.io/gateway-controller");
const shop = namespace("shop", { "istio-injection": "enabled", "istio.io/dataplane-mode": "none" });

describe("hasNoAmbient", () => {
  it("is proven by the classes that istiod makes, where none of them is for waypoints", () => {
    expect(answerFor([istio, shop])).toBe(true);
    expect(answerFor([istio, shop, gatewayClass("istio-remote", "istio.io/unmanaged-gateway")])).toBe(true);
    expect(answerFor([istio, shop, gatewayClass("nginx", "nginx.org/gateway-controller")])).toBe(true);
  });

  it("is disproven by a class for waypoints or by a namespace, however little else was read", () => {
    const waypoint = gatewayClass("istio-waypoint", "istio.io/mesh-controller");
    const ambient = namespace("ops", { "istio.io/dataplane-mode": "ambient" });
    for (const sign of [waypoint, ambient]) {
      expect(answerFor([istio, shop, sign])).toBe(false);
      expect(answerFor([sign], "Namespace", "GatewayClass")).toBe(false);
    }
  });

  it("is open where something was not read, or where istiod may not keep the classes", () => {
    expect(answerFor([istio, shop], "Namespace")).toEqual({ missing: "all Namespaces of the cluster" });
    expect(answerFor([istio, shop], "GatewayClass")).toEqual({
      missing: "all GatewayClasses of the cluster",
    });
    const open = { missing: "a GatewayClass that istiod made" };
    expect(answerFor([shop])).toEqual(open);
    expect(answerFor([shop, gatewayClass("istio", "istio.io/gateway-controller", "ours")])).toEqual(open);
    expect(answerFor([shop, gatewayClass("nginx", "nginx.org/gateway-controller")])).toEqual(open);
  });
});
