import { effectiveNow } from "../core/judge/effective-now.ts";
import { breakGlassOf } from "../core/judge/break-glass.ts";
import { applyExemptions } from "../core/judge/exemptions.ts";
import { exemptionsPointingNowhere, type TargetObjects } from "../core/judge/exemptions-nowhere.ts";
import { hidesTooMuch } from "../core/judge/hides-too-much.ts";
import type { Finding } from "../core/model/finding.ts";
import { namespaceKind } from "../core/model/resource.ts";
import { firstFew } from "./first-few.ts";
import { type JudgeContext, type JudgedTarget, warned } from "./judged.ts";
import { readExemptions, type RepositoryExemptions } from "./read-exemptions.ts";
import { readingsOf } from "./server-readings.ts";

/** Tells with every finding the exemption that is about it, and the note that somebody broke the glass. */
export async function acceptTargets(
  judged: readonly JudgedTarget[],
  context: JudgeContext,
): Promise<readonly JudgedTarget[]> {
  const urls = [...new Set(judged.map(({ target }) => target.repository.url))];
  const accepted = await Promise.all(
    urls.map((url) =>
      acceptRepository(
        judged.filter(({ target }) => target.repository.url === url),
        judged,
        context,
      ),
    ),
  );
  const byName = new Map(accepted.flat().map((one) => [one.target.name, one]));
  return judged.map((one) => byName.get(one.target.name) ?? one);
}

async function acceptRepository(
  judged: readonly JudgedTarget[],
  all: readonly JudgedTarget[],
  context: JudgeContext,
): Promise<readonly JudgedTarget[]> {
  const { config, checkouts, startedAt } = context;
  const [first, ...rest] = judged;
  // A repository that cannot be read says so itself; where nothing is found there is nothing to accept.
  if (first?.desired.checkout === undefined || judged.every((one) => one.findings.length === 0))
    return judged;
  // An exemption ends by the clock by which deadlines pass, not by that of a machine that is behind.
  const now = new Date(effectiveNow(startedAt.getTime(), readingsOf(all), undefined).now);
  const known = await readExemptions(first.target.repository, checkouts, config.judging.exemptions, now);
  const warnings = [...problemsOf(known, config.judging.exemptions.file), ...nowhere(known, judged, context)];
  return [warned(first, warnings), ...rest].map((one) => accept(one, known, context));
}

function problemsOf({ problems, failed }: RepositoryExemptions, file: string): readonly string[] {
  const told = problems.map(
    ({ line, reason, hint }) => `${file}:${String(line)} exempts nothing: ${reason}. ${hint}`,
  );
  return [
    ...firstFew(told, `problems of ${file}: drift exempt prints entries as they have to be`),
    ...(failed === undefined ? [] : [`${file} exempts nothing: ${failed.reason}. ${failed.hint}`]),
  ];
}

/** Only where every target of the repository was looked at, it is sure that an exemption is about none. */
function nowhere(
  { exemptions }: RepositoryExemptions,
  judged: readonly JudgedTarget[],
  { config, options }: JudgeContext,
): readonly string[] {
  const [first] = judged;
  const all = config.targets.filter(({ repository }) => repository.url === first?.target.repository.url);
  if (options.namespaces !== undefined || all.length !== judged.length) return [];
  return exemptionsPointingNowhere(exemptions, judged.map(objectsOf));
}

function objectsOf({ target, judgement }: JudgedTarget): TargetObjects {
  return {
    name: target.name,
    objectsOf: (key) => {
      const sides = [judgement.desiredOf(key), judgement.liveOf(key)].filter((side) => side !== undefined);
      if (sides.length > 0) return sides.map(({ object }) => object);
      return judgement.isAbsent(key) ? [] : undefined;
    },
  };
}

function accept(
  one: JudgedTarget,
  { exemptions }: RepositoryExemptions,
  { config }: JudgeContext,
): JudgedTarget {
  const { target, judgement } = one;
  const { annotation } = config.judging.breakGlass;
  const accepted = one.findings.map((finding) =>
    applyExemptions(noted(finding, one, annotation), target.name, exemptions, config.judging.exemptions),
  );
  const hidden = accepted.flatMap((each) => each.hidden);
  const compared = judgement.inSync.length + judgement.findings.length;
  return warned(
    { ...one, findings: accepted.map(({ finding }) => finding), hidden: [...one.hidden, ...hidden] },
    hidesTooMuch(hidden, target.name, compared),
  );
}

function noted(finding: Finding, { judgement }: JudgedTarget, annotation: string): Finding {
  if (finding.type === "ineffective" || finding.type === "conflict") return finding;
  const namespace = judgement.liveOf({ ...namespaceKind, namespace: "", name: finding.key.namespace });
  const breakGlass = breakGlassOf(judgement.liveOf(finding.key), namespace, annotation);
  return breakGlass === undefined ? finding : { ...finding, breakGlass };
}
