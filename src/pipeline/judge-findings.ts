import { acceptTargets } from "./accept-targets.ts";
import type { ScannedTarget } from "./scanned.ts";
import { gatherEvidence } from "./evidence.ts";
import { explainTargets } from "./explain-targets.ts";
import type { JudgeContext, JudgedTarget } from "./judged.ts";
import { standTargets } from "./stand-targets.ts";
import { weighTargets } from "./weigh-targets.ts";

/**
 * Judges what was found: who made it and how bad it is, where Git has it, whether a rollout or Git itself explains it, what
 * is accepted, and since when it is there. What explains a finding is read only where there is one.
 */
export async function judgeFindings(
  scanned: readonly ScannedTarget[],
  context: JudgeContext,
): Promise<readonly JudgedTarget[]> {
  const weighed = weighTargets(scanned, context);
  const evident = await Promise.all(weighed.map((one) => gatherEvidence(one, context)));
  const clusters = [...new Set(evident.map(({ target }) => target.cluster))];
  const explained = await Promise.all(
    clusters.map((cluster) =>
      explainTargets(
        evident.filter(({ target }) => target.cluster === cluster),
        context,
      ),
    ),
  );
  const accepted = await acceptTargets(explained.flat(), context);
  return await standTargets(accepted, context);
}
