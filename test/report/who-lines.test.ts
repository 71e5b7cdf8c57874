import { expect, it } from "vitest";
import type { Attribution } from "../../src/core/model/attribution.ts";
import { renderText } from "../../src/report/render-text.ts";
import { changed, keyOf, now, scanResult, target } from "./samples.ts";

const written: Attribution = {
  manager: "kubectl-edit",
  class: "person",
  time: "2026-11-21T06:03:00Z",
  wrote: "spec.http",
  precision: "around",
};

/** What stands behind "who". */
function who(attribution: Attribution): string {
  const change = { ...changed("spec.hosts", "a", "b"), attribution };
  const finding = { type: "changed" as const, key: keyOf("shop/VirtualService/checkout"), changes: [change] };
  const result = scanResult([target("prod-eu1", { verdict: "drifted", findings: [finding] })]);
  const page = { colour: false, width: 200, now, details: false, wide: false, next: "" };
  return /^ +who +(.*)$/m.exec(renderText(result, page))?.[1] ?? "";
}

it.for<[string, Partial<Attribution>, string]>([
  ["a person", {}, "kubectl-edit, a person, 4 h ago (2026-11-21 06:03 UTC); last wrote all of spec.http"],
  [
    "a deployer, as far as its name tells",
    { manager: "argocd-controller", class: "gitops", precision: "field" },
    "argocd-controller, by its name a deployer, 4 h ago (2026-11-21 06:03 UTC)",
  ],
  [
    "somebody in the future, with that time once",
    { time: "2026-12-21T06:03:00Z", precision: "field", doubts: ["it claims a time in the future"] },
    "kubectl-edit, a person, 2026-12-21 06:03 UTC; it claims a time in the future",
  ],
])("names %s", ([, more, text]) => {
  expect(who({ ...written, ...more })).toBe(text);
});

it("says of nobody that he wrote the object", () => {
  const doubts = ["the object has no managedFields"];
  expect(who({ manager: "", class: "unknown", wrote: "", precision: "object", doubts })).toBe(
    "nobody is named; the object has no managedFields",
  );
});
