import type { Change, Direction, Finding } from "../model/finding.ts";
import { selectsObject } from "../model/object-selector.ts";
import { matchesAnyPath } from "../model/path-pattern.ts";
import type { RiskRule } from "../model/risk-rule.ts";
import type { Risk } from "../model/risk.ts";

/** Who says how bad something is. Of either list the first rule that fits decides. */
export interface RiskRules {
  /** Those of drift.yaml, asked first. None of them makes weakened security less than tier 0. */
  readonly own: readonly RiskRule[];
  /** Those of config/risk.yaml. */
  readonly builtIn: readonly RiskRule[];
  /** What "$root" stands for: the namespace whose policies hold for the whole mesh. */
  readonly rootNamespace: string;
}

/** No rule stands above it, and none can be made that does. */
const weakensSecurity: Risk = {
  tier: 0,
  rule: "weakens-security",
  reason: "Something is accepted, shown or sent in the clear that was not, or that cannot be ruled out.",
};

/** For kinds that the configuration adds. */
const noRule: Risk = {
  tier: 2,
  rule: "no-rule",
  reason: "No rule speaks of it; it is taken to decide where requests go.",
};

/** Kinds of which live lacking one weakens security, where no effect shows otherwise. */
const securityKinds: ReadonlySet<string> = new Set([
  "AuthorizationPolicy",
  "PeerAuthentication",
  "RequestAuthentication",
  "BackendTLSPolicy",
]);

/**
 * The same finding with how bad each of its changes is, and itself: as its worst change, or, without any, as the whole
 * object. What the API server drops is no drift, and gets none.
 */
export function withRisk(finding: Finding, rules: RiskRules): Finding {
  const { type } = finding;
  if (type === "ineffective") return finding;
  const changes = finding.changes.map((change) => ({ ...change, risk: riskOf({ finding, change }, rules) }));
  const risks = changes.map(({ risk }) => risk);
  return { ...finding, changes, risk: worst(risks) ?? riskOf({ finding }, rules) };
}

/** What a rule is asked about: one change of an object, or the object as a whole. */
interface Case {
  readonly finding: Finding;
  readonly change?: Change;
}

function riskOf(asked: Case, { own, builtIn, rootNamespace }: RiskRules): Risk {
  if (directionOf(asked) === "weakens") return weakensSecurity;
  const found = [...own, ...builtIn].find((rule) => fits(rule, asked, rootNamespace));
  return found === undefined ? noRule : { tier: found.tier, rule: found.id, reason: found.reason };
}

function directionOf({ finding, change }: Case): Direction | undefined {
  if (change !== undefined) return change.effect?.direction;
  const { type, key, effect } = finding;
  return effect?.direction ?? (type === "missing" && securityKinds.has(key.kind) ? "weakens" : undefined);
}

function fits(rule: RiskRule, asked: Case, rootNamespace: string): boolean {
  const { paths, types, direction } = rule;
  const { finding, change } = asked;
  if (!selectsObject(inMesh(rule, rootNamespace), finding.key)) return false;
  if (types !== undefined && !types.some((type) => type === finding.type)) return false;
  if (direction !== undefined && direction !== directionOf(asked)) return false;
  return paths === undefined || (change !== undefined && matchesAnyPath(paths, change.path));
}

/** The same rule with the name of the root namespace in it. */
function inMesh(rule: RiskRule, rootNamespace: string): RiskRule {
  if (rule.namespaces?.includes("$root") !== true) return rule;
  return { ...rule, namespaces: rule.namespaces.map((name) => (name === "$root" ? rootNamespace : name)) };
}

/** The worst of some, of equals the first; undefined where there is none. */
function worst(risks: readonly Risk[]): Risk | undefined {
  return risks.reduce<Risk | undefined>(
    (found, risk) => (found === undefined || risk.tier < found.tier ? risk : found),
    undefined,
  );
}
