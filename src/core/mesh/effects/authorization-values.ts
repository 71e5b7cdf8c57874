import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { itemAround, nameOf, valueOf } from "../effect-values.ts";
import { added, any, removed, where } from "../effect-words.ts";
import { actionAt, byRequests, fitsAll } from "./authorization-shift.ts";
import type { Shift } from "./scope-rows.ts";

/**
 * Sentences about what the rules of an AuthorizationPolicy ask for. Facts: istio.io/api security/v1beta1/
 * authorization_policy.proto (a list that is absent asks for nothing; `not` lists leave out).
 */

const verbs: Readonly<Record<string, string>> = {
  ALLOW: "allowed",
  DENY: "refused",
  CUSTOM: "checked",
  AUDIT: "audited",
};

const everything: Readonly<Record<string, string>> = {
  ALLOW: "any caller is allowed",
  DENY: "every request is refused",
  CUSTOM: "every request is checked by the provider",
  AUDIT: "every request is audited",
};

/** A sentence in which "{verb}" is what live's policy does with the requests that fit. */
export function withVerb(sentence: string): (at: Difference) => string | undefined {
  return (at) => {
    const verb = verbs[actionAt(at, "live") ?? ""];
    return verb === undefined ? undefined : sentence.replaceAll("{verb}", verb);
  };
}

/** That every request fits. */
export function tellEverything(at: Difference): string | undefined {
  return everything[actionAt(at, "live") ?? ""];
}

/** A direction by how many requests fit. */
export function by(shift: Shift): EffectRow["direction"] {
  return (at) => byRequests(at, shift);
}

/** Speaks where live's rule asks for nothing any more. */
const emptied: readonly EffectRow[] = where(
  (at) => {
    const rule = itemAround(at, "rules");
    if (rule?.live === undefined || !fitsAll(rule.live)) return false;
    return rule.desired === undefined || !fitsAll(rule.desired);
  },
  [any(tellEverything, by("more"))],
);

/** Rows of a block of a rule; each sentence has "{verb}". */
export function blockRows(appears: string, goes: string, changes: string): readonly EffectRow[] {
  return [
    ...emptied,
    added(withVerb(appears), by("less")),
    removed(withVerb(goes), by("more")),
    any(withVerb(changes), by("other")),
    any("the rule is for other requests", by("other")),
  ];
}

/** What a list of values is about. */
interface Values {
  readonly name: string;
  /** Whom one value stands for; "{}" is the value. */
  readonly one: string;
  readonly who: "callers" | "requests";
  readonly what: string;
  /** What the value "*" stands for. */
  readonly all?: string;
}

const sourceValues: readonly Values[] = [
  {
    name: "principals",
    one: "callers named {}",
    who: "callers",
    what: "identity",
    all: "all callers that have an identity",
  },
  {
    name: "requestPrincipals",
    one: "callers with a token of {}",
    who: "callers",
    what: "token",
    all: "all callers that have a valid token",
  },
  { name: "namespaces", one: "callers of namespace {}", who: "callers", what: "namespace" },
  { name: "serviceAccounts", one: "callers of service account {}", who: "callers", what: "service account" },
  { name: "trustDomains", one: "callers of trust domain {}", who: "callers", what: "trust domain" },
  { name: "ipBlocks", one: "callers from {}", who: "callers", what: "address" },
  { name: "remoteIpBlocks", one: "callers from {}", who: "callers", what: "client address" },
];

const operationValues: readonly Values[] = [
  { name: "hosts", one: "requests for host {}", who: "requests", what: "host" },
  { name: "ports", one: "requests to port {}", who: "requests", what: "port" },
  { name: "methods", one: "{} requests", who: "requests", what: "method" },
  { name: "paths", one: "requests to {}", who: "requests", what: "path" },
];

/** Whom the value of either side stands for. */
function oneOf({ one, all, who, what }: Values, at: Difference): string | undefined {
  const node = at.live ?? at.desired;
  if (valueOf(node) === "*") return all ?? `${who} with any ${what}`;
  const name = nameOf(node);
  return name === undefined ? undefined : one.replace("{}", () => name);
}

function aboutOne(values: Values, sentence: string): (at: Difference) => string | undefined {
  return (at) => {
    const one = oneOf(values, at);
    return one === undefined ? undefined : withVerb(sentence)(at)?.replace("{one}", () => one);
  };
}

/** Rows of one list and its `not` twin, below `prefix`. */
function valueRows(prefix: string, values: Values): EffectTable {
  const { name, who, what } = values;
  const twin = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const joins = aboutOne(values, "{one} are {verb}, too");
  const leaves = aboutOne(values, "{one} are no longer {verb}");
  const other = any(withVerb(`${who} are {verb} by another ${what}`), by("other"));
  const last = any("the rule is for other requests", by("other"));
  return {
    [`${prefix}.${name}`]: blockRows(
      `${who} are {verb} only if their ${what} is listed`,
      `${who} are {verb} whatever their ${what}`,
      `${who} are {verb} by another ${what}`,
    ),
    [`${prefix}.${name}[]`]: [added(joins, by("more")), removed(leaves, by("less")), other, last],
    [`${prefix}.${twin}`]: blockRows(
      `${who} are no longer {verb} if their ${what} is listed`,
      `more ${who} are {verb}: no ${what} is left out any more`,
      `${who} are {verb} by another ${what}`,
    ),
    [`${prefix}.${twin}[]`]: [added(leaves, by("less")), removed(joins, by("more")), other, last],
  };
}

function tableOf(prefix: string, lists: readonly Values[]): EffectTable {
  return Object.fromEntries(lists.flatMap((values) => Object.entries(valueRows(prefix, values))));
}

/** Rows about every list of a source and of an operation. */
export const valueFields: EffectTable = {
  ...tableOf("spec.rules[].from[].source", sourceValues),
  ...tableOf("spec.rules[].to[].operation", operationValues),
};
