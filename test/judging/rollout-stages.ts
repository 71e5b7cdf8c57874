import type { Resource } from "../../src/core/model/resource.ts";
import { rollout, split, splitRule, twoDestinations, virtualService } from "./canary-objects.ts";
import type { CanaryCase } from "./canaries.ts";

export const one = "{ istio: { virtualService: { name: reviews } } }";
export const plugin = "{ plugins: { argoproj-labs/gatewayAPI: { httpRoute: reviews, namespace: shop } } }";

export const vs = (stable: number, more = ""): Resource => split("stable", [stable, 100 - stable], more);
export const rule = (stable: number, more = ""): Resource =>
  splitRule("stable", [stable, 100 - stable], more);

/** A status with the weights that were set last. */
export function weights(
  canary: number,
  more = "currentPodHash: bbb, stableRS: aaa, phase: Paused, currentStepIndex: 1",
): string {
  const set = `{ canary: { weight: ${String(canary)}, podTemplateHash: bbb, serviceName: reviews-canary }, stable: { weight: ${String(100 - canary)}, podTemplateHash: aaa, serviceName: reviews-stable } }`;
  return `{ ${more}, canary: { weights: ${set} } }`;
}

export const healthy = "currentPodHash: bbb, stableRS: bbb, phase: Healthy, currentStepIndex: 4";
export const aborted =
  "currentPodHash: bbb, stableRS: aaa, phase: Degraded, abort: true, currentStepIndex: 0";
export const running = "currentPodHash: bbb, stableRS: aaa, phase: Progressing";

type Row = readonly [what: string, status: string, stable: number, verdict: string];

/** What the status of a Rollout says, and what the stable Service gets live. */
const stages: readonly Row[] = [
  ["no status yet", "", 50, "unknown"],
  ["an empty status", "{}", 50, "unknown"],
  ["a status that is a text", '"Paused"', 50, "unknown"],
  [
    "weights that are no numbers, at a step that says 50",
    weights(50, `${running}, currentStepIndex: 2`).replaceAll("weight: 50", 'weight: "50"'),
    50,
    "unknown",
  ],
  [
    "weights that are none, at a step that says 50",
    `{ ${running}, currentStepIndex: 2, canary: { weights: [50, 50] } }`,
    50,
    "unknown",
  ],
  ["paused at 10", weights(10), 90, "in-step"],
  ["paused at 10, live elsewhere", weights(10), 50, "out-of-step"],
  ["progressing at 50", weights(50, `${running}, currentStepIndex: 2`), 50, "in-step"],
  ["progressing at 50, live behind", weights(50, `${running}, currentStepIndex: 2`), 90, "out-of-step"],
  [
    "weights not verified yet",
    weights(50, `${running}, currentStepIndex: 2`).replace("stable: {", "verified: false, stable: {"),
    50,
    "in-step",
  ],
  ["all steps done, everything to the canary", weights(100, `${running}, currentStepIndex: 4`), 0, "in-step"],
  ["promoted at once", weights(100, `${running}, promoteFull: true, currentStepIndex: 4`), 0, "in-step"],
  ["healthy, somebody shifted requests after", weights(0, healthy), 50, "out-of-step"],
  ["aborted, somebody shifted requests after", weights(0, aborted), 50, "out-of-step"],
  ["no weights in the status, by its steps", `{ ${running}, currentStepIndex: 2 }`, 50, "in-step"],
  ["no weights, the pods of the step not there yet", `{ ${running}, currentStepIndex: 2 }`, 90, "in-step"],
  ["no weights, live elsewhere", `{ ${running}, currentStepIndex: 2 }`, 70, "out-of-step"],
  ["no weights, healthy", `{ ${healthy} }`, 70, "out-of-step"],
  ["no weights and no step", `{ ${running} }`, 70, "unknown"],
];

const managed = `{ managedRoutes: [{ name: to-canary }, { name: mirrored }], istio: { virtualService: { name: reviews, routes: [primary] } } }`;
export const routeSteps = `[
  { setWeight: 10 },
  { setHeaderRoute: { name: to-canary, match: [{ headerName: x-canary, headerValue: { exact: "yes" } }] } },
  { setMirrorRoute: { name: mirrored, percentage: 35, match: [{ method: { exact: GET }, path: { prefix: / } }] } },
  { setHeaderRoute: { name: to-canary } }, { pause: {} }]`;
const primary = (stable: number): string =>
  `{ name: primary, route: ${twoDestinations("stable", [stable, 100 - stable])} }`;
const header = (value: string, host = "reviews-canary"): string =>
  `{ name: to-canary, match: [{ headers: { x-canary: { exact: "${value}" } } }], route: [{ destination: { host: ${host} }, weight: 100 }] }`;
const mirror = (percent: number, host = "reviews-canary"): string =>
  `{ name: mirrored, match: [{ method: { exact: GET }, uri: { prefix: / } }], route: ${twoDestinations("stable", [90, 10])}, mirror: { host: ${host} }, mirrorPercentage: { value: ${String(percent)} } }`;

type RouteRow = readonly [what: string, index: number, live: string, verdict: string];

/** Routes that the steps add. */
const routes: readonly RouteRow[] = [
  ["a header route of its step", 1, `[${header("yes")}, ${primary(90)}]`, "in-step"],
  ["a header route before its step", 0, `[${header("yes")}, ${primary(90)}]`, "in-step out-of-step"],
  [
    "a header route that a later step took back",
    3,
    `[${header("yes")}, ${primary(90)}]`,
    "in-step out-of-step",
  ],
  ["a header route for another value", 1, `[${header("no")}, ${primary(90)}]`, "in-step out-of-step"],
  ["a header route to another host", 1, `[${header("yes", "spy")}, ${primary(90)}]`, "in-step out-of-step"],
  ["a mirror route of its step", 2, `[${header("yes")}, ${mirror(35)}, ${primary(90)}]`, "in-step"],
  ["a mirror route of another share", 2, `[${mirror(100)}, ${primary(90)}]`, "in-step out-of-step"],
  ["a mirror route to another host", 2, `[${mirror(35, "spy")}, ${primary(90)}]`, "in-step out-of-step"],
  [
    "a route that is not managed",
    2,
    `[{ name: mine, route: [{ destination: { host: spy } }] }, ${primary(90)}]`,
    "drift in-step",
  ],
];

/** What the status of a Rollout says on its way, for VirtualService and HTTPRoute, and routes that its steps add. */
export const rolloutStages: readonly CanaryCase[] = [
  ...stages.map(([what, status, stable, verdict]) => ({
    what,
    git: vs(100),
    live: vs(stable),
    objects: [rollout(one, status)],
    verdict,
  })),
  ...stages.map(([what, status, stable, verdict]) => ({
    what,
    git: rule(100),
    live: rule(stable),
    objects: [rollout(plugin, status)],
    verdict,
  })),
  ...routes.map(([what, index, live, verdict]) => ({
    what,
    git: virtualService(`[${primary(100)}]`),
    live: virtualService(live),
    objects: [
      rollout(managed, weights(10, `${running}, currentStepIndex: ${String(index)}`), { steps: routeSteps }),
    ],
    verdict,
  })),
];
