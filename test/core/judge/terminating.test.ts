import { describe, expect, it } from "vitest";
import { isTerminating, terminating } from "../../../src/core/judge/terminating.ts";
import { resource } from "../../support/resources.ts";

const gateway = (metadata: string) =>
  resource(
    `{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: a, namespace: shop${metadata}}}`,
  );
const since = ', deletionTimestamp: "2026-01-02T00:00:00Z"';

describe("isTerminating", () => {
  it.for([
    ["", false],
    [", finalizers: [example.com/hold]", false],
    [", deletionTimestamp: null", false],
    [since, true],
  ] as const)("of an object with metadata {name%s} is %s", ([metadata, expected]) => {
    expect(isTerminating(gateway(metadata))).toBe(expected);
  });
});

describe("terminating", () => {
  it.for([
    ["", ""],
    [", finalizers: []", ""],
    [", finalizers: [a/x]", ", held by a/x"],
    [", finalizers: [a, b, c, d, e]", ", held by a, b, c and 2 more"],
    [", finalizers: [7, a]", ", held by a"],
    [", finalizers: none", ""],
  ] as const)(
    "says since when an object with metadata {name%s} is being deleted, and what holds it",
    ([more, held]) => {
      expect(terminating(gateway(since + more))).toMatchObject({
        what: "shop/Gateway.networking.istio.io/a",
        key: { kind: "Gateway", namespace: "shop", name: "a" },
        code: "OBJECT_TERMINATING",
        reason: `it is being deleted since 2026-01-02T00:00:00Z${held}`,
      });
    },
  );
});
