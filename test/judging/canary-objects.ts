import { parse } from "yaml";
import type { JsonObject } from "../../src/core/model/json.ts";
import type { Resource } from "../../src/core/model/resource.ts";
import { resource } from "../support/resources.ts";

/** Objects as the documentation of Flagger and Argo Rollouts has them, for namespace shop. */

/** Source: https://docs.flagger.app/tutorials/istio-progressive-delivery */
export function canary(analysis: string, status: string, name = "reviews"): Resource {
  return resource(`
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: { name: ${name}, namespace: shop }
spec:
  targetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  service: { port: 9080 }
  analysis: { interval: 1m, threshold: 5, ${analysis} }
${status === "" ? "" : `status: ${status}`}
`);
}

/** Source: https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/ */
export function rollout(routing: string, status: string, more: RolloutParts = {}): Resource {
  const { steps = "[{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: {} }]", name = "reviews" } =
    more;
  return resource(`
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: ${name}, namespace: shop, generation: 2 }
spec:
  strategy:
    canary:
      canaryService: ${name}-canary
      stableService: ${name}-stable
      trafficRouting: ${routing}
      steps: ${steps.replaceAll("\n", " ")}
${status === "" ? "" : `status: ${status}`}
`);
}

interface RolloutParts {
  readonly steps?: string;
  readonly name?: string;
}

/** A VirtualService shop/reviews with these HTTP routes. */
export function virtualService(http: string): Resource {
  return object("networking.istio.io/v1", "VirtualService", `{ hosts: [reviews], http: ${http} }`);
}

/** An HTTPRoute shop/reviews with these rules. */
export function httpRoute(rules: string): Resource {
  return object(
    "gateway.networking.k8s.io/v1",
    "HTTPRoute",
    `{ parentRefs: [{ name: gw }], rules: ${rules} }`,
  );
}

/** A DestinationRule shop/reviews with this spec beside its host. */
export function destinationRule(spec: string, name = "reviews"): Resource {
  return object("networking.istio.io/v1", "DestinationRule", `{ host: ${name}, ${spec} }`, name);
}

function object(apiVersion: string, kind: string, spec: string, name = "reviews"): Resource {
  const group = apiVersion.split("/")[0] ?? "";
  return {
    key: { group, kind, namespace: "shop", name },
    object: { apiVersion, kind, metadata: { name, namespace: "shop" }, spec: parse(spec) as JsonObject },
  };
}

/** Routes of a VirtualService to two Services, with what else stands in the one route. */
export function split(stable: string, weights: readonly [number, number], more = ""): Resource {
  return virtualService(`[{ ${more} route: ${twoDestinations(stable, weights)} }]`);
}

/** The destinations of stable and canary: weights as given, of the first and the second. */
export function twoDestinations(stable: string, [first, second]: readonly [number, number]): string {
  return (
    `[{ destination: { host: reviews-${stable} }, weight: ${String(first)} },` +
    ` { destination: { host: reviews-canary }, weight: ${String(second)} }]`
  );
}

/** The same for an HTTPRoute. */
export function splitRule(stable: string, [first, second]: readonly [number, number], more = ""): Resource {
  return httpRoute(`[{ ${more} backendRefs: ${twoBackends(stable, [first, second])} }]`);
}

/** The backends of stable and canary. */
export function twoBackends(stable: string, [first, second]: readonly [number, number]): string {
  return (
    `[{ name: reviews-${stable}, port: 9080, weight: ${String(first)} },` +
    ` { name: reviews-canary, port: 9080, weight: ${String(second)} }]`
  );
}
