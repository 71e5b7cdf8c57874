import type { Direction, Finding } from "./finding.ts";
import type { ObjectSelector } from "./object-selector.ts";
import type { Tier } from "./risk.ts";

/** How bad what fits is: a row of the built-in list, or of `risk` in drift.yaml. */
export interface RiskRule extends ObjectSelector {
  /** "weakens-security"; "risk[0]" for the first of drift.yaml. */
  readonly id: string;
  readonly tier: Tier;
  /** Patterns of the paths of changes (path-pattern.ts); what has no path does not fit. Absent: any. */
  readonly paths?: readonly string[];
  /** Only for findings of these types. Absent: any. */
  readonly types?: readonly Exclude<Finding["type"], "ineffective">[];
  /** Only for effects of this direction. Absent: any. */
  readonly direction?: Direction;
  /** Why, in one sentence for people. */
  readonly reason: string;
  /** Where that is written down; rules of a configuration have none. */
  readonly source?: string;
}
