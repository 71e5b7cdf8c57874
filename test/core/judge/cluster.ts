import {
  judgeCluster,
  type JudgeOptions,
  type TargetJudgement,
} from "../../../src/core/judge/judge-cluster.ts";
import type { LiveSide, TargetSide } from "../../../src/core/judge/side.ts";
import type { Unchecked } from "../../../src/core/model/finding.ts";
import type { Resource } from "../../../src/core/model/resource.ts";

/** A target with its desired side. */
export function target(
  name: string,
  resources: readonly Resource[],
  scopeNamespaces: readonly string[] = [],
): TargetSide {
  return {
    name,
    isReported: true,
    scope: { namespaces: scopeNamespaces },
    desired: { type: "rendered", resources, unchecked: [] },
  };
}

/** A target whose overlay cannot be rendered. */
export function broken(name: string): TargetSide {
  const unchecked: Unchecked = {
    what: "overlay o",
    code: "RENDER_FAILED",
    reason: "no base",
    hint: "Mend it.",
  };
  return { name, isReported: true, scope: { namespaces: ["shop"] }, desired: { type: "failed", unchecked } };
}

/** A live side that was read in full, but for what `more` says. */
export function live(resources: readonly Resource[], more: Partial<LiveSide> = {}): LiveSide {
  return { resources, unchecked: [], unread: [], unserved: [], isComplete: () => true, ...more };
}

/** What is said of the targets of one cluster. */
export function judge(
  targets: readonly TargetSide[],
  side: LiveSide,
  options: Partial<JudgeOptions> = {},
): ReadonlyMap<string, TargetJudgement> {
  return judgeCluster(targets, side, { equality: "istio", metadata: "declared", mesh: {}, ...options });
}

/** The same in a few words. */
export function told(judgement: TargetJudgement | undefined): {
  findings: string[];
  unchecked: string[];
  inSync: string[];
} {
  return {
    findings: (judgement?.findings ?? []).map(({ type, key }) => `${type} ${key.name}`),
    unchecked: (judgement?.unchecked ?? []).map(({ code }) => code),
    inSync: (judgement?.inSync ?? []).map(({ name }) => name),
  };
}
