import type { Resource } from "../../src/core/model/resource.ts";
import {
  canary,
  destinationRule,
  httpRoute,
  split,
  splitRule,
  twoBackends,
  twoDestinations,
  virtualService,
} from "./canary-objects.ts";
import type { CanaryCase } from "./canaries.ts";

import { flaggerPhases } from "./flagger-phases.ts";
const steps = "stepWeight: 10, maxWeight: 50";
const blueGreen = "iterations: 10, mirror: true";
const sticky = "stepWeight: 10, maxWeight: 50, sessionAffinity: { cookieName: flagger-cookie, maxAge: 60 }";

const vs = (primary: number, more = ""): Resource => split("primary", [primary, 100 - primary], more);
const rule = (primary: number, more = ""): Resource => splitRule("primary", [primary, 100 - primary], more);

const cookie = "flagger-cookie=wLVxNPqNJe";
const ofUser = (name: string): string => `{ headers: { Cookie: { regex: ".*flagger-cookie.*${name}.*" } } }`;
const setCookie = `headers: { response: { add: { Set-Cookie: "${cookie}; Max-Age=60" } } }`;

/** Live as Flagger makes it to keep users on the canary. */
function stickyRoutes(user: string, more = ""): Resource {
  return virtualService(`[
    { name: sticky-route, ${more} match: [${ofUser(user)}], route: ${twoDestinations("primary", [0, 100])} },
    { route: [
      { destination: { host: reviews-primary }, weight: 90 },
      { destination: { host: reviews-canary }, weight: 10, ${setCookie} }] }]`);
}

const atTen = `{ phase: Progressing, canaryWeight: 10, sessionAffinityCookie: ${cookie} }`;

const more: readonly CanaryCase[] = [
  {
    what: "users kept on the canary",
    git: vs(100),
    live: stickyRoutes("wLVxNPqNJe"),
    objects: [canary(sticky, atTen)],
    verdict: "in-step",
  },
  {
    what: "a route for the cookie of somebody else",
    git: vs(100),
    live: stickyRoutes("mine"),
    objects: [canary(sticky, atTen)],
    verdict: "drift",
  },
  {
    what: "a fault in the route of the cookie",
    git: vs(100),
    live: stickyRoutes("wLVxNPqNJe", "fault: { abort: { httpStatus: 500, percentage: { value: 100 } } },"),
    objects: [canary(sticky, atTen)],
    verdict: "drift out-of-step",
  },
  {
    what: "finished, and Git still has a weight of the way there",
    git: vs(90),
    live: vs(100),
    objects: [canary(steps, "{ phase: Succeeded, canaryWeight: 0 }")],
    verdict: "left-behind",
  },
  {
    what: "failed, and Git still has a weight of the way there",
    git: vs(90),
    live: vs(100),
    objects: [canary(steps, "{ phase: Failed, canaryWeight: 0 }")],
    verdict: "left-behind",
  },
  {
    what: "the Canary is gone, and flagger wrote it",
    git: vs(100),
    live: vs(50),
    objects: [],
    manager: "flagger",
    verdict: "gone",
  },
  {
    what: "the Canary drives something else, and flagger wrote it",
    git: vs(100),
    live: vs(50),
    objects: [canary(steps, "{ phase: Progressing, canaryWeight: 50 }", "ratings")],
    manager: "flagger",
    verdict: "gone",
  },
  {
    what: "Canaries may not be read, and flagger wrote it",
    git: vs(100),
    live: vs(50),
    objects: [],
    isRead: false,
    manager: "flagger",
    verdict: "unknown",
  },
  {
    what: "no Canary, and a person wrote it",
    git: vs(100),
    live: vs(50),
    objects: [],
    manager: "kubectl-edit",
    verdict: "drift",
  },
  {
    what: "somebody else writes as flagger while the Canary wants another weight",
    git: vs(100),
    live: vs(0),
    objects: [canary(steps, "{ phase: Progressing, canaryWeight: 10 }")],
    manager: "flagger",
    verdict: "out-of-step",
  },
  {
    what: "a weight of the status that is no number",
    git: vs(90),
    live: vs(100),
    objects: [canary(steps, '{ phase: Progressing, canaryWeight: "50" }')],
    verdict: "unknown",
  },
  {
    what: "a phase of the status that is no text",
    git: vs(90),
    live: vs(100),
    objects: [canary(steps, "{ phase: 7, canaryWeight: 50 }")],
    verdict: "unknown",
  },
  {
    what: "two Canaries of one service that agree",
    git: vs(100),
    live: vs(50),
    objects: [
      canary(steps, "{ phase: Progressing, canaryWeight: 50 }"),
      {
        ...canary(steps, "{ phase: Progressing, canaryWeight: 50 }"),
        key: { ...canary(steps, "").key, name: "twin" },
      },
    ],
    verdict: "unknown",
  },
  {
    what: "two Canaries of one service that do not agree",
    git: vs(100),
    live: vs(50),
    objects: [
      canary(steps, "{ phase: Progressing, canaryWeight: 50 }"),
      {
        ...canary(steps, "{ phase: Progressing, canaryWeight: 10 }"),
        key: { ...canary(steps, "").key, name: "twin" },
      },
    ],
    verdict: "out-of-step",
  },
  {
    what: "Git knows no canary: what Flagger took over",
    git: virtualService("[{ route: [{ destination: { host: reviews } }] }]"),
    live: vs(50),
    objects: [canary(steps, "{ phase: Progressing, canaryWeight: 50 }")],
    verdict: "drift",
  },
  {
    what: "the traffic policy of a generated DestinationRule, as its Canary has it",
    git: destinationRule(
      "trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 1 } } }",
      "reviews-canary",
    ),
    live: destinationRule(
      "trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 9 } } }",
      "reviews-canary",
    ),
    objects: [withPolicy(9)],
    verdict: "left-behind",
  },
  {
    what: "another traffic policy than its Canary has",
    git: destinationRule(
      "trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 1 } } }",
      "reviews-canary",
    ),
    live: destinationRule(
      "trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 7 } } }",
      "reviews-canary",
    ),
    objects: [withPolicy(9)],
    verdict: "out-of-step",
  },
];

function withPolicy(pending: number): Resource {
  const one = canary(steps, "{ phase: Succeeded }");
  const trafficPolicy = { connectionPool: { http: { http1MaxPendingRequests: pending } } };
  const spec = { targetRef: { name: "reviews" }, service: { port: 9080, trafficPolicy } };
  return { ...one, object: { ...one.object, spec } };
}

const mirrored = (name: string): string =>
  `filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: reviews-${name}, port: 9080 } } }],`;

const routes: readonly CanaryCase[] = [
  {
    what: "blue/green with its mirror",
    git: rule(100),
    live: rule(100, mirrored("canary")),
    objects: [canary(blueGreen, "{ phase: Progressing, iterations: 3 }")],
    verdict: "unknown",
  },
  {
    what: "blue/green with a mirror elsewhere",
    git: rule(100),
    live: rule(100, mirrored("spy")),
    objects: [canary(blueGreen, "{ phase: Progressing, iterations: 3 }")],
    verdict: "out-of-step",
  },
  {
    what: "a timeout beside the weights",
    git: rule(100),
    live: rule(90, "timeouts: { request: 30s },"),
    objects: [canary(steps, "{ phase: Progressing, canaryWeight: 10 }")],
    verdict: "drift in-step",
  },
  {
    what: "a Canary of another mesh",
    git: rule(100),
    live: rule(90),
    objects: [withProvider("linkerd")],
    verdict: "drift",
  },
  {
    what: "users kept on the canary",
    git: rule(100),
    live: httpRoute(`[
      { matches: [{ headers: [{ type: RegularExpression, name: Cookie, value: ".*flagger-cookie.*wLVxNPqNJe.*" }] }],
        backendRefs: ${twoBackends("primary", [0, 100])} },
      { backendRefs: ${twoBackends("primary", [90, 10])} }]`),
    objects: [canary(sticky, atTen)],
    verdict: "in-step",
  },
];

function withProvider(provider: string): Resource {
  const one = canary(steps, "{ phase: Progressing, canaryWeight: 10 }");
  return { ...one, object: { ...one.object, spec: { targetRef: { name: "reviews" }, provider } } };
}

/** Flagger: VirtualService, DestinationRule, HTTPRoute. */
export const flaggerCases: readonly CanaryCase[] = [...flaggerPhases, ...more, ...routes];
