import type { Change, Finding } from "../model/finding.ts";

/**
 * Why a change, or that an object is missing or extra, is nothing that a claim or an exemption may cover by itself: it
 * weakens security (or that cannot be ruled out), or is of tier 0. Fit to follow "it is left out: ". Undefined for all
 * else.
 */
export function whyGuarded({ effect, risk }: Pick<Change | Finding, "effect" | "risk">): string | undefined {
  if (effect?.direction === "weakens") return "it weakens security";
  return risk?.tier === 0 ? `it is of tier 0 (${risk.reason})` : undefined;
}
