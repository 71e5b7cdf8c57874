import { expect, it } from "vitest";
import { exemptionsPointingNowhere } from "../../../src/core/judge/exemptions-nowhere.ts";
import type { ExemptionEntry } from "../../../src/core/model/exemption-entry.ts";
import { keyId } from "../../../src/core/model/resource.ts";
import { virtualService } from "../../support/resources.ts";

const reviews = virtualService(
  "{ hosts: [a], http: [{ name: primary, timeout: 5s }, { fault: { abort: {} } }] }",
);
const exemption = { reason: "x", until: "2026-12-01", file: "e.yaml", line: 3, hasEnded: false };

function warnings(more: Partial<ExemptionEntry>, isKnown = true): readonly string[] {
  const objectsOf = (key: ExemptionEntry["key"]) =>
    keyId(key) === keyId(reviews.key) ? [reviews.object] : isKnown ? [] : undefined;
  return exemptionsPointingNowhere([{ key: reviews.key, exemption, ...more }], [{ name: "eu1", objectsOf }]);
}

it.for([
  {},
  { targets: ["eu1"] },
  ...["spec.http[name=primary].timeout", "spec.http[*].fault", "spec.*", 'spec["hosts"]'].map((path) => ({
    paths: [path],
  })),
])("says nothing of %j", (entry) => {
  expect(warnings(entry)).toEqual([]);
});

it.for([
  [{ targets: ["eu2"] }, 'there is no target "eu2"'],
  [
    { key: { ...reviews.key, name: "other" } },
    "no target has shop/VirtualService/other, neither in Git nor live",
  ],
  [
    { paths: ["spec.http[name=primary].retries"] },
    "shop/VirtualService/reviews has no spec.http[name=primary].retries",
  ],
  [{ paths: ["spec.http.timeout"] }, "shop/VirtualService/reviews has no spec.http.timeout"],
] as const)("warns of %j", ([entry, why]) => {
  expect(warnings(entry)).toEqual([`e.yaml:3 covers nothing: ${why}`]);
});

it("says nothing of objects that nobody knows of for sure", () => {
  expect(warnings({ key: { ...reviews.key, name: "other" } }, false)).toEqual([]);
});
