import { describe, expect, it } from "vitest";
import type { Resource } from "../../../../src/core/model/resource.ts";
import {
  canary,
  destinationRule,
  httpRoute,
  rollout,
  split,
  splitRule,
  twoBackends,
  twoDestinations,
  virtualService,
} from "../../../judging/canary-objects.ts";
import { judgeCase, wordsOf } from "../../../judging/judge-case.ts";
import { one, plugin, weights } from "../../../judging/rollout-stages.ts";

/** What somebody hangs on a route, destination or subset that a controller adds for a time, under its names. */

const cookie = "flagger-cookie=wLVxNPqNJe";
const sticky = canary(
  "stepWeight: 10, maxWeight: 50, sessionAffinity: { cookieName: flagger-cookie, maxAge: 60 }",
  `{ phase: Progressing, canaryWeight: 10, sessionAffinityCookie: ${cookie} }`,
);
const ofUser = 'match: [{ headers: { Cookie: { regex: ".*flagger-cookie.*wLVxNPqNJe.*" } } }]';
const keeping = (route: string, more = ""): Resource =>
  virtualService(
    `[{ name: sticky-route, ${more} ${ofUser}, route: ${route} }, { route: ${twoDestinations("primary", [90, 10])} }]`,
  );
const toCanary = (host = "reviews-canary", more = ""): string =>
  `[{ destination: { host: reviews-primary }, weight: 0 }, { destination: { host: ${host} }, weight: 100 ${more} }]`;

const steps =
  "[{ setWeight: 10 }, { setHeaderRoute: { name: by-header, match: [{ headerName: x-canary, headerValue: { exact: yes } }] } }]";
const managing = rollout(
  "{ managedRoutes: [{ name: by-header }], istio: { virtualService: { name: reviews } } }",
  weights(10),
  { steps },
);
const byHeader = (host: string, more = ""): Resource =>
  virtualService(
    `[{ name: by-header, match: [{ headers: { x-canary: { exact: yes } } }], route: [{ destination: { host: ${host} }, weight: 100 ${more} }] }, { route: ${twoDestinations("stable", [90, 10])} }]`,
  );
const ruled = (more: string): Resource =>
  httpRoute(
    `[{ matches: [{ path: { type: PathPrefix, value: / } }], backendRefs: ${twoBackends("stable", [90, 10])} },
      { matches: [{ path: { type: PathPrefix, value: / }, headers: [{ name: x-canary, type: Exact, value: "yes" }] }], backendRefs: [{ name: reviews-canary, port: 9080, ${more} }] }]`,
  );

const experiment =
  "{ currentPodHash: bbb, stableRS: aaa, phase: Progressing, currentStepIndex: 1, canary: { weights: { canary: { weight: 10 }, stable: { weight: 85 }, additional: [{ serviceName: reviews-base, podTemplateHash: ccc, weight: 5 }] } } }";
const withBase = (host: string, more = ""): Resource =>
  virtualService(
    `[{ route: [{ destination: { host: reviews-stable }, weight: 85 }, { destination: { host: reviews-canary }, weight: 10 }, { destination: { host: ${host} }, weight: 5 ${more} }] }]`,
  );
const bySubset = rollout(
  "{ istio: { virtualService: { name: reviews }, destinationRule: { name: reviews, stableSubsetName: stable, canarySubsetName: canary } } }",
  experiment,
);
const subsets = (more: string): Resource =>
  destinationRule(`subsets: [{ name: stable, labels: { app: reviews } }${more}]`);
const base = "name: reviews-base, labels: { rollouts-pod-template-hash: ccc";

const primary = split("primary", [100, 0]);
const stable = split("stable", [100, 0]);
const headers = ", headers: { response: { add: { x: y } } }";

describe("a rollout is no cover", () => {
  it.for<readonly [what: string, git: Resource, live: Resource, object: Resource, isCovered: boolean]>([
    ["(it is one for its cookie's route)", primary, keeping(toCanary()), sticky, true],
    [
      "(nor for its host in full)",
      primary,
      keeping(toCanary("reviews-canary.shop.svc.cluster.local")),
      sticky,
      true,
    ],
    ["for a canary of another namespace", primary, keeping(toCanary("reviews-canary.other")), sticky, false],
    ["for a canary of another domain", primary, keeping(toCanary("reviews-canary.shop.com")), sticky, false],
    ["for a mirror elsewhere", primary, keeping(toCanary(), "mirror: { host: other },"), sticky, false],
    ["for headers of the route", primary, keeping(toCanary(), headers.slice(2) + ","), sticky, false],
    ["for headers of a destination", primary, keeping(toCanary("reviews-canary", headers)), sticky, false],
    [
      "for the cookie's users at the primary",
      primary,
      keeping(twoDestinations("primary", [100, 0])),
      sticky,
      false,
    ],
    ["(it is one for a header route)", stable, byHeader("reviews-canary"), managing, true],
    ["for a header route elsewhere", stable, byHeader("reviews-canary.other"), managing, false],
    ["for headers of a header route", stable, byHeader("reviews-canary", headers), managing, false],
    [
      "(it is one for a header rule)",
      splitRule("stable", [100, 0], "matches: [{ path: { type: PathPrefix, value: / } }],"),
      ruled(""),
      rollout(plugin, weights(10), { steps }),
      true,
    ],
    [
      "for a header rule elsewhere",
      splitRule("stable", [100, 0], "matches: [{ path: { type: PathPrefix, value: / } }],"),
      ruled("namespace: other"),
      rollout(plugin, weights(10), { steps }),
      false,
    ],
    [
      "for a header rule to no Service",
      splitRule("stable", [100, 0], "matches: [{ path: { type: PathPrefix, value: / } }],"),
      ruled("group: networking.istio.io, kind: Hostname"),
      rollout(plugin, weights(10), { steps }),
      false,
    ],
    ["(it is one for its experiment)", stable, withBase("reviews-base"), rollout(one, experiment), true],
    ["for an experiment elsewhere", stable, withBase("reviews-base.other"), rollout(one, experiment), false],
    [
      "for headers of an experiment",
      stable,
      withBase("reviews-base", headers),
      rollout(one, experiment),
      false,
    ],
    ["(it is one for the subset of its experiment)", subsets(""), subsets(`, { ${base} } }`), bySubset, true],
    [
      "for the policy of an experiment",
      subsets(""),
      subsets(`, { ${base} }, trafficPolicy: { connectionPool: { http: { maxRetries: 1 } } } }`),
      bySubset,
      false,
    ],
    [
      "for other pods in an experiment",
      subsets(""),
      subsets(", { name: reviews-base, labels: { app: other } }"),
      bySubset,
      false,
    ],
    [
      "for a subset that Git does not have",
      subsets(""),
      subsets(", { name: canary, labels: { app: other } }"),
      bySubset,
      false,
    ],
  ])("%s", ([, git, live, object, isCovered]) => {
    const words = wordsOf(judgeCase({ git, live, objects: [object] }));
    expect(
      words.every((word) => word === "in-step"),
      words.join(" "),
    ).toBe(isCovered);
  });
});
