import { classifyWriter } from "../core/judge/classify-writer.ts";
import { hidesTooMuch } from "../core/judge/hides-too-much.ts";
import { applyIgnore } from "../core/judge/ignore.ts";
import { type RiskRules, withRisk } from "../core/judge/risk.ts";
import { weigh } from "../core/judge/weigh.ts";
import type { AttributionContext } from "../core/judge/writers.ts";
import type { Change, Finding } from "../core/model/finding.ts";
import type { ScannedTarget } from "./scanned.ts";
import { type JudgeContext, type JudgedTarget, unjudged, warned } from "./judged.ts";

/** Says of every finding who wrote what live has and how bad it may be, and hides what the operator ignores. */
export function weighTargets(
  scanned: readonly ScannedTarget[],
  context: JudgeContext,
): readonly JudgedTarget[] {
  const managers = [context.config.judging.managers, context.rules.managers];
  const attribution: AttributionContext = {
    classify: (owner, live) => classifyWriter(managers, owner, live),
    now: context.startedAt,
  };
  return scanned.map((one) => weighTarget(one, attribution, context));
}

function weighTarget(
  one: ScannedTarget,
  attribution: AttributionContext,
  context: JudgeContext,
): JudgedTarget {
  const { judgement, target } = one;
  const risk = riskRules(target.cluster, context);
  const ignored = weigh(judgement, { risk, attribution }).map((finding) => {
    const { kept, hidden } = applyIgnore(finding, context.config.judging.ignore, {
      target: target.name,
      managersOf: (change) => managersOf(change ?? finding),
    });
    // How bad the whole is depends on what is left of it.
    return { kept: kept === undefined || hidden.length === 0 ? kept : withRisk(kept, risk), hidden };
  });
  const hidden = ignored.flatMap((each) => each.hidden);
  const compared = judgement.inSync.length + judgement.findings.length;
  const judged: JudgedTarget = {
    ...unjudged(one),
    findings: ignored.flatMap(({ kept }) => kept ?? []),
    hidden,
  };
  return warned(judged, [...untoldWriters(judged), ...hidesTooMuch(hidden, target.name, compared)]);
}

/** A snapshot without managedFields tells nothing of writers. */
function untoldWriters({ findings, judgement, live }: JudgedTarget): readonly string[] {
  const isUntold = findings.some(({ key, type }) => {
    const found = type === "changed" || type === "extra" ? judgement.liveOf(key) : undefined;
    return found !== undefined && found.owners === undefined;
  });
  return isUntold
    ? [
        `who made the changes is not told: ${live.source} has no managedFields; kubectl get --show-managed-fields takes them along`,
      ]
    : [];
}

/** Who says how bad something is on a cluster. */
function riskRules(cluster: string, { config, rules }: JudgeContext): RiskRules {
  const rootNamespace = config.clusters.get(cluster)?.istio.rootNamespace ?? "istio-system";
  return { own: config.judging.risk, builtIn: rules.risk, rootNamespace };
}

function managersOf({ attribution }: Change | Finding): readonly string[] {
  return attribution === undefined || attribution.manager === "" ? [] : [attribution.manager];
}
