import type { Direction, Effect } from "../../model/finding.ts";
import { field, isList, isObject, type Json, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { added, any, changed, effect, removed, where } from "../effect-words.ts";
import { listAt } from "../sites.ts";
import {
  actionAt,
  allowsEverything,
  byAction,
  byFewerAlternatives,
  byWorkloads,
  fitsAll,
  hasEmptyRule,
} from "./authorization-shift.ts";
import { blockRows, by, tellEverything, valueFields, withVerb } from "./authorization-values.ts";
import { isDryRun } from "./metadata.ts";
import { scopeAndTargetRows } from "./scope-rows.ts";

/**
 * Sentences about AuthorizationPolicies: who may do what. Facts: istio.io/api security/v1beta1/
 * authorization_policy.proto; istio pilot/pkg/security/authz/builder/builder.go:152-162, 294-299.
 */

const otherRequests = any("the rule is for other requests", by("other"));

function tellAction(at: Difference): string | undefined {
  const after = actionAt(at, "live");
  if (after === undefined || after === "ALLOW" || after === "AUDIT") return actionTexts[after ?? ""];
  if (after === "DENY" && hasEmptyRule(at.up?.live)) return "every request is refused";
  const others = actionAt(at, "desired") === "ALLOW" ? ", others are no longer refused by it" : "";
  return `requests that fit are ${after === "DENY" ? "refused" : "checked by the provider"}${others}`;
}

const actionTexts: Readonly<Record<string, string>> = {
  ALLOW: "requests that fit are allowed, others refused unless another policy allows them",
  AUDIT: "the policy refuses nothing any more, it only audits",
};

function tellNoRules(at: Difference): string | undefined {
  return actionAt(at, "live") === "ALLOW"
    ? "it allows nothing any more: what no other policy allows is refused"
    : withVerb("nothing is {verb} by it any more")(at);
}

const fields: EffectTable = {
  spec: [
    ...where((at) => allowsEverything(at.live), [any("any caller is allowed", "weakens")]),
    any("other requests are allowed or refused", "weakens"),
  ],
  ...scopeAndTargetRows("the policy", byWorkloads),
  "spec.action": [any(tellAction, byAction), any("what happens to requests that fit is unknown", "weakens")],
  "spec.provider": [any("another provider checks the requests that fit", "weakens")],
  "spec.provider.name": [
    changed("provider {value} checks the requests that fit, no longer {git}", "weakens"),
  ],
  "spec.rules": [
    ...where((at) => hasEmptyRule(at.up?.live), [added(tellEverything, by("more"))]),
    added(withVerb("requests that fit its rules are {verb}"), by("more")),
    removed(tellNoRules, by("less")),
    any("other requests are allowed or refused", by("other")),
  ],
  "spec.rules[]": [
    ...where(({ live }) => live !== undefined && fitsAll(live), [any(tellEverything, by("more"))]),
    ...where(
      ({ desired }) => desired !== undefined && fitsAll(desired),
      [removed(withVerb("only what its other rules name is {verb}"), by("less"))],
    ),
    added(withVerb("more requests are {verb}, by one more rule"), by("more")),
    removed(withVerb("fewer requests are {verb}: a rule is gone"), by("less")),
    otherRequests,
  ],
  "spec.rules[].from": blockRows(
    "only certain callers are {verb}",
    "callers from anywhere are {verb}",
    "other callers are {verb}",
  ),
  "spec.rules[].from[]": [
    added(withVerb("more callers are {verb}"), by("more")),
    removed(withVerb("fewer callers are {verb}"), byFewerAlternatives),
    otherRequests,
  ],
  "spec.rules[].from[].source": blockRows(
    "only certain callers are {verb}",
    "callers from anywhere are {verb}",
    "other callers are {verb}",
  ),
  "spec.rules[].to": blockRows(
    "only certain operations are {verb}",
    "any operation is {verb}",
    "other operations are {verb}",
  ),
  "spec.rules[].to[]": [
    added(withVerb("more operations are {verb}"), by("more")),
    removed(withVerb("fewer operations are {verb}"), byFewerAlternatives),
    otherRequests,
  ],
  "spec.rules[].to[].operation": blockRows(
    "only certain operations are {verb}",
    "any operation is {verb}",
    "other operations are {verb}",
  ),
  "spec.rules[].when": blockRows(
    "requests are {verb} only under certain conditions",
    "requests are {verb} without any condition",
    "requests are {verb} under other conditions",
  ),
  "spec.rules[].when[]": [
    added(withVerb("fewer requests are {verb}: there is one more condition"), by("less")),
    removed(withVerb("more requests are {verb}: a condition is gone"), by("more")),
    otherRequests,
  ],
  "spec.rules[].when[].values": blockRows(
    "requests are {verb} only with certain values of a condition",
    "requests are {verb} with more values of a condition",
    "requests are {verb} under other conditions",
  ),
  "spec.rules[].when[].values[]": [
    added(withVerb("requests are {verb} with one more value of a condition"), by("more")),
    removed(withVerb("requests are no longer {verb} with one value of a condition"), by("less")),
    otherRequests,
  ],
  "spec.rules[].when[].notValues": blockRows(
    "requests are no longer {verb} with certain values of a condition",
    "requests are {verb} with more values of a condition",
    "requests are {verb} under other conditions",
  ),
  "spec.rules[].when[].notValues[]": [
    added(withVerb("requests are no longer {verb} with one value of a condition"), by("less")),
    removed(withVerb("requests are {verb} with one more value of a condition"), by("more")),
    otherRequests,
  ],
  ...valueFields,
};

/** What it means that a policy is there: what it does with the requests that fit, and with others. */
interface Whole {
  readonly missing: Effect;
  readonly extra: Effect;
}

const denies: Whole = {
  missing: effect("requests that it refuses are accepted", "weakens"),
  extra: effect("requests that fit are refused", "strengthens"),
};

const wholes: Readonly<Record<string, Whole>> = {
  DENY: denies,
  CUSTOM: {
    missing: effect("requests that fit are no longer checked by the provider", "weakens"),
    extra: effect("requests that fit are checked by a provider", "strengthens"),
  },
  AUDIT: {
    missing: effect("requests that fit are no longer audited", "neutral"),
    extra: effect("requests that fit are audited", "neutral"),
  },
};

const allowsNothing: Whole = {
  missing: effect("what it refused is accepted, unless another policy refuses it", "weakens"),
  extra: effect("what no other policy allows is refused", "strengthens"),
};

const allowsAll: Whole = {
  missing: effect("not every caller is allowed any more if other policies allow only some", "neutral"),
  extra: effect("any caller is allowed", "weakens"),
};

const allowsSome: Whole = {
  missing: effect("any caller is accepted, unless another policy allows only some", "weakens"),
  extra: effect("requests that fit are allowed, others refused unless another policy allows them", "weakens"),
};

function wholeOf({ object }: Resource): Whole {
  const spec = field(object, "spec");
  const action = textField(spec, "action") || "ALLOW";
  const known = wholes[action];
  if (known !== undefined) return known;
  const rules = listAt(spec, "rules");
  if (rules.length === 0) return action === "ALLOW" ? allowsNothing : allowsSome;
  return rules.some(asksForNothing) ? allowsAll : allowsSome;
}

/** A rule that is empty, or whose lists are. */
function asksForNothing(rule: Json): boolean {
  return isObject(rule) && Object.values(rule).every((part) => part === null || isEmptyList(part));
}

function isEmptyList(value: Json): boolean {
  return isList(value) && value.length === 0;
}

/** What changes of an AuthorizationPolicy do. */
export const authorizationPolicyEffects: KindEffects = {
  group: "security.istio.io",
  kind: "AuthorizationPolicy",
  fields,
  missing: (resource) => wholeOf(resource).missing,
  extra: (resource) => {
    const { extra } = wholeOf(resource);
    return isDryRun(resource)
      ? { text: "the policy is not enforced, only logged", direction: withoutForce(extra) }
      : extra;
  },
};

/** What is only logged strengthens nothing. */
function withoutForce({ direction }: Effect): Direction {
  return direction === "strengthens" ? "neutral" : direction;
}
