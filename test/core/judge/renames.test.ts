import { describe, expect, it } from "vitest";
import { factsFrom } from "../../../src/core/compare/facts.ts";
import { withRenames } from "../../../src/core/judge/renames.ts";
import { keyId, type Resource } from "../../../src/core/model/resource.ts";
import { resource, virtualService } from "../../support/resources.ts";
import { judge, live, target } from "./cluster.ts";

const facts = factsFrom({}, { desired: [], live: [], isComplete: () => true });

function byId(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((one) => [keyId(one.key), one]));
}

/** What is told of two sides: each finding with the other name. */
function told(git: readonly Resource[], there: readonly Resource[]): readonly string[] {
  const findings = judge([target("prod", git, ["shop", "web"])], live(there)).get("prod")?.findings ?? [];
  const input = { desired: byId(git), live: byId(there), facts, equality: "istio" } as const;
  return withRenames(
    findings.filter(({ type }) => type !== "dangling"),
    input,
  ).map(
    ({ type, key, renamed }) => `${type} ${key.name}${renamed === undefined ? "" : ` as ${renamed.name}`}`,
  );
}

const route = "{ hosts: [reviews], http: [{ timeout: 60s, route: [{ destination: { host: reviews } }] }] }";
const respelt =
  "{ hosts: [reviews.shop.svc.cluster.local], http: [{ timeout: 1m, route: [{ destination: { host: reviews }, weight: 100 }] }] }";
const other = "{ hosts: [reviews], http: [{ timeout: 61s, route: [{ destination: { host: reviews } }] }] }";
const kept = virtualService("{ hosts: [cart] }", "cart");

function policy(name: string, spec: string): Resource {
  return resource(
    `{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: ${name}, namespace: shop }, spec: ${spec} }`,
  );
}

describe("an object under another name", () => {
  it.for([
    [
      "is linked to the missing one, also where it is spelt otherwise",
      [virtualService(route, "a")],
      [virtualService(respelt, "b")],
      ["missing a as b", "extra b as a"],
    ],
    [
      "is another where it means something else",
      [virtualService(route, "a")],
      [virtualService(other, "b")],
      ["missing a", "extra b"],
    ],
    [
      "is not told where two would do",
      [virtualService(route, "a")],
      [virtualService(route, "b"), virtualService(respelt, "c")],
      ["missing a", "extra b", "extra c"],
    ],
    [
      "is not told where it could be that of two",
      [virtualService(route, "a"), virtualService(route, "b")],
      [virtualService(route, "c")],
      ["missing a", "missing b", "extra c"],
    ],
    [
      "is another in another namespace",
      [
        resource(
          "{ apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: { name: a, namespace: shop }, spec: { egress: [{ hosts: ['./*'] }] } }",
        ),
      ],
      [
        resource(
          "{ apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: { name: b, namespace: web }, spec: { egress: [{ hosts: ['./*'] }] } }",
        ),
      ],
      ["missing a", "extra b"],
    ],
    [
      "is not told where both say nothing",
      [policy("a", "{}")],
      [policy("b", "{}")],
      ["missing a", "extra b"],
    ],
    [
      "is another where it is only logged",
      [policy("a", "{ action: DENY, rules: [{}] }")],
      [
        resource(
          "{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: b, namespace: shop, annotations: { istio.io/dry-run: 'true' } }, spec: { action: DENY, rules: [{}] } }",
        ),
      ],
      ["missing a", "extra b"],
    ],
    [
      "is not told where Git leaves a variable open",
      [{ ...virtualService(route, "a"), unresolved: ["T"] }],
      [virtualService(route, "b")],
      ["missing a", "extra b"],
    ],
  ] as const)("%s", ([, git, there, expected]) => {
    expect(told([...git, kept], [...there, kept])).toEqual(expected);
  });
});
