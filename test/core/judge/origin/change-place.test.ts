import { expect, it } from "vitest";
import { placeOfChange } from "../../../../src/core/judge/origin/change-place.ts";

const object = {
  metadata: { labels: { "istio.io/rev": "a" } },
  spec: {
    http: [{ name: "a", route: [{ weight: 1 }] }, { name: "b" }, { name: "twice" }, { name: "twice" }],
    servers: [
      { name: "two words", port: 80 },
      { name: "two words", port: 443 },
    ],
  },
};

it("is where Git has the field, with its line in a text", () => {
  const desired = { pointer: "/data/mesh", line: 3, value: "x" };
  const place = placeOfChange({ desired, path: "mesh.x" }, object);
  expect(place).toEqual({ pointer: "/data/mesh", line: 3, precision: "field" });
});

it.each([
  ["spec.http[name=b].retries.attempts", "/spec/http/1"],
  ["spec.http[name=a].route[0].timeout", "/spec/http/0/route"],
  ["spec.http[name=twice].retries", "/spec/http"],
  ["spec.http[name=new]", "/spec/http"],
  ['metadata.labels["istio.io/dataplane-mode"]', "/metadata/labels"],
  ['metadata.labels["istio.io/rev"]', "/metadata/labels/istio.io~1rev"],
  ['spec.servers[name="two words"].tls', "/spec/servers"],
  ['spec.servers[name="two words",port=443].tls', "/spec/servers/1"],
  ["spec.http[0].timeout", "/spec/http"],
  ['spec.http["name=b"].timeout', "/spec/http"],
  ["", ""],
  ["spec.__proto__.x", "/spec"],
])("is around what only live has: %s", (path, pointer) => {
  expect(placeOfChange({ path }, object)).toEqual({ pointer, precision: "around" });
});
