import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemsAt } from "../../../src/core/mesh/effect-values.ts";
import { compare } from "../../../src/core/compare/compare.ts";
import { factsFrom } from "../../../src/core/compare/facts.ts";
import { interpret } from "../../../src/core/mesh/interpret.ts";
import { virtualService } from "../../../src/core/mesh/kinds/virtual-service.ts";
import { areDisjoint, takesAllOf } from "../../../src/core/mesh/route-match.ts";
import type { Node } from "../../../src/core/mesh/table.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";

/** A request, as far as matches look at it. */
interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly port: number;
  readonly gateway: string;
}

/** One of the three, or none: then the value only has to be there. */
type StringMatch = Partial<Record<"exact" | "prefix" | "regex", string>>;

interface Match {
  readonly uri?: StringMatch;
  readonly ignoreUriCase?: boolean;
  readonly method?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Readonly<Record<string, string>>;
}

/** What Istio's documentation says about a match, written down once more and for one request only. */
function fits(request: Request, matches: readonly Match[]): boolean {
  return matches.length === 0 || matches.some((match) => fitsOne(request, match));
}

function fitsOne(request: Request, match: Match): boolean {
  const { uri, method, port = request.port, gateways = [] } = match;
  return (
    fitsText(request.path, uri, match.ignoreUriCase === true) &&
    fitsText(request.method, method) &&
    fitsHeaders(request, match) &&
    port === request.port &&
    (gateways.length === 0 || gateways.includes(request.gateway))
  );
}

function fitsHeaders(request: Request, { headers = {}, withoutHeaders = {} }: Match): boolean {
  return (
    Object.entries(headers).every(([name, value]) => fitsHeader(request.headers[name], value)) &&
    !Object.entries(withoutHeaders).some(([name, value]) => fitsHeader(request.headers[name], value))
  );
}

function fitsHeader(value: string | undefined, match: StringMatch): boolean {
  return value !== undefined && fitsText(value, match);
}

function fitsText(text: string, match: StringMatch | undefined, folds = false): boolean {
  if (match === undefined) return true;
  const { exact, prefix, regex } = match;
  const fold = (given: string): string => (folds ? given.toLowerCase() : given);
  if (exact !== undefined) return fold(text) === fold(exact);
  if (prefix !== undefined) return fold(text).startsWith(fold(prefix));
  return regex === undefined || new RegExp(`^(?:${regex})$`).test(text);
}

const words = ["a", "ab", "b", "A"];

function textMatch(start: string): fc.Arbitrary<StringMatch> {
  const word = fc.constantFrom(...words).map((text) => start + text);
  return fc.oneof(
    word.map((exact) => ({ exact })),
    word.map((prefix) => ({ prefix })),
    fc.constantFrom(".*", `${start}a.*`).map((regex) => ({ regex })),
  );
}

const headers = fc.dictionary(fc.constantFrom("x", "y"), fc.oneof(textMatch(""), fc.constant({})), {
  maxKeys: 2,
});

const match: fc.Arbitrary<Match> = fc.record(
  {
    uri: textMatch("/"),
    ignoreUriCase: fc.boolean(),
    method: textMatch(""),
    headers,
    withoutHeaders: headers,
    port: fc.constantFrom(1, 2),
    gateways: fc.subarray(["shop/one", "shop/two", "shop/three"], { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const matches = fc.array(match, { maxLength: 3 });

const request: fc.Arbitrary<Request> = fc.record({
  path: fc.constantFrom(...words, "abc").map((text) => `/${text}`),
  method: fc.constantFrom(...words, "abc"),
  headers: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom(...words, ""), { maxKeys: 2 }),
  port: fc.constantFrom(1, 2),
  gateway: fc.constantFrom("shop/one", "shop/two", "shop/three"),
});

/** The same requests for every pair of routes. */
const requests = fc.sample(request, { numRuns: 80, seed: 1 });

const facts = factsFrom(
  { domain: "cluster.local", rootNamespace: "istio-system", istio: "1.30" },
  { desired: [], live: [], isComplete: () => true },
);

/** A VirtualService with routes of these names and matches. */
function virtualServiceOf(named: readonly (readonly [string, readonly Match[]])[]): JsonObject {
  const http = named.map(([name, match]) => ({ name, match, route: [] }));
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "a", namespace: "shop" },
    spec: { hosts: ["a"], gateways: ["one", "two", "three"], http },
  } as unknown as JsonObject;
}

/** The routes in their plain spelling. */
function routes(...all: readonly (readonly Match[])[]): readonly Node[] {
  const object = virtualServiceOf(all.map((one, i) => [`r${String(i)}`, one]));
  const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "a" };
  return itemsAt(interpret(virtualService, { key, object }, facts, "istio"), "spec", "http");
}

// A busy machine takes its time for a thousand comparisons.
describe("routes of a VirtualService", { timeout: 30_000 }, () => {
  it("that are called disjoint have no request in common", () => {
    let disjoint = 0;
    fc.assert(
      fc.property(matches, matches, (a, b) => {
        const [first, second] = routes(a, b) as [Node, Node];
        expect(areDisjoint(second, first)).toBe(areDisjoint(first, second));
        if (!areDisjoint(first, second)) return;
        disjoint += 1;
        expect(requests.filter((one) => fits(one, a) && fits(one, b))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(disjoint).toBeGreaterThan(50);
  });

  it("of which one takes all of the other lose no request of it", () => {
    let taken = 0;
    fc.assert(
      fc.property(matches, matches, (a, b) => {
        const [first, second] = routes(a, b) as [Node, Node];
        if (!takesAllOf(first, second)) return;
        taken += 1;
        expect(requests.filter((one) => fits(one, b) && !fits(one, a))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it("that stand in another order, called the same, treat every request the same", () => {
    let same = 0;
    const named = fc
      .array(matches, { minLength: 2, maxLength: 4 })
      .map((all) => all.map((one, i) => [`r${String(i)}`, one] as const));
    const orders = named.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(orders, ([git, live]) => {
        const found = compare([virtualServiceOf(git)], [virtualServiceOf(live)]).findings;
        if (found.length > 0) return;
        same += 1;
        const takes = (one: Request, order: typeof git): string | undefined =>
          order.find(([, match]) => fits(one, match))?.[0];
        expect(requests.filter((one) => takes(one, git) !== takes(one, live))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(same).toBeGreaterThan(100);
  });

  it.for<readonly [string, Match, Match]>([
    ["two paths", { uri: { exact: "/a" } }, { uri: { exact: "/b" } }],
    ["a path and a prefix that it does not begin with", { uri: { exact: "/a" } }, { uri: { prefix: "/b" } }],
    [
      "a header that one asks for and the other shuts out",
      { headers: { x: {} } },
      { withoutHeaders: { x: {} } },
    ],
    ["two ports", { port: 1 }, { port: 2 }],
    ["two gateways", { gateways: ["one"] }, { gateways: ["two"] }],
  ])("are disjoint by %s", ([, a, b]) => {
    const [first, second] = routes([a], [b]) as [Node, Node];
    expect(areDisjoint(first, second)).toBe(true);
  });

  it.for<readonly [string, Match, Match]>([
    ["paths that differ in case", { uri: { exact: "/a" }, ignoreUriCase: true }, { uri: { exact: "/A" } }],
    ["a pattern", { uri: { regex: "/a" } }, { uri: { exact: "/b" } }],
    [
      "a claim, which may have two values at once",
      { headers: { "@request.auth.claims.x": { exact: "a" } } },
      { headers: { "@request.auth.claims.x": { exact: "b" } } },
    ],
    ["headers of different names", { headers: { x: { exact: "a" } } }, { headers: { y: { exact: "b" } } }],
  ])("are not shown to be disjoint by %s", ([, a, b]) => {
    const [first, second] = routes([a], [b]) as [Node, Node];
    expect(areDisjoint(first, second)).toBe(false);
  });

  it("do not count what they ask of the source beside gateways", () => {
    const beside = { gateways: ["one"], sourceLabels: { app: "a" } };
    const [first, second] = routes([{ sourceLabels: { app: "a" } }], [beside]) as [Node, Node];
    expect(takesAllOf(first, second)).toBe(false);
    expect(takesAllOf(second, second)).toBe(true);
  });
});
