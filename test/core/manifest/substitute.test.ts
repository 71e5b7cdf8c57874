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
  ["${NONE=a}", "a", []],
  ["${NONE:-}", null, []],
  ["${EMPTY:-80}", 80, []],
  ["${EMPTY:=80}", 80, []],
  ["${EMPTY=80}", 80, []],
  ["${NONE:-${HOST}}", "shop.example.com", []],
  ["${HOST:-${NONE}}", "shop.example.com", []],
  ["${NONE:-a.${EMPTY:-${HOST}}.b}", "a.shop.example.com.b", []],
  ["${NONE:-$$x}", "$$x", []],
  ["x${NONE:-{}}", "x{}", []],
  ["${NONE:-{}}", {}, []],
  ["${PORT:-{}}", "8443}", []],
  ["${HOST:-other}", "shop.example.com", []],
  ["$${HOST}", "${HOST}", []],
  ["$HOST", "$HOST", []],
  ["$$HOST", "$HOST", []],
  ["$$$${HOST}", "$${HOST}", []],
  ["$$${HOST}", "$shop.example.com", []],
  ["?x=${HOST}", "?x=shop.example.com", []],
  ["${NONE}", "${NONE}", ["NONE"]],
  ["${HOST}.${NONE}", "shop.example.com.${NONE}", ["NONE"]],
  ["${HOST^^}", "${HOST^^}", ["HOST"]],
  ["${HOST/shop/x}", "${HOST/shop/x}", ["HOST"]],
  ["${toString}", "${toString}", ["toString"]],
  ["${NONE:-${OTHER}}", "${NONE:-${OTHER}}", ["OTHER"]],
  ["${HOST-b}", "${HOST-b}", ["HOST"]],
  ["${HOST:+b}", "${HOST:+b}", ["HOST"]],
  ["${NONE:-${HOST^^}} ${PORT}", "${NONE:-${HOST^^}} 8443", ["NONE"]],
  ["${#HOST}", "${#HOST}", ["#HOST"]],
  ["${ HOST }", "${ HOST }", [" HOST "]],
  ["${}", "${}", [""]],
  ["it's ${it's}: x", "it's ${it's}: x", ["it"]],
  ["x: ${ it's }", "x: ${ it's }", [" it's "]],
  ["${HOST ${PORT}", "${HOST ${PORT}", ["HOST"]],
  ["${HOST:-x\n${PORT}", "${HOST:-x\n8443", ["HOST"]],
] as const)("makes of %j what a deployer makes of it", ([text, value, unresolved]) => {
  expect(substitute(withSpec({ a: text }), values)).toEqual({
    type: "substituted",
    object: withSpec({ a: value }),
    unresolved,
  });
});

it.for([
  ["*.${A}", "a\\tb", "*.a\\tb"],
  ["x: ${A}", "\\d+", "x: \\d+"],
  ["x: ${A}", 'q"u', 'x: q"u'],
  ["it's: ${A}", 'q"u', `it's: q"u`],
  ["x: ${A}", "it''s", "x: it's"],
  [" x ${A}", 'q"u', ' x q"u'],
  ["${A}\n\\ ${A}\n", 'q"u\\', 'q"u\\\n\\ q"u\\\n'],
  ["  ${A}\nx", "\\d", "  \\d\nx"],
  ["\n\n${A}\n\n", "\\d", "\n\n\\d\n\n"],
  ["a\t${A}", "\\n", "a\t\n"],
  ["${A}", "1\n", 1],
  ["x: ${A}", "a\nb\n", "x: ab"],
  ["${A}\n", "p\nq", "pq\n"],
] as const)("puts into %j the value %j as into what Kustomize writes", ([text, value, result]) => {
  expect(substitute(withSpec({ a: text }), { A: value })).toEqual({
    type: "substituted",
    object: withSpec({ a: result }),
    unresolved: [],
  });
});

it("puts nothing in where there is not a single value, and tells what stays", () => {
  const object = withSpec({ a: "${A:-x} $${B} ${C}" });
  expect(substitute(object, {})).toEqual({ type: "substituted", object, unresolved: ["A", "C"] });
});

it("reads any depth and any number of expressions that nothing closes", () => {
  for (const text of [
    "${a".repeat(100_000),
    "${A:-".repeat(100_000),
    `\${${"a".repeat(100_000)}`,
    "$".repeat(100_001),
  ]) {
    const done = substitute(withSpec({ a: text }), { A: "x" });
    expect(done.type === "substituted" && done.unresolved.join("").length).toBeLessThan(100);
  }
});

it("leaves objects alone that opt out", () => {
  for (const part of ["labels", "annotations"]) {
    const object = withSpec(
      { a: "${HOST}" },
      { name: "x", [part]: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } },
    );
    for (const some of [values, {}]) {
      expect(substitute(object, some)).toEqual({ type: "substituted", object, unresolved: [] });
    }
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
      "a\u0085b",
      "a\tb",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(odd, odd, (key, text) => {
      // Two dollars are one that is meant: an escape.
      fc.pre(!/\$[{$]/.test(key) && !/\$[{$]/.test(text) && key !== "__proto__");
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

it("finds expressions of every form, each by its name or as it is written", () => {
  const texts = ["${A:-${B}}", "${C:-{}}", "${#D}", "${ E }", "${F^^}", "${G", `\${1${"x".repeat(100)}}`];
  expect(variablesIn(texts)).toEqual(["A", "B", "C", "#D", " E ", "F", "G", `1${"x".repeat(59)}…`]);
});
