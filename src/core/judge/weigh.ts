import type { Attribution } from "../model/attribution.ts";
import type { Change, Finding } from "../model/finding.ts";
import type { Resource } from "../model/resource.ts";
import { attributeChange, attributeObject } from "./attribution.ts";
import type { TargetJudgement } from "./judge-cluster.ts";
import { type RiskRules, withRisk } from "./risk.ts";
import type { AttributionContext } from "./writers.ts";

/** What it takes to say of a finding who made it, and how bad it may be. */
export interface Weighing {
  readonly risk: RiskRules;
  readonly attribution: AttributionContext;
}

/** The findings of a target with who wrote what live has, and how bad each change may be. */
export function weigh({ findings, liveOf }: TargetJudgement, weighing: Weighing): readonly Finding[] {
  return findings.map((finding) =>
    withRisk(attributed(finding, liveOf(finding.key), weighing.attribution), weighing.risk),
  );
}

/** What two targets want of an object, nobody wrote to live. */
function attributed(finding: Finding, live: Resource | undefined, context: AttributionContext): Finding {
  if (live === undefined || finding.type === "conflict") return finding;
  if (finding.type === "extra") return withAttribution(finding, attributeObject(live, context));
  const changes = finding.changes.map((change) =>
    withAttribution(change, attributeChange(live, change, context)),
  );
  return { ...finding, changes };
}

function withAttribution<T extends Change | Finding>(told: T, attribution: Attribution | undefined): T {
  return attribution === undefined ? told : { ...told, attribution };
}
