import type { WriterClass } from "../model/attribution.ts";
import type { FieldOwner } from "../model/field-owner.ts";
import type { BuiltInManagerRule } from "../model/built-in-manager-rule.ts";
import type { ManagerRule } from "../model/manager-rule.ts";
import { matchesAnyName } from "../model/object-selector.ts";
import type { Resource } from "../model/resource.ts";
import { type Deployer, deliveredBy } from "./delivered-by.ts";

/** The sort of a writer, and the rule that says so. */
export interface Classification {
  readonly class: WriterClass;
  /** Absent where no rule knows the name. */
  readonly rule?: ManagerRule;
  /** A rule calls it `unknown`: the entry stands for no writer, and any other entry tells more. */
  readonly isArtefact: boolean;
}

/** Rules of which the first list that has a fitting one decides: the user's, then the built-in. */
export type ManagerRules = readonly (readonly BuiltInManagerRule[])[];

/**
 * The sort of a field manager on a live object (absent where it is gone). In a list the rule decides that names the most
 * letters of the manager; among those an exact name, then the operation, then a condition; then the first.
 */
export function classifyWriter(
  rules: ManagerRules,
  owner: Pick<FieldOwner, "manager" | "operation">,
  live?: Resource,
): Classification {
  for (const list of rules) {
    const rule = bestOf(list.filter((one) => fits(one, owner, live)));
    if (rule !== undefined) return { class: rule.class, rule, isArtefact: rule.class === "unknown" };
  }
  return { class: "unknown", isArtefact: false };
}

const gitDeployers: ReadonlySet<Deployer> = new Set(["Argo CD", "Flux"]);

function fits(rule: BuiltInManagerRule, owner: Pick<FieldOwner, "manager" | "operation">, live?: Resource) {
  const { name, operation, onlyDelivered } = rule;
  if (!matchesAnyName([name], owner.manager) || (operation !== undefined && operation !== owner.operation))
    return false;
  if (onlyDelivered !== true) return true;
  const deployer = live && deliveredBy(live)?.deployer;
  return deployer !== undefined && gitDeployers.has(deployer);
}

function bestOf(rules: readonly BuiltInManagerRule[]): BuiltInManagerRule | undefined {
  return rules.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
}

function weightOf({ name, operation, onlyDelivered }: BuiltInManagerRule): number {
  const isExact = !name.endsWith("*");
  const letters = isExact ? name.length : name.length - 1;
  return (
    letters * 8 + Number(isExact) * 4 + Number(operation !== undefined) * 2 + Number(onlyDelivered === true)
  );
}
