import type { EqualBy, Finding, Unchecked } from "../model/finding.ts";
import { isDrift } from "./stand.ts";
import type { Tier } from "../model/risk.ts";
import type { EqualCount, Verdict } from "../model/scan-result.ts";

/** What a verdict rests on. */
export interface Ground {
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

/** Drift is drift even where something else could not be compared; nothing is in sync that was not compared. */
export function verdictOf({ findings, unchecked }: Ground): Verdict {
  if (findings.some(isDrift)) return "drifted";
  return unchecked.length > 0 ? "unknown" : "in-sync";
}

/** The verdict of several together. */
export function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("drifted")) return "drifted";
  return verdicts.includes("unknown") ? "unknown" : "in-sync";
}

/** Whether a finding is of this tier or a worse one; 0 is the worst. One whose risk nobody judged may be of any. */
function reaches({ risk }: Finding, tier: Tier): boolean {
  return risk === undefined || risk.tier <= tier;
}

/**
 * 0 in sync, 1 drift, 2 something was not compared: that wins, and no tier lifts it. With `failOn` only drift of that
 * tier or a worse one is 1; the verdict does not change by it.
 */
export function exitCodeOf({ findings, unchecked }: Ground, failOn: Tier = 3): 0 | 1 | 2 {
  if (unchecked.length > 0) return 2;
  return findings.some((finding) => isDrift(finding) && reaches(finding, failOn)) ? 1 : 0;
}

/** How often each rule made two spellings equal, the most used first. */
export function countEqual(equalBy: readonly EqualBy[]): readonly EqualCount[] {
  const counts = new Map<string, EqualCount>();
  for (const { rule, level, reason } of equalBy) {
    counts.set(rule, { rule, level, reason, count: (counts.get(rule)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}
