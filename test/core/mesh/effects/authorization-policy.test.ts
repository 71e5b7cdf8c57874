import fc from "fast-check";
import { expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import { without } from "../../../../src/core/mesh/sites.ts";
import type { Direction } from "../../../../src/core/model/finding.ts";
import { field, isList, isObject, type Json, type JsonObject } from "../../../../src/core/model/json.ts";

/** A plain reading of policies, as a judge of the directions: what is accepted, request by request. */

type Lists = Readonly<Record<string, readonly string[]>>;

interface Rule {
  readonly from?: readonly { readonly source?: Lists }[];
  readonly to?: readonly { readonly operation?: Lists }[];
  readonly when?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

interface Spec {
  readonly action?: string;
  readonly selector?: { readonly matchLabels?: { readonly app?: string } };
  readonly rules?: readonly Rule[];
}

/** Without a method it is TCP. */
interface Call {
  readonly app: string;
  readonly principals: string;
  readonly namespaces: string;
  readonly methods?: string;
  readonly ports: string;
}

const values = (...given: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(fc.constantFrom(...given), { minLength: 1, maxLength: 2 });

const lists = (a: readonly [string, fc.Arbitrary<readonly string[]>], b: typeof a): fc.Arbitrary<Lists> =>
  fc
    .record({ [a[0]]: a[1], [b[0]]: b[1], [twin(a[0])]: a[1], [twin(b[0])]: b[1] }, { requiredKeys: [] })
    .filter((given) => Object.keys(given).length > 0) as fc.Arbitrary<Lists>;

function twin(name: string): string {
  return `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const source = lists(["principals", values("a", "b", "*")], ["namespaces", values("n", "m")]);
const operation = lists(["methods", values("GET", "PUT")], ["ports", values("80", "81")]);
const condition = fc.record({ key: fc.constant("source.namespace"), values: values("n", "m") });

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    from: fc.array(fc.record({ source }), { maxLength: 2 }),
    to: fc.array(fc.record({ operation }), { maxLength: 2 }),
    when: fc.array(condition, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const spec: fc.Arbitrary<Spec> = fc.record(
  {
    action: fc.constantFrom("ALLOW", "DENY", "CUSTOM", "AUDIT"),
    selector: fc.constantFrom("x", "y").map((app) => ({ matchLabels: { app } })),
    rules: fc.array(rule, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const calls: readonly Call[] = ["x", "y"].flatMap((app) =>
  ["", "a", "b", "c"].flatMap((principals) =>
    ["n", "m"].flatMap((namespaces) =>
      ["80", "81"].flatMap((ports) => [
        { app, principals, namespaces, ports },
        ...["GET", "PUT", "POST"].map((methods) => ({ app, principals, namespaces, ports, methods })),
      ]),
    ),
  ),
);

const onlyHttp = ["methods", "notMethods"];

/** On TCP what only HTTP has makes a rule that allows fit nothing; other rules do without it. */
function fitsRule({ from = [], to = [], when = [] }: Rule, call: Call, allows: boolean): boolean {
  const sources = from.map((one) => one.source ?? {});
  const operations = to.map((one) => one.operation ?? {});
  const isTcp = call.methods === undefined;
  if (isTcp && allows && operations.some((one) => onlyHttp.some((name) => name in one))) return false;
  const isOne = (given: readonly Lists[]): boolean =>
    given.length === 0 || given.some((one) => fitsLists(one, call));
  return isOne(sources) && isOne(operations) && when.every((one) => one.values.includes(call.namespaces));
}

function fitsLists(given: Lists, call: Call): boolean {
  return Object.entries(given)
    .filter(([name, list]) => list.length > 0 && (call.methods !== undefined || !onlyHttp.includes(name)))
    .every(([name, list]) => fitsList(name, list, call));
}

function fitsList(name: string, list: readonly string[], call: Call): boolean {
  const plain = name.replace(/^not([A-Z])/, (_, letter: string) => letter.toLowerCase()) as keyof Call;
  const value = call[plain] ?? "";
  const isIn = list.includes(value) || (list.includes("*") && value !== "");
  return plain === name ? isIn : !isIn;
}

/** Whether a call is accepted: `others` is what another ALLOW policy lets in, undefined where there is none. */
function isAccepted(policy: Spec | undefined, call: Call, others: boolean | undefined): boolean {
  const unheeded = others ?? true;
  if (policy === undefined || !holdsFor(policy, call)) return unheeded;
  const { action = "ALLOW", rules = [] } = policy;
  const allows = action === "ALLOW";
  const fits = rules.some((one) => fitsRule(one, call, allows));
  if (allows) return fits || others === true;
  // A provider may refuse whatever it is asked about.
  return (!fits || action === "AUDIT") && unheeded;
}

function holdsFor({ selector }: Spec, call: Call): boolean {
  const app = selector?.matchLabels?.app;
  return app === undefined || app === call.app;
}

function acceptsMore(git: Spec | undefined, live: Spec | undefined): boolean {
  return calls.some((call) =>
    [undefined, true, false].some(
      (others) => isAccepted(live, call, others) && !isAccepted(git, call, others),
    ),
  );
}

function objectOf(policy: Spec): JsonObject {
  const metadata = { name: "a", namespace: "shop" };
  // A Spec is JSON, whose type does not say so.
  const given = policy as unknown as JsonObject;
  return { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata, spec: given };
}

function objectsOf(policy: Spec | undefined): readonly JsonObject[] {
  return policy === undefined ? [] : [objectOf(policy)];
}

/** The same without one of its parts: every way to do that. Conditions go as a whole. */
function deletions(value: Json): readonly Json[] {
  if (isList(value))
    return value.flatMap((item, index) => [
      value.toSpliced(index, 1),
      ...deletions(item).map((less) => value.toSpliced(index, 1, less)),
    ]);
  if (!isObject(value) || Object.hasOwn(value, "key")) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    without(value, name),
    ...deletions(part).map((less) => ({ ...value, [name]: less })),
  ]);
}

function directionsOf(git: Spec | undefined, live: Spec | undefined): readonly (Direction | undefined)[] {
  return compare(objectsOf(git), objectsOf(live)).findings.flatMap(({ effect, changes }) =>
    changes.length === 0 ? [effect?.direction] : changes.map((one) => one.effect?.direction),
  );
}

function expectWarning(git: Spec | undefined, live: Spec | undefined): void {
  if (acceptsMore(git, live)) expect(directionsOf(git, live)).toContain("weakens");
}

it("an AuthorizationPolicy of which live accepts more than Git is said to be weakened", () => {
  const side = fc.option(spec, { nil: undefined });
  fc.assert(
    fc.property(side, side, (git, live) => {
      expectWarning(git, live);
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

it("the same where one part of it comes or goes", () => {
  fc.assert(
    fc.property(spec, fc.nat(), (whole, n) => {
      const all = deletions(field(objectOf(whole), "spec") ?? {});
      // A Spec less a part is one.
      const less = (all[n % all.length] ?? {}) as unknown as Spec;
      expectWarning(whole, less);
      expectWarning(less, whole);
    }),
    { numRuns: 1_000 },
  );
}, 60_000);
