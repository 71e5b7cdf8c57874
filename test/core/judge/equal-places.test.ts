import { expect, it } from "vitest";
import { equalPlaces } from "../../../src/core/judge/equal-places.ts";
import type { EqualBy } from "../../../src/core/model/finding.ts";

function equalBy(rule: string, change: Partial<EqualBy> = {}): EqualBy {
  const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "a" };
  const desired = { pointer: "/spec/hosts/0", value: "a" };
  return { key, path: "spec.hosts[0]", rule, level: "E1", reason: "why", desired, ...change };
}

it("tells a place once, with every rule that it takes", () => {
  const places = equalPlaces([equalBy("one"), equalBy("two"), equalBy("one")]);
  expect(places).toEqual([
    {
      key: equalBy("").key,
      path: "spec.hosts[0]",
      rules: ["one", "two"],
      desired: { pointer: "/spec/hosts/0", value: "a" },
    },
  ]);
});

it("keeps apart what has one path and is another thing", () => {
  const live = { pointer: "/spec/hosts/0", value: "b" };
  const { key, path, rule, level, reason } = equalBy("one");
  const onlyLive: EqualBy = { key, path, rule, level, reason, live };
  const elsewhere = equalBy("one", { key: { ...key, name: "b" } });
  expect(equalPlaces([equalBy("one"), onlyLive, elsewhere])).toHaveLength(3);
});
