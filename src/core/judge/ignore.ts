import type { Change, Finding } from "../model/finding.ts";
import type { Hidden } from "../model/hidden.ts";
import type { IgnoreRule } from "../model/ignore-rule.ts";
import { matchesAnyName, selectsObject } from "../model/object-selector.ts";
import { matchesAnyPath } from "../model/path-pattern.ts";
import { whyGuarded } from "./guarded.ts";

/** What rules need to know beside the finding. */
export interface IgnoreContext {
  /** The name of the target. */
  readonly target: string;
  /** The field managers that wrote a change, or the whole object; none where nobody knows. All are claims. */
  readonly managersOf: (change?: Change) => readonly string[];
}

/** A finding as far as the operator wants to hear of it. */
export interface Ignored {
  /** Absent where all of it is hidden. */
  readonly kept?: Finding;
  readonly hidden: readonly Hidden[];
}

/**
 * Hides what the operator's rules ignore; of several that fit the first is named. Never hidden are conflicts and
 * references that the drift broke. Whole objects (missing, extra) are hidden only by rules without paths, fields that
 * the API server drops only by rules without managers. Whoever may write an object may write any manager's name into
 * it, so a rule that names managers hides nothing of tier 0, nothing that weakens security, and nothing of which nobody
 * knows what it does.
 *
 * What is told of the whole finding (risk, standing) has to be worked out from what is kept, after this.
 */
export function applyIgnore(finding: Finding, rules: readonly IgnoreRule[], context: IgnoreContext): Ignored {
  if (finding.type === "conflict" || finding.type === "dangling") return { kept: finding, hidden: [] };
  const fitting = rules.filter(
    (rule) => (rule.targets?.includes(context.target) ?? true) && selectsObject(rule, finding.key),
  );
  if (fitting.length === 0) return { kept: finding, hidden: [] };
  return finding.type === "missing" || finding.type === "extra"
    ? ignoreObject(finding, fitting, context)
    : ignoreFields(finding, fitting, context);
}

function ignoreObject(
  finding: Finding,
  rules: readonly IgnoreRule[],
  { managersOf }: IgnoreContext,
): Ignored {
  const rule = rules.find(
    ({ paths, managers }) =>
      paths === undefined && (managers === undefined || isExcused(finding, managers, managersOf())),
  );
  return rule === undefined ? { kept: finding, hidden: [] } : { hidden: [hiddenBy(rule, finding)] };
}

function ignoreFields(
  finding: Finding,
  rules: readonly IgnoreRule[],
  { managersOf }: IgnoreContext,
): Ignored {
  const hidden: Hidden[] = [];
  const isKept = (path: string, isFit: (rule: IgnoreRule) => boolean): boolean => {
    const rule = rules.find(
      (one) => (one.paths === undefined || matchesAnyPath(one.paths, path)) && isFit(one),
    );
    if (rule !== undefined) hidden.push({ ...hiddenBy(rule, finding), path });
    return rule === undefined;
  };
  const changes = finding.changes.filter((change) =>
    isKept(
      change.path,
      ({ managers }) => managers === undefined || isExcused(change, managers, managersOf(change)),
    ),
  );
  const { ineffective = [], ...rest } = finding;
  const dropped = ineffective.filter(({ path }) => isKept(path, ({ managers }) => managers === undefined));
  const left = { ...rest, changes, ...(dropped.length > 0 && { ineffective: dropped }) };
  if (changes.length > 0) return { kept: left, hidden };
  // What the API server drops is told, but is no drift.
  return dropped.length > 0 ? { kept: { ...left, type: "ineffective" }, hidden } : { hidden };
}

/** Whether everybody who wrote it is one of the managers, and it surely weakens nothing. */
function isExcused(what: Change | Finding, managers: readonly string[], writers: readonly string[]): boolean {
  const isTheirs = writers.length > 0 && writers.every((writer) => matchesAnyName(managers, writer));
  return isTheirs && what.effect !== undefined && whyGuarded(what) === undefined;
}

function hiddenBy({ id, reason }: IgnoreRule, { key, type }: Finding): Hidden {
  return { key, type, by: "ignore", rule: id, reason };
}
