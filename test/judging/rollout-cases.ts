import type { Resource } from "../../src/core/model/resource.ts";
import { destinationRule, httpRoute, rollout, twoBackends, virtualService } from "./canary-objects.ts";
import type { CanaryCase } from "./canaries.ts";
import {
  aborted,
  healthy,
  one,
  plugin,
  routeSteps,
  rule,
  running,
  rolloutStages,
  vs,
  weights,
} from "./rollout-stages.ts";

function subsets(stable: string, canary: string, more = ""): Resource {
  return destinationRule(
    `subsets: [{ name: stable, labels: { app: reviews${stable} } }, { name: canary, labels: { app: reviews${canary} } }${more}]`,
  );
}

const hash = (text: string): string => `, rollouts-pod-template-hash: ${text}`;
const bySubset =
  "{ istio: { virtualService: { name: reviews }, destinationRule: { name: reviews, stableSubsetName: stable, canarySubsetName: canary } } }";
const toSubsets = (stable: number): Resource =>
  virtualService(
    `[{ route: [{ destination: { host: reviews, subset: stable }, weight: ${String(stable)} }, { destination: { host: reviews, subset: canary }, weight: ${String(100 - stable)} }] }]`,
  );
const experiment = `{ ${running}, currentStepIndex: 1, canary: { currentExperiment: e, weights: { canary: { weight: 10 }, stable: { weight: 85 }, additional: [{ serviceName: reviews-base, podTemplateHash: ccc, weight: 5 }] } } }`;
const withBase = (weight: number): Resource =>
  virtualService(
    `[{ route: [{ destination: { host: reviews-stable }, weight: 85 }, { destination: { host: reviews-canary }, weight: 10 }, { destination: { host: reviews-base }, weight: ${String(weight)} }] }]`,
  );

type Other = readonly [
  what: string,
  git: Resource,
  live: Resource,
  objects: readonly Resource[],
  verdict: string,
];

const others: readonly Other[] = [
  [
    "healthy, and Git still has a weight of the way there",
    vs(90),
    vs(100),
    [rollout(one, weights(0, healthy))],
    "left-behind",
  ],
  [
    "aborted, and Git still has a weight of the way there",
    vs(90),
    vs(100),
    [rollout(one, weights(0, aborted))],
    "left-behind",
  ],
  [
    "a timeout beside the weights",
    vs(100),
    vs(90, "timeout: 30s,"),
    [rollout(one, weights(10))],
    "drift in-step",
  ],
  [
    "pod hashes of the subsets",
    subsets("", ""),
    subsets(hash("aaa"), hash("bbb")),
    [rollout(bySubset, weights(10))],
    "in-step",
  ],
  [
    "pod hashes after it is done",
    subsets("", ""),
    subsets(hash("bbb"), hash("bbb")),
    [rollout(bySubset, weights(0, healthy).replace("podTemplateHash: aaa", "podTemplateHash: bbb"))],
    "left-behind",
  ],
  [
    "a pod hash of other pods",
    subsets("", ""),
    subsets(hash("aaa"), hash("zzz")),
    [rollout(bySubset, weights(10))],
    "in-step out-of-step",
  ],
  [
    "another label beside the hash",
    subsets("", ""),
    subsets(hash("aaa"), `${hash("bbb")}, version: v2`),
    [rollout(bySubset, weights(10))],
    "drift in-step",
  ],
  [
    "the subset of an experiment",
    subsets("", ""),
    subsets(
      hash("aaa"),
      hash("bbb"),
      ", { name: reviews-base, labels: { rollouts-pod-template-hash: ccc } }",
    ),
    [rollout(bySubset, experiment)],
    "in-step",
  ],
  ["weights of subsets", toSubsets(100), toSubsets(90), [rollout(bySubset, weights(10))], "in-step"],
  [
    "weights of subsets, live elsewhere",
    toSubsets(100),
    toSubsets(50),
    [rollout(bySubset, weights(10))],
    "out-of-step",
  ],
  ["the destination of an experiment", vs(100), withBase(5), [rollout(one, experiment)], "in-step"],
  [
    "the destination of an experiment with another weight",
    vs(100),
    withBase(50),
    [rollout(one, experiment)],
    "out-of-step",
  ],
  [
    "a destination of no experiment",
    vs(100),
    withBase(5),
    [rollout(one, weights(10).replace("stable: { weight: 90", "stable: { weight: 85"))],
    "drift in-step",
  ],
  [
    "a VirtualService of another namespace",
    vs(100),
    vs(90),
    [elsewhere(rollout("{ istio: { virtualService: { name: reviews.shop } } }", weights(10)))],
    "in-step",
  ],
  [
    "a Rollout of another namespace that does not name it",
    vs(100),
    vs(90),
    [elsewhere(rollout(one, weights(10)))],
    "drift",
  ],
  [
    "two Rollouts at their own routes",
    twoRoutes(100, 100),
    twoRoutes(90, 50),
    [named("a", 10), named("b", 50)],
    "in-step",
  ],
  [
    "two Rollouts, one of them out of step",
    twoRoutes(100, 100),
    twoRoutes(90, 60),
    [named("a", 10), named("b", 50)],
    "in-step out-of-step",
  ],
  ["the Rollout plays ping-pong", vs(100), vs(90), [pingPong()], "unknown"],
  [
    "a header rule of its step",
    rule(100),
    httpRoute(
      `[{ matches: [{ path: { type: PathPrefix, value: / } }], backendRefs: ${twoBackends("stable", [90, 10])} }, ${headerRule("yes")}]`,
    ),
    [rollout(plugin, weights(10), { steps: routeSteps })],
    "in-step",
  ],
  [
    "a header rule for another value",
    rule(100),
    httpRoute(
      `[{ matches: [{ path: { type: PathPrefix, value: / } }], backendRefs: ${twoBackends("stable", [90, 10])} }, ${headerRule("no")}]`,
    ),
    [rollout(plugin, weights(10), { steps: routeSteps })],
    "drift in-step",
  ],
  [
    "the list of routes of the plugin",
    rule(100),
    rule(90),
    [rollout("{ plugins: { argoproj-labs/gatewayAPI: { httpRoutes: [{ name: reviews }] } } }", weights(10))],
    "in-step",
  ],
  [
    "a plugin that names another route",
    rule(100),
    rule(90),
    [rollout("{ plugins: { argoproj-labs/gatewayAPI: { httpRoute: ratings } } }", weights(10))],
    "drift",
  ],
];

function headerRule(value: string): string {
  return `{ matches: [{ path: { type: PathPrefix, value: / }, headers: [{ name: x-canary, type: Exact, value: "${value}" }] }], backendRefs: [{ group: "", kind: Service, name: reviews-canary, port: 9080 }] }`;
}

function elsewhere(object: Resource): Resource {
  return { ...object, key: { ...object.key, namespace: "team" } };
}

function named(name: string, canary: number): Resource {
  return rollout(`{ istio: { virtualService: { name: reviews, routes: [${name}] } } }`, weights(canary), {
    name,
  });
}

function twoRoutes(a: number, b: number): Resource {
  const route = (name: string, stable: number): string =>
    `{ name: ${name}, match: [{ uri: { prefix: /${name} } }], route: [{ destination: { host: ${name}-stable }, weight: ${String(stable)} }, { destination: { host: ${name}-canary }, weight: ${String(100 - stable)} }] }`;
  return virtualService(`[${route("a", a)}, ${route("b", b)}]`);
}

function pingPong(): Resource {
  const object = rollout(one, weights(10));
  const canary = {
    pingPong: { pingService: "a", pongService: "b" },
    trafficRouting: { istio: { virtualService: { name: "reviews" } } },
  };
  return { ...object, object: { ...object.object, spec: { strategy: { canary } } } };
}

const gone: readonly CanaryCase[] = [
  {
    what: "the Rollout is gone, and its controller wrote it",
    git: vs(100),
    live: vs(50),
    objects: [],
    manager: "rollouts-controller",
    verdict: "gone",
  },
  {
    what: "Rollouts may not be read, and their controller wrote it",
    git: vs(100),
    live: vs(50),
    objects: [],
    manager: "rollouts-controller",
    isRead: false,
    verdict: "unknown",
  },
];

/** Argo Rollouts: VirtualService, DestinationRule, HTTPRoute by the plugin. */
export const rolloutCases: readonly CanaryCase[] = [
  ...rolloutStages,
  ...others.map(([what, git, live, objects, verdict]) => ({ what, git, live, objects, verdict })),
  ...gone,
];
