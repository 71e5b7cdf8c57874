import type { Direction } from "../../model/finding.ts";
import type { Difference } from "../effect.ts";
import { itemAround, itemsAt, specAround, valueAt } from "../effect-values.ts";
import { nodeAtNames } from "../place.ts";
import type { Node } from "../table.ts";
import { isDryRun } from "./metadata.ts";
import type { Shift } from "./scope-rows.ts";

/**
 * Which way an AuthorizationPolicy turns a change. Facts: a request is refused if CUSTOM says so, if a DENY fits, or if
 * there are ALLOW policies and none fits (istio.io/api security/v1beta1/authorization_policy.proto); a rule is
 * from AND to AND when, no rules fit nothing, an empty one fits everything (istio pilot/pkg/security/authz/model/
 * model.go:86-153, builder/builder.go:294-299).
 */

type Side = "desired" | "live";

const sides: readonly Side[] = ["desired", "live"];

/** What a policy does with the requests that fit it. */
export type Action = "ALLOW" | "DENY" | "CUSTOM" | "AUDIT";

/** The action of a spec; undefined for one that Istio does not have. */
function actionOf(spec: Node | undefined): Action | undefined {
  const action = valueAt(spec, "action") ?? "ALLOW";
  return action === "ALLOW" || action === "DENY" || action === "CUSTOM" || action === "AUDIT"
    ? action
    : undefined;
}

/** The action of one side. */
export function actionAt(at: Difference, side: Side): Action | undefined {
  return actionOf(specAround(at)?.[side]);
}

/** The one action of both sides. */
function commonAction(at: Difference): Action | undefined {
  const [before, after] = [actionAt(at, "desired"), actionAt(at, "live")];
  return before === after ? after : undefined;
}

/** What it does that more or fewer requests fit the policy. */
export function byRequests(at: Difference, shift: Shift): Direction {
  return asEnforced(at, enforcedByRequests(at, shift));
}

/** What is only logged refuses nothing. */
function asEnforced(at: Difference, direction: Direction): Direction {
  const live = specAround(at)?.live;
  return direction === "strengthens" && live !== undefined && isDryRun(live.site.object)
    ? "neutral"
    : direction;
}

function enforcedByRequests(at: Difference, shift: Shift): Direction {
  const action = commonAction(at);
  if (action === "AUDIT") return "neutral";
  const stricter = action === undefined ? undefined : action === "ALLOW" ? "less" : "more";
  return shift === stricter ? "strengthens" : "weakens";
}

/**
 * What it does that the policy holds for more or fewer workloads. ALLOW refuses all that does not fit it, so fewer
 * workloads may take more; for more workloads it may add callers to what other policies allow.
 */
export function byWorkloads(at: Difference, shift: Shift): Direction {
  if (commonAction(at) !== "ALLOW") return byRequests(at, shift);
  const specs = sides.map((side) => specAround(at)?.[side]);
  if (specs.every((spec) => itemsAt(spec, "rules").length === 0))
    return shift === "more" ? asEnforced(at, "strengthens") : "weakens";
  return specs.every(allowsEverything) && shift === "less" ? "neutral" : "weakens";
}

/** What another action does, the rules of either side with it. */
export function byAction(at: Difference): Direction {
  return asEnforced(at, enforcedByAction(at));
}

function enforcedByAction(at: Difference): Direction {
  const spec = specAround(at);
  const after = actionAt(at, "live");
  const refused = mayRefuse(spec?.desired);
  if (after === "AUDIT") return refused ? "weakens" : "neutral";
  if (after !== "DENY" && after !== "CUSTOM") return "weakens";
  const refusesAll = after === "DENY" && hasEmptyRule(spec?.live);
  return refusesAll || !refused ? "strengthens" : "weakens";
}

/** What lets everything in, or only audits, refuses nobody. */
function mayRefuse(spec: Node | undefined): boolean {
  return !allowsEverything(spec) && actionOf(spec) !== "AUDIT";
}

/** Whether a policy that allows lets everything in, so that nothing is refused for want of it. */
export function allowsEverything(spec: Node | undefined): boolean {
  return actionOf(spec) === "ALLOW" && hasEmptyRule(spec);
}

/** Whether some rule fits every request. */
export function hasEmptyRule(spec: Node | undefined): boolean {
  return itemsAt(spec, "rules").some(fitsAll);
}

/** Whether a rule fits every request: it asks for nothing. */
export function fitsAll(rule: Node): boolean {
  return (
    (["from", "to"] as const).every((name) => {
      const items = itemsAt(rule, name);
      return items.length === 0 || items.some(isEmpty);
    }) && itemsAt(rule, "when").length === 0
  );
}

/** Whether a message asks for nothing, also inside. */
function isEmpty({ body }: Node): boolean {
  return body.type === "record" && [...body.fields.values()].every(isEmpty);
}

/** What TCP does not have (istio pilot/pkg/security/authz/model/generator.go, `forTCP`). */
const onlyHttp: readonly (readonly [block: string, part: string, names: readonly string[]])[] = [
  ["from", "source", ["requestPrincipals", "notRequestPrincipals"]],
  ["to", "operation", ["hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"]],
];

/**
 * What it does that a rule fits a source or an operation less. On TCP a rule that allows is left out as a whole while
 * it asks for anything that only HTTP has, so that taking the last such thing away may let TCP in.
 */
export function byFewerAlternatives(at: Difference): Direction {
  const rule = itemAround(at, "rules");
  const mayCount = rule !== undefined && asksForHttp(rule.desired) && !asksForHttp(rule.live);
  return byRequests(at, commonAction(at) === "ALLOW" && mayCount ? "other" : "less");
}

function asksForHttp(rule: Node | undefined): boolean {
  return (
    onlyHttp.some(([block, part, names]) =>
      itemsAt(rule, block).some((item) =>
        names.some((name) => nodeAtNames(item, [part, name]) !== undefined),
      ),
    ) || itemsAt(rule, "when").some((item) => String(valueAt(item, "key")).startsWith("request."))
  );
}
