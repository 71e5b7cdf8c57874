import type { TargetConfig } from "../config/config.ts";
import type { TargetJudgement } from "../core/judge/judge-cluster.ts";
import type { LiveRead } from "../ports/live.ts";
import type { Desired } from "./desired.ts";

/** Both sides of one target, and how they differ. */
export interface ScannedTarget {
  readonly target: TargetConfig;
  readonly live: LiveRead;
  readonly judgement: TargetJudgement;
  readonly desired: Desired;
}
