import { expect, it } from "vitest";
import { compareSides } from "../../../src/core/compare/compare-sides.ts";
import type { Resource } from "../../../src/core/model/resource.ts";
import { virtualService } from "../../support/resources.ts";

/** What is undecided about each change, where the live side could not be read in full. */
function undecidedIn(desired: Resource, live: Resource): readonly (readonly [string, unknown])[] {
  const { findings } = compareSides(
    { resources: [desired], unchecked: [], isComplete: true },
    { resources: [live], unchecked: [], isComplete: false },
    { equality: "istio", metadata: "declared", mesh: {} },
  );
  return findings.flatMap(({ finding }) => finding.changes.map(({ path, undecided }) => [path, undecided]));
}

it("says of a field which rule would hold if more were known", () => {
  const rule = "export-to/defaultVirtualServiceExportTo";
  expect(
    undecidedIn(virtualService("{hosts: [a]}"), virtualService("{hosts: [a], exportTo: ['*']}")),
  ).toEqual([["spec.exportTo", [{ rule, missing: "the mesh configuration (ConfigMap istio)" }]]]);
});

it("says it of the item of a list, too", () => {
  const missing = "the Gateway shop/web";
  const at = (host: string) => virtualService(`{hosts: [${host}], gateways: [web]}`);
  expect(undecidedIn(at("Shop.example.com"), at("shop.example.com"))).toEqual([
    ["spec.hosts[Shop.example.com]", [{ rule: "virtual-service/gateway-host-case", missing }]],
    ["spec.hosts[shop.example.com]", undefined],
  ]);
});
