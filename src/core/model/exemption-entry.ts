import type { ResourceKey } from "./resource.ts";
import type { Exemption } from "./standing.ts";

/** One entry of the exemptions of a repository: what it accepts, why, and until when. */
export interface ExemptionEntry {
  readonly key: ResourceKey;
  /** The names of targets. Absent: every target of the repository. */
  readonly targets?: readonly string[];
  /** Patterns of the paths of changes (path-pattern.ts). Absent: the whole object. */
  readonly paths?: readonly string[];
  readonly exemption: Exemption;
}

/** What the operator allows exemptions: `exemptions` of drift.yaml. */
export interface ExemptionLimits {
  /** How far off an end may be, in milliseconds. */
  readonly maxLengthMs: number;
  /** Whether they may cover weakened security and changes of tier 0. */
  readonly tier0: boolean;
}
