import * as fc from "fast-check";
import { expect, it } from "vitest";
import { substitute, variablesIn } from "../../../src/core/manifest/substitute.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";

/** An object with a spec. */
function withSpec(spec: JsonObject, metadata: JsonObject = { name: "x" }): JsonObject {
  return { apiVersion: "networking.istio.io/v1", kind: "Gateway", metadata, spec };
}

const values = { HOST: "shop.example.com", PORT: "8443", ON: "true", QUOTED: '"8443"', EMPTY: "" };

it.for([
  ["${HOST}", "shop.example.com", []],
  ["https://${HOST}/x", "https://shop.example.com/x", []],
  ["${PORT}", 8443, []],
  ["${ON}", true, []],
  ["${QUOTED}", "8443", []],
  ["x: ${PORT}", "x: 8443", []],
  ["${EMPTY}", null, []],
  ["${NONE:-80}", 80, []],
  ["${NONE:=a}", "a", []],
  ["${HOST:-other}", "shop.example.com", []],
  ["$${HOST}", "${HOST}", []],
  ["$HOST", "$HOST", []],
  ["?x=${HOST}", "?x=shop.example.com", []],
  ["${NONE}", "${NONE}", ["NONE"]],
  ["${HOST}.${NONE}", "shop.example.com.${NONE}", ["NONE"]],
  ["${HOST^^}", "${HOST^^}", ["HOST"]],
  ["${HOST/shop/x}", "${HOST/shop/x}", ["HOST"]],
  ["${toString}", "${toString}", ["toString"]],
] as const)("makes of %j what a deployer makes of it", ([text, value, unresolved]) => {
  expect(substitute(withSpec({ a: text }), values)).toEqual({
    type: "substituted",
    object: withSpec({ a: value }),
    unresolved,
  });
});

it("leaves objects alone that opt out", () => {
  for (const part of ["labels", "annotations"]) {
    const object = withSpec(
      { a: "${HOST}" },
      { name: "x", [part]: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } },
    );
    expect(substitute(object, values)).toEqual({ type: "substituted", object, unresolved: [] });
  }
});

it("tells where a value breaks the object", () => {
  expect(substitute(withSpec({ a: "${BAD}" }), { BAD: "x: [" })).toMatchObject({ type: "broken" });
});

it("changes nothing in an object without variables, whatever its texts look like", () => {
  const odd = fc.oneof(
    fc.constantFrom(
      "on",
      "yes",
      "0644",
      "1e3",
      "1_000",
      "12:30",
      "~",
      "null",
      "=",
      "<<",
      ".5",
      "2001-01-01",
      "?!",
      "\n \n\n",
      "? x",
      "- x",
      ":x",
      "x: y",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(odd, odd, (key, text) => {
      fc.pre(!key.includes("${") && !text.includes("${") && key !== "__proto__");
      const object = withSpec({ [`k${key}`]: text, variable: "${HOST}" });
      const done = substitute(object, values);
      expect(done.type === "substituted" && done.object["spec"]).toEqual({
        [`k${key}`]: text,
        variable: "shop.example.com",
      });
    }),
  );
});

it("finds the variables of keys and values", () => {
  expect(variablesIn({ "${A}": ["${B:-x}", { c: "$${C} ${A}" }], d: 1 })).toEqual(["A", "B"]);
});
