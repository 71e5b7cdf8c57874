import type { Resource } from "../../src/core/model/resource.ts";
import { canary, split, splitRule } from "./canary-objects.ts";
import type { CanaryCase } from "./canaries.ts";

const steps = "stepWeight: 10, maxWeight: 50";
const mirror = "stepWeight: 10, maxWeight: 50, mirror: true, mirrorWeight: 20";
const test = 'iterations: 10, match: [{ headers: { x-canary: { exact: "yes" } } }]';
const blueGreen = "iterations: 10, mirror: true";
const vs = (primary: number, more = ""): Resource => split("primary", [primary, 100 - primary], more);
const rule = (primary: number, more = ""): Resource => splitRule("primary", [primary, 100 - primary], more);

type Row = readonly [what: string, analysis: string, status: string, live: Resource, verdict: string];

/** What the status of a Canary says in its phases, and live as it is in step and out of step. */
const phases: readonly Row[] = [
  ["no status yet", steps, "", vs(50), "unknown"],
  ["an empty status", steps, "{}", vs(50), "unknown"],
  ["a phase of a later version", steps, "{ phase: Dreaming, canaryWeight: 50 }", vs(50), "unknown"],
  ["initializing", steps, "{ phase: Initializing, canaryWeight: 0 }", vs(90), "out-of-step"],
  ["initialized", steps, "{ phase: Initialized, canaryWeight: 0 }", vs(90), "out-of-step"],
  ["progressing at 10", steps, "{ phase: Progressing, canaryWeight: 10 }", vs(90), "in-step"],
  ["progressing at 30", steps, "{ phase: Progressing, canaryWeight: 30 }", vs(70), "in-step"],
  [
    "progressing at 30, live a step behind",
    steps,
    "{ phase: Progressing, canaryWeight: 30 }",
    vs(80),
    "out-of-step",
  ],
  [
    "progressing at 30, live far ahead",
    steps,
    "{ phase: Progressing, canaryWeight: 30 }",
    vs(0),
    "out-of-step",
  ],
  [
    "progressing, before the first step",
    steps,
    "{ phase: Progressing, canaryWeight: 0 }",
    vs(90),
    "out-of-step",
  ],
  [
    "progressing by a list of steps",
    "stepWeights: [1, 5, 80]",
    "{ phase: Progressing, canaryWeight: 5 }",
    vs(95),
    "in-step",
  ],
  ["waiting for a yes", steps, "{ phase: Waiting, canaryWeight: 0 }", vs(90), "out-of-step"],
  ["waiting for a yes in the middle", steps, "{ phase: Waiting, canaryWeight: 20 }", vs(80), "in-step"],
  [
    "waiting for promotion",
    steps,
    "{ phase: WaitingPromotion, canaryWeight: 0, iterations: -1 }",
    vs(50),
    "in-step",
  ],
  [
    "waiting for promotion, steps that go over",
    "stepWeight: 30, maxWeight: 50",
    "{ phase: WaitingPromotion, canaryWeight: 0 }",
    vs(40),
    "in-step",
  ],
  [
    "waiting for promotion, live elsewhere",
    steps,
    "{ phase: WaitingPromotion, canaryWeight: 0 }",
    vs(70),
    "out-of-step",
  ],
  ["promoting", steps, "{ phase: Promoting, canaryWeight: 0 }", vs(50), "in-step"],
  [
    "promoting step by step",
    `${steps}, stepWeightPromotion: 20`,
    "{ phase: Promoting, canaryWeight: 30 }",
    vs(70),
    "in-step",
  ],
  ["promoting, live elsewhere", steps, "{ phase: Promoting, canaryWeight: 0 }", vs(10), "out-of-step"],
  ["finalising", steps, "{ phase: Finalising, canaryWeight: 0 }", vs(50), "out-of-step"],
  [
    "succeeded, somebody shifted requests after",
    steps,
    "{ phase: Succeeded, canaryWeight: 0 }",
    vs(50),
    "out-of-step",
  ],
  [
    "failed, somebody shifted requests after",
    steps,
    "{ phase: Failed, canaryWeight: 0 }",
    vs(50),
    "out-of-step",
  ],
  ["terminating", steps, "{ phase: Terminating, canaryWeight: 0 }", vs(50), "unknown"],
  ["an A/B test under way", test, "{ phase: Progressing, iterations: 3 }", vs(0), "in-step"],
  ["an A/B test not begun", test, "{ phase: Progressing, iterations: 0 }", vs(0), "out-of-step"],
  ["blue/green, in its rounds", blueGreen, "{ phase: Progressing, iterations: 3 }", vs(0), "out-of-step"],
  ["blue/green, after its rounds", blueGreen, "{ phase: Progressing, iterations: 11 }", vs(0), "in-step"],
  ["blue/green, promoting", blueGreen, "{ phase: Promoting, iterations: 0 }", vs(0), "in-step"],
  [
    "the mirror of the first step",
    mirror,
    "{ phase: Progressing, canaryWeight: 0 }",
    vs(100, mirrorTo("canary", 20)),
    "unknown",
  ],
  [
    "a mirror of another share",
    mirror,
    "{ phase: Progressing, canaryWeight: 0 }",
    vs(100, mirrorTo("canary", 90)),
    "out-of-step",
  ],
  [
    "a mirror elsewhere",
    mirror,
    "{ phase: Progressing, canaryWeight: 0 }",
    vs(100, mirrorTo("spy", 20)),
    "out-of-step",
  ],
  [
    "a mirror after the first step",
    mirror,
    "{ phase: Progressing, canaryWeight: 10 }",
    vs(90, mirrorTo("canary", 20)),
    "in-step out-of-step",
  ],
  [
    "a mirror that nobody asked for",
    steps,
    "{ phase: Progressing, canaryWeight: 10 }",
    vs(90, mirrorTo("canary", 20)),
    "in-step out-of-step",
  ],
  [
    "a timeout beside the weights",
    steps,
    "{ phase: Progressing, canaryWeight: 10 }",
    vs(90, "timeout: 30s,"),
    "drift in-step",
  ],
];

function mirrorTo(name: string, percent: number): string {
  return `mirror: { host: reviews-${name} }, mirrorPercentage: { value: ${String(percent)} },`;
}

/** The phases again, for HTTPRoute. */
function asRule([what, analysis, status, live, verdict]: Row): readonly CanaryCase[] {
  const found = ruleOf(live);
  return found === undefined
    ? []
    : [{ what, git: rule(100), live: found, objects: [canary(analysis, status)], verdict }];
}

/** Nothing stands beside the weights: then the same split as a rule. */
function ruleOf(live: Resource): Resource | undefined {
  const weight = /"weight":(\d+)/.exec(JSON.stringify(live.object))?.[1];
  const isPlain = !/mirror|timeout/.test(JSON.stringify(live.object));
  return isPlain && weight !== undefined ? rule(Number(weight)) : undefined;
}

/** What the status of a Canary says in its phases, for VirtualService and HTTPRoute. */
export const flaggerPhases: readonly CanaryCase[] = [
  ...phases.map(([what, analysis, status, live, verdict]) => ({
    what,
    git: vs(100),
    live,
    objects: [canary(analysis, status)],
    verdict,
  })),
  ...phases.flatMap(asRule),
];
