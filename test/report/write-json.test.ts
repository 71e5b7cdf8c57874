import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type Shape, writeJson } from "../../src/report/write-json.ts";

const asIs: Shape = { type: "as-is" };

it("writes every JSON value so that it is read back the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(writeJson(value, asIs))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("looks like JSON.stringify with two spaces", () => {
  const printable = fc.stringMatching(/^[ -~äñ漢😀]*$/u);
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "grapheme-ascii" }), printable, (value, text) => {
      expect(writeJson([value, text], asIs)).toBe(JSON.stringify([value, text], null, 2));
    }),
  );
});

it("escapes what a terminal obeys or nobody sees, in keys and values", () => {
  const text = "\u001b[31m \u009b \u202e \u200b \u2028 \u{e0041} \u007f";
  const written = writeJson({ [text]: text }, asIs);
  expect(written).toMatch(/^[\n -~]*$/);
  expect(JSON.parse(written)).toEqual({ [text]: text });
});

it("writes a bigint with all its digits", () => {
  expect(writeJson({ a: 9007199254740993n, b: [-18446744073709551615n] }, asIs)).toBe(
    '{\n  "a": 9007199254740993,\n  "b": [\n    -18446744073709551615\n  ]\n}',
  );
});

it("writes the numbers that JSON lacks as YAML spells them", () => {
  expect(writeJson([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], asIs)).toBe(
    '[\n  ".nan",\n  ".inf",\n  "-.inf"\n]',
  );
});

it("orders the fields of known objects, leaves out what has no value, and sorts maps", () => {
  const shape: Shape = {
    type: "object",
    fields: { b: asIs, a: asIs, map: { type: "map", values: asIs }, foreign: asIs },
  };
  const value = { a: 1, b: undefined, foreign: { z: 1, a: 2 }, map: { z: 1, a: 2 }, unknown: 1 };
  expect(writeJson(value, shape).replace(/\s+/g, "")).toBe(
    '{"a":1,"map":{"a":2,"z":1},"foreign":{"z":1,"a":2}}',
  );
});

it("takes keys for data, whatever they are called", () => {
  const value: unknown = JSON.parse('{"__proto__": {"constructor": 1}, "toString": 2}');
  expect(writeJson(value, asIs)).toBe(JSON.stringify(value, null, 2));
  expect(writeJson(value, { type: "object", fields: { toString: asIs } })).toBe('{\n  "toString": 2\n}');
});
