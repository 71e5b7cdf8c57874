import * as fc from "fast-check";
import { expect, it } from "vitest";
import { childPath, itemPath } from "../../../src/core/model/path.ts";
import { splitPath } from "../../../src/core/model/split-path.ts";

const field = (text: string) => ({ type: "field", text, fields: [] });
const item = (text: string, fields: readonly (readonly [string, string])[] = []) => ({
  type: "item",
  text,
  fields,
});
const quoted = (text: string) => ({ type: "quoted", text, fields: [] });

it.for([
  ["", []],
  ["spec.http", [field("spec"), field("http")]],
  ["spec.a-b_$.c", [field("spec"), field("a-b_$"), field("c")]],
  ["spec[2]", [field("spec"), item("2")]],
  ["spec[][0]", [field("spec"), item(""), item("0")]],
  ["hosts[*.acme.com]", [field("hosts"), item("*.acme.com")]],
  ['labels["istio.io/rev"].x', [field("labels"), quoted("istio.io/rev"), field("x")]],
  ['hosts["a]b[0].c"]', [field("hosts"), quoted("a]b[0].c")]],
  ['hosts["a=b,c=d"]', [field("hosts"), quoted("a=b,c=d")]],
  ['hosts["\\"\\\\\\n"]', [field("hosts"), quoted('"\\\n')]],
  ["http[name=a.b]", [field("http"), item('"name"="a.b"', [["name", "a.b"]])]],
  [
    'p[name="8 0",port=80]',
    [
      field("p"),
      item('"name"="8 0","port"="80"', [
        ["name", "8 0"],
        ["port", "80"],
      ]),
    ],
  ],
  ["ports[name=]", [field("ports"), item('"name"=""', [["name", ""]])]],
  ["a[b,c]", [field("a"), item('"b","c"')]],
  ["a[b=c=d]", [field("a"), item('"b"="c"="d"')]],
  ["a[b=c,d]", [field("a"), item('"b"="c","d"')]],
  ["spec..http", undefined],
  ["spec.", undefined],
  [".spec", undefined],
  ["spec[0]http", undefined],
  ["spec[never closed", undefined],
  ['spec["never closed]', undefined],
  ['spec["\\x"]', undefined],
  ["spec[a b]", undefined],
  ["spec[a=b,]", undefined],
  ["two words", undefined],
] as const)("reads %s", ([path, steps]) => {
  expect(splitPath(path)?.map(({ type, text, fields }) => ({ type, text, fields }))).toEqual(steps);
});

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(...'.[]"=,\\ #*a0'.split("")) }),
  fc.constantFrom("istio.io/rev", "__proto__", "constructor", "*", "a[0].b", '"', "#2", "a#2"),
);
/** As comparing names items: quoted where it would be taken for the syntax of the path. */
const word = text.map((value) => (/^[^\s[\]",=]+$/.test(value) ? value : JSON.stringify(value)));
const names = fc.constantFrom("name", "port", "subset", "x-y");
const label = fc.oneof(
  word,
  fc.nat(99).map(String),
  fc.tuple(names, word).map(([name, value]) => `${name}=${value}`),
  fc.tuple(names, word, names, word).map(([a, b, c, d]) => `${a}=${b},${c}=${d}`),
);
const part = fc.oneof(
  text.map((name) => ({ name })),
  label.map((item) => ({ item })),
);
const parts = fc.array(part, { maxLength: 8 });
type Part = typeof part extends fc.Arbitrary<infer T> ? T : never;

function print(all: readonly Part[]): string {
  return all.reduce((at, one) => ("name" in one ? childPath(at, one.name) : itemPath(at, one.item)), "spec");
}

it("reads every path that is printed, step by step, and prints the same again", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const path = print(all);
      const steps = splitPath(path) ?? [];
      expect(steps).toHaveLength(all.length + 1);
      expect(steps.map(({ written }) => written).join("")).toBe(path);
      for (const [index, one] of all.entries()) {
        const step = steps[index + 1];
        if ("name" in one) expect(step).toMatchObject({ text: one.name, fields: [] });
        else expect(step?.written).toBe(`[${one.item}]`);
      }
    }),
    { numRuns: 1000 },
  );
});

it("reads what names an item back to the very values", () => {
  fc.assert(
    fc.property(text, text, (name, port) => {
      const path = itemPath("spec.http", `name=${JSON.stringify(name)},port=${JSON.stringify(port)}`);
      expect(splitPath(path)?.[2]?.fields).toEqual([
        ["name", name],
        ["port", port],
      ]);
    }),
  );
});

it("reads two paths to the same steps only where they are the same", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const told = (all: readonly Part[]): string =>
        JSON.stringify(splitPath(print(all))?.map(({ written }) => written));
      expect(told(a) === told(b)).toBe(print(a) === print(b));
    }),
  );
});
