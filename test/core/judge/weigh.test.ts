import { expect, it } from "vitest";
import { weigh } from "../../../src/core/judge/weigh.ts";
import type { Resource } from "../../../src/core/model/resource.ts";
import { virtualService } from "../../support/resources.ts";
import { judge, live, target } from "./cluster.ts";

const reviews = virtualService("{hosts: [reviews], http: [{timeout: 5s}]}");
const slower = virtualService("{hosts: [reviews], http: [{timeout: 30s}]}");
const beside = virtualService("{hosts: [beside]}", "beside");
const other = virtualService("{hosts: [reviews], http: [{timeout: 9s}]}");

/** As a live side gives it, with one writer of everything. */
function writtenBy(manager: string, resource: Resource): Resource {
  const fields = { "f:spec": { "f:http": {} } };
  const owner = {
    manager,
    operation: "Update",

    time: "2026-07-20T00:00:00Z",
    fields,
  } as const;
  return { ...resource, owners: [owner] };
}

const weighing = {
  risk: { own: [], builtIn: [], rootNamespace: "istio-system" },
  attribution: {
    classify: () => ({ class: "person", isArtefact: false }) as const,
    now: new Date("2026-07-21T00:00:00Z"),
  },
};

const edited = writtenBy("kubectl-edit", slower);
it.for([
  [
    "changed: who wrote the field",
    [target("eu1", [reviews])],
    [edited],
    ["changed", undefined, ["kubectl-edit"]],
  ],
  ["missing: nobody, of whom live could tell", [target("eu1", [reviews])], [], ["missing", undefined, []]],
  [
    "extra: who wrote the object",
    [target("eu1", [beside], ["shop"])],
    [edited, beside],
    ["extra", "kubectl-edit", []],
  ],
  [
    "wanted twice: nobody, it is no matter of live",
    [target("eu1", [reviews]), target("us1", [other])],
    [edited],
    ["conflict", undefined, [undefined]],
  ],
] as const)("says of what is %s", ([, targets, resources, [type, whole, parts]]) => {
  const judgement = judge([...targets], live([...resources])).get("eu1");
  if (judgement === undefined) throw new Error("nothing is judged");
  const [finding] = weigh(judgement, weighing);
  expect(finding?.type).toBe(type);
  expect(finding?.attribution?.manager).toBe(whole);
  expect(finding?.changes.map(({ attribution }) => attribution?.manager)).toEqual(parts);
  // How bad it is, is said of everything that is drift.
  expect(finding?.risk?.rule).toBe("no-rule");
});

it("says nothing of writers where the live side tells of none", () => {
  const judgement = judge([target("eu1", [reviews])], live([slower])).get("eu1");
  if (judgement === undefined) throw new Error("nothing is judged");
  expect(weigh(judgement, weighing)[0]?.changes[0]).not.toHaveProperty("attribution");
});
