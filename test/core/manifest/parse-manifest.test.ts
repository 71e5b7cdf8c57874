import fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { gitFileLimits } from "../../../src/core/manifest/limits.ts";
import { parseManifest } from "../../../src/core/manifest/parse-manifest.ts";
import { isObject, type Json, objectOf, sameJson } from "../../../src/core/model/json.ts";
import { json, toJson } from "./arbitraries.ts";
import { oddFragments } from "./odd-fragments.ts";

/** The objects of a text without problems. */
function objectsOf(text: string): readonly Json[] {
  const { documents, problems } = parseManifest(text);
  expect(problems).toStrictEqual([]);
  return documents.map(({ object }) => object);
}

/** The value of `v`, written as `yaml` says. */
function valueOf(yaml: string): Json | undefined {
  const [object] = objectsOf(`kind: Test\nv: ${yaml}\n`);
  return isObject(object) ? object["v"] : undefined;
}

/** Code and line of each problem. */
function problemsOf(text: string): readonly string[] {
  return parseManifest(text).problems.map(({ code, line }) => `${code} ${String(line)}`);
}

function linesOf(text: string): readonly number[] {
  return parseManifest(text).documents.map(({ line }) => line);
}

const named = (name: string) => `kind: Test\nmetadata:\n  name: ${name}\n`;
const object = (name: string) => ({ kind: "Test", metadata: { name } });

describe("parseManifest", () => {
  it("gives every value back that was written as YAML", () => {
    const styles = fc.constantFrom("QUOTE_DOUBLE", "QUOTE_SINGLE");
    fc.assert(
      fc.property(json, styles, fc.boolean(), (value, style, isFlow) => {
        const holder = objectOf([["v", value]]);
        const written = stringify(value, {
          defaultStringType: style,
          defaultKeyType: "QUOTE_DOUBLE",
          lineWidth: 40,
          collectionStyle: isFlow ? "flow" : "block",
          aliasDuplicateObjects: false,
        });
        const text = `v:\n  ${written.replaceAll("\n", "\n  ")}\n`;
        // A character that must be escaped cannot stand in single quotes.
        const { documents, problems } = parseManifest(text);
        if (problems.some(({ code }) => code === "MANIFEST_CHARACTER")) return;
        expect(problems).toStrictEqual([]);
        expect(sameJson(documents[0]?.object, holder)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("gives every value back that was written as JSON", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (value, indent) => {
        const holder = objectOf([["v", value]]);
        expect(sameJson(objectsOf(toJson(holder, indent))[0], holder)).toBe(true);
      }),
    );
  });

  it("answers for any text, without an error and without end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...oddFragments), { maxLength: 30 }),
        fc.nat(30),
        (some, times) => {
          parseManifest(some.join("").repeat(times));
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseManifest(text)));
  });

  it("survives what ends the process of a parser", () => {
    for (const open of ["[", "{a: ", "- ", "a: a:\n", '{"a":']) {
      expect(problemsOf(open.repeat(20_000))).toStrictEqual([expect.stringContaining("MANIFEST_TOO_DEEP")]);
    }
  });
});

describe("documents", () => {
  it("reads a stream, and skips what is empty", () => {
    const text = `# head\n---\n${named("a")}---\n\n---\n# nothing\n--- # why\n${named("b")}---\nnull\n`;
    expect(objectsOf(text)).toStrictEqual([object("a"), object("b")]);
    expect(linesOf(text)).toStrictEqual([3, 11]);
  });

  it.for([
    ["nothing", ""],
    ["a comment", "# nothing\n"],
    ["separators", "---\n---\n"],
    ["an empty List", "apiVersion: v1\nitems: []\nkind: List\n"],
    ["a List without items", "apiVersion: v1\nkind: List\n"],
  ] as const)("finds no objects in %s", ([, text]) => {
    expect(objectsOf(text)).toStrictEqual([]);
  });

  it.for([
    ["CRLF", named("a").replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${named("a")}`],
    ["a comment at the end", `${named("a")}# end`],
    ["an end marker", `${named("a")}...\n`],
    ["JSON", '{"kind":"Test","metadata":{"name":"a"}}'],
    ["flow style", "{kind: Test, metadata: {name: a}}\n"],
  ] as const)("reads a text with %s", ([, text]) => {
    expect(objectsOf(text)).toStrictEqual([object("a")]);
  });

  it("reads JSON objects one after another and among YAML, each with its line", () => {
    const text = '{"a": 1}\n\n{"a":\n 2}{"a": 3}\n---\na: 4\n---\n{"a": 5}\n';
    expect(objectsOf(text)).toStrictEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }]);
    expect(linesOf(text)).toStrictEqual([1, 3, 4, 6, 8]);
  });

  it("reads the other documents where one is broken", () => {
    const text = `${named("a")}---\nspec: "no end\n---\n${named("b")}---\na: 1\na: 2\n---\n${named("c")}`;
    const { documents } = parseManifest(text);
    expect(documents.map((document) => document.object)).toStrictEqual([
      object("a"),
      object("b"),
      object("c"),
    ]);
    expect(problemsOf(text)).toStrictEqual(["MANIFEST_SYNTAX 5", "MANIFEST_DUPLICATE_KEY 12"]);
  });

  it.for([
    ["a scalar", "just text\n", "MANIFEST_NOT_AN_OBJECT 1"],
    ["a list", "- a: b\n", "MANIFEST_NOT_AN_OBJECT 1"],
    ["a separator with text behind it", `${named("a")}--- kind: Test\n`, "MANIFEST_SYNTAX 4"],
    ["a separator with dashes too many", `${named("a")}-----\n`, "MANIFEST_SYNTAX 4"],
    ["text behind the end of a document", `${named("a")}...\n${named("b")}`, "MANIFEST_SYNTAX 5"],
    ["a directive", `%YAML 1.1\n---\n${named("a")}`, "MANIFEST_SYNTAX 1"],
    ["a key that occurs twice", "a: 1\nb: 2\na: 3\n", "MANIFEST_DUPLICATE_KEY 3"],
    ["keys that are one key in JSON", 'on: 1\n"true": 2\n', "MANIFEST_DUPLICATE_KEY 2"],
    ["a key that occurs twice in braces", "a: {b: 1, c: 2,\n  b: 3}\n", "MANIFEST_DUPLICATE_KEY 2"],
    ["a tag of its own", "a: b\nc: !secret d\n", "MANIFEST_TAG 2"],
    ["a tag for code", "a: !!js/function 'x'\n", "MANIFEST_TAG 1"],
    ["a tag that does not fit", "a: !!int x\n", "MANIFEST_TAG 1"],
    ["a tagged key", "!!int 1: x\n", "MANIFEST_TAG 1"],
    ["a list as a key", "? [a]\n: b\n", "MANIFEST_KEY 1"],
    ["a null key", "~: a\n", "MANIFEST_KEY 1"],
    ["a float as a key", "1.50: a\n", "MANIFEST_KEY 1"],
    ["an unknown alias", "a: *b\n", "MANIFEST_ALIASES 1"],
    ["an alias inside its anchor", "a: &a [*a]\n", "MANIFEST_ALIASES 1"],
    ["infinity", "a: .inf\n", "MANIFEST_NUMBER 1"],
    ["a tab as indentation", "a:\n\tb: c\n", "MANIFEST_SYNTAX 2"],
    ["a text that ends in an escaped quote", "a: 'x''\nb: 'y'\n", "MANIFEST_SYNTAX 1"],
    ["a text that ends in an escaped double quote", 'a: "x\\"\nb: "y"\n', "MANIFEST_SYNTAX 1"],
    ["braces without end", "a: {b: c\nd: e\n", "MANIFEST_SYNTAX 2"],
    ["a colon without a value in braces", "a: {b:, c: d}\n", "MANIFEST_SYNTAX 1"],
    ["a question mark at the start in braces", "a: {?b: c}\n", "MANIFEST_KEY 1"],
    ["merging text", "a: {<<: b}\n", "MANIFEST_SYNTAX 1"],
    ["a control character", "a: b\nc: 'd\u0007'\n", "MANIFEST_CHARACTER 2"],
    ["a carriage return alone", "a: b # \rc: d\n", "MANIFEST_CHARACTER 1"],
    ["a line separator", "a: b # \u2028c: d\n", "MANIFEST_CHARACTER 1"],
    ["NUL characters, as UTF-16 has them", "a\0:\0 \0b\0\n\0", "MANIFEST_CHARACTER 1"],
    ["an empty mapping key in JSON twice", '{"": 1, "": 2}', "MANIFEST_DUPLICATE_KEY 1"],
    ["JSON that ends early", '{"kind": "Test",\n "metadata": {', "MANIFEST_CUT_OFF 2"],
    ["a second JSON object that ends early", '{"a": 1}\n{"b":', "MANIFEST_CUT_OFF 2"],
    ["JSON with a comma too many", '{"a": 1,}', "MANIFEST_SYNTAX 1"],
  ] as const)("refuses %s and says where", ([, text, problem]) => {
    expect(problemsOf(text)).toStrictEqual([problem]);
  });

  it("refuses more documents than allowed", () => {
    const limits = { ...gitFileLimits, documents: 2 };
    expect(parseManifest("a: b\n---\nc: d\n", limits).documents).toHaveLength(2);
    expect(parseManifest("a: b\n---\nc: d\n---\ne: f\n", limits)).toMatchObject({
      documents: [],
      problems: [{ code: "MANIFEST_TOO_MANY_DOCUMENTS" }],
    });
  });

  it("refuses an odd document that is too large for the full parser, but reads a plain one of the size", () => {
    const limits = { ...gitFileLimits, tokens: 1000 };
    const comments = "# filler\n".repeat(600);
    expect(parseManifest(`a: b\n${comments}`, limits).documents).toHaveLength(1);
    expect(parseManifest(`a: b\n${comments}c: [d]\n`, limits).problems).toMatchObject([
      { code: "MANIFEST_TOO_MANY_NODES", line: 602 },
    ]);
  });

  it("never quotes the text in a problem, which may hold a secret", () => {
    for (const text of [
      "a: hunter2: b\n",
      "a: 'hunter2\n",
      "hunter2\n",
      "a: !hunter2 b\n",
      "hunter2: [\n",
      "*hunter2\n",
    ]) {
      const { problems } = parseManifest(text);
      expect(problems).not.toHaveLength(0);
      expect(JSON.stringify(problems)).not.toContain("hunter2");
    }
  });
});

describe("plain scalars, keys and merges as kubectl reads them", () => {
  it.for([
    ["on", true],
    ["'on'", "on"],
    ["0644", 420],
    ["2001-01-01", "2001-01-01"],
    ["9007199254740993", 9007199254740993n],
    ["[yes, 'yes', 1_000, {n: y}]", [true, "yes", 1000, { false: true }]],
    ["!!str 123", "123"],
    ["! 12", "12"],
    ["!!int '3'", 3],
    ["!!float 3", 3],
    ["!!bool 'yes'", true],
    ["!!map {a: b}", { a: "b" }],
    ["'it''s'", "it's"],
    ['"a\\\n  b"', "ab"],
    ['"\\x41\\u00e9"', "Aé"],
    ["|2\n    a\n", "  a\n"],
    [">\n  a\n  b\n\n  c\n", "a b\nc\n"],
    ["a\n  b", "a b"],
  ] as const)("reads %s", ([yaml, value]) => {
    expect(valueOf(yaml)).toStrictEqual(value);
  });

  it.for([
    ["a key after the merge", "{<<: *b, x: 9}", { x: 9, y2: 2 }],
    ["a merge after the key", "{x: 9, <<: *b}", { x: 1, y2: 2 }],
    ["a list, of which the first wins", "{<<: [*b, {x: 3, z: 4}]}", { x: 1, y2: 2, z: 4 }],
    ["two merges", "{<<: *b, <<: {x: 5}}", { x: 5, y2: 2 }],
    ["a quoted key that is no merge", '{"<<": {x: 1}}', { "<<": { x: 1 } }],
  ] as const)("merges %s", ([, yaml, merged]) => {
    expect(objectsOf(`b: &b {x: 1, y2: 2}\nc: ${yaml}\n`)).toStrictEqual([{ b: { x: 1, y2: 2 }, c: merged }]);
  });

  it("keeps __proto__ as a key in every style and leaves every prototype alone", () => {
    const texts = [
      "__proto__:\n  polluted: true\n",
      "{__proto__: {polluted: true}}\n",
      '{"__proto__": {"polluted": true}}',
      "<<: {__proto__: {polluted: true}}\n",
    ];
    for (const text of texts) {
      const [value] = objectsOf(text);
      expect(Object.keys(value as object)).toStrictEqual(["__proto__"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
    expect("polluted" in {}).toBe(false);
  });
});
