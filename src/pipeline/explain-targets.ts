import { appliedRevision, applicationKind, kustomizationKind } from "../core/judge/applied-revision.ts";
import {
  explainingKinds,
  judgeByControllers,
  knownController,
} from "../core/judge/controllers/judge-controllers.ts";
import type { ControllerVerdict } from "../core/judge/controllers/verdict.ts";
import { filesNear } from "../core/judge/files-near.ts";
import type { SyncVerdict } from "../core/judge/pending-sync.ts";
import type { ControllerRule } from "../core/model/controller-rule.ts";
import type { Change, Finding } from "../core/model/finding.ts";
import { formatKind, type GroupKind, keyId } from "../core/model/resource.ts";
import type { Standing } from "../core/model/standing.ts";
import { messageOf } from "../lib/errors.ts";
import type { WholeRead } from "../ports/live.ts";
import { readDesired } from "./desired.ts";
import { type JudgeContext, type JudgedTarget, warned } from "./judged.ts";
import { explainByOlderCommits, mayBeOlder } from "./older-commits.ts";

/**
 * Says which findings of the targets of one cluster are no person's edit: a rollout in flight, checked against what its
 * controller says, or Git that is ahead of live. What may explain them is read only where something may be explained;
 * where it cannot be read, the findings stay what they are.
 */
export async function explainTargets(
  judged: readonly JudgedTarget[],
  context: JudgeContext,
): Promise<readonly JudgedTarget[]> {
  const rules = [...context.config.judging.controllers, ...context.rules.controllers];
  const whole = await readWhat(judged, rules, context);
  return await Promise.all(
    judged.map(async (one) => {
      const byControllers = {
        ...one,
        findings: one.findings.map((finding) => driven(finding, one, whole, rules)),
      };
      return await byOlderCommits(byControllers, whole, context);
    }),
  );
}

const nothing: WholeRead = { objects: [], unread: [], isComplete: () => false };

async function readWhat(
  judged: readonly JudgedTarget[],
  rules: readonly ControllerRule[],
  { lives, startedAt }: JudgeContext,
): Promise<WholeRead> {
  const findings = judged.flatMap((one) => one.findings);
  const kinds = new Map<string, GroupKind>();
  const want = (kind: GroupKind): void => void kinds.set(formatKind(kind), kind);
  for (const finding of findings) for (const kind of explainingKinds(finding, rules)) want(kind);
  if (findings.some(mayBeOlder)) for (const kind of [applicationKind, kustomizationKind]) want(kind);
  const port = lives.get(judged[0]?.target.cluster ?? "");
  if (kinds.size === 0 || port === undefined) return nothing;
  const namespaces = [...new Set(judged.flatMap(({ judgement }) => judgement.namespaces))];
  return await port.readWhole({
    kinds: [...kinds.values()],
    namespaces: namespaces.filter((name) => name !== ""),
    now: startedAt,
  });
}

function driven(
  finding: Finding,
  { judgement }: JudgedTarget,
  evidence: WholeRead,
  rules: readonly ControllerRule[],
): Finding {
  const [desired, live] = [judgement.desiredOf(finding.key), judgement.liveOf(finding.key)];
  if (finding.type !== "changed" || desired === undefined || live === undefined) return finding;
  const changesWith = (other: typeof live) => judgement.differences(desired, other);
  const verdicts = judgeByControllers({ finding, desired, live, changesWith, rules, evidence });
  const changes = finding.changes.map((change, index): Change => {
    const standing = standingBy(verdicts[index]) ?? known(finding, change, rules);
    return standing === undefined ? change : { ...change, standing };
  });
  return { ...finding, changes };
}

function standingBy(verdict: ControllerVerdict | undefined): Standing | undefined {
  switch (verdict?.type) {
    case undefined:
      return undefined;
    case "in-step": {
      const reason = `${verdict.controller} wants ${verdict.says}`;
      return verdict.inFlight
        ? { state: "rolling-out", isOverdue: false, reason }
        : { state: "open", isOverdue: false, reason: `${reason}: the rollout is done, and Git is behind` };
    }
    case "out-of-step":
    case "gone":
    case "unknown":
      return { state: "open", isOverdue: false, reason: verdict.reason };
  }
}

/** A controller that is known to write there is named; that excuses nothing. */
function known(finding: Finding, change: Change, rules: readonly ControllerRule[]): Standing | undefined {
  const rule = knownController(rules, finding.key, change);
  return rule === undefined ? undefined : { state: "open", isOverdue: false, reason: rule.reason };
}

async function byOlderCommits(
  one: JudgedTarget,
  whole: WholeRead,
  context: JudgeContext,
): Promise<JudgedTarget> {
  const { desired, target, judgement, findings } = one;
  const questions = findings.filter(isOpen).map((finding) => {
    const live = judgement.liveOf(finding.key);
    return { finding, ...(live && { live }) };
  });
  if (desired.type === "failed" || questions.length === 0) return one;
  const path = target.desired.type === "overlay" ? target.desired.overlay : target.desired.manifests;
  const deployer = configuredDeployer(one);
  const reached = appliedRevision(whole.objects, {
    repository: target.repository.url,
    path,
    ...(deployer && { deployer }),
  });
  try {
    const { verdicts, warnings } = await explainByOlderCommits(questions, {
      checkout: desired.checkout,
      files: filesNear(
        desired.files,
        desired.resources,
        questions.map(({ finding }) => finding),
      ),
      desiredOf: judgement.desiredOf,
      renderAt: async (sha) => {
        const repository = { ...target.repository, revision: sha };
        const older = await readDesired({ ...target, repository }, { ...context, variant: sha });
        return older.type === "rendered" ? older.resources : undefined;
      },
      isSame: (older, live) => judgement.differences(older, live).length === 0,
      ...(reached && { reached }),
      now: context.startedAt,
    });
    const told = findings.map((finding) => asOlder(finding, verdicts.get(keyId(finding.key))));
    return warned({ ...one, findings: told }, warnings);
  } catch (error) {
    return warned(one, [`older commits of ${target.name} are not looked at: ${messageOf(error)}`]);
  }
}

/** What a rollout explains, no older commit has to. */
function isOpen(finding: Finding): boolean {
  const { changes } = finding;
  return (
    mayBeOlder(finding) &&
    (changes.length === 0 || changes.some(({ standing }) => standing?.state !== "rolling-out"))
  );
}

function configuredDeployer({ target: { deployer } }: JudgedTarget) {
  if (deployer === undefined) return undefined;
  const name = `${deployer.namespace}/${deployer.name}`;
  return deployer.type === "argocd" ? { argocd: name } : { flux: name };
}

function asOlder(finding: Finding, verdict: SyncVerdict | undefined): Finding {
  if (verdict === undefined) return finding;
  const state = verdict.type === "pending-sync" ? "pending-sync" : "open";
  const standing: Standing = { state, isOverdue: false, reason: verdict.reason };
  const changes = finding.changes.map((change) => ({ ...change, standing }));
  return {
    ...finding,
    changes,
    standing,
    ...(verdict.type === "rolled-back" && { rolledBack: verdict.rolledBack }),
  };
}
