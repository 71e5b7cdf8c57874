import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../src/core/manifest/parse-manifest.ts";
import type { Json } from "../../../src/core/model/json.ts";

function objectsOf(text: string): readonly Json[] {
  const { documents, problems } = parseManifest(text);
  expect(problems).toStrictEqual([]);
  return documents.map(({ object }) => object);
}

function linesOf(text: string): readonly number[] {
  return parseManifest(text).documents.map(({ line }) => line);
}

/** Code and line of each problem. */
function problemsOf(text: string): readonly string[] {
  return parseManifest(text).problems.map(({ code, line }) => `${code} ${String(line)}`);
}

const named = (name: string) => `kind: Test\nmetadata:\n  name: ${name}\n`;
const object = (name: string) => ({ kind: "Test", metadata: { name } });

describe("Lists", () => {
  const items = (texts: readonly string[]) =>
    texts.map((text) => `- ${text.trimEnd().replaceAll("\n", "\n  ")}\n`).join("");
  const list = (texts: readonly string[]) => `apiVersion: v1\nitems:\n${items(texts)}kind: List\n`;

  it("expands a List, also inside a List, with the line of each item", () => {
    const text = list([named("a"), list([named("b"), named("c")]), named("d")]);
    expect(objectsOf(text)).toStrictEqual(["a", "b", "c", "d"].map(object));
    expect(linesOf(text)).toStrictEqual([3, 6, 6, 15]);
  });

  it("gives the same lines for the items of a List in flow style and in JSON", () => {
    const flow = "kind: List\nitems: [\n  {a: 1}, {a: 2},\n  {a: 3}]\n";
    const asJson =
      '{\n"metadata": {"items": [0]},\n"items": [\n{"n": "items"},\n\n{"n": [[1]]},{"n": 3}],\n"kind": "List"}';
    expect(linesOf(flow)).toStrictEqual([3, 3, 4]);
    expect(linesOf(asJson)).toStrictEqual([4, 6, 6]);
  });

  it("gives the items of a typed list its kind where they have none", () => {
    const text = "apiVersion: x.io/v1\nkind: TestList\nitems:\n- metadata: {name: a}\n- kind: Other\n";
    expect(objectsOf(text)).toStrictEqual([
      { apiVersion: "x.io/v1", kind: "Test", metadata: { name: "a" } },
      { kind: "Other" },
    ]);
  });

  it("takes an object whose kind only sounds like a list for an object", () => {
    expect(objectsOf("kind: AllowList\nspec: {items: [a]}\n")).toHaveLength(1);
    expect(objectsOf("kind: Test\nitems: [a]\n")).toStrictEqual([{ kind: "Test", items: ["a"] }]);
  });

  it("reports an item that is no object, and reads the others", () => {
    const text = "items:\n- kind: Test\n- text\n-\n- kind: Test\nkind: List\n";
    expect(linesOf(text)).toStrictEqual([2, 5]);
    expect(problemsOf(text)).toStrictEqual(["MANIFEST_NOT_AN_OBJECT 3"]);
  });

  it("knows by the missing kind that a List was cut off, and leaves out its last item", () => {
    const whole = list([named("a"), named("b"), named("c")]);
    const cut = whole.slice(0, whole.indexOf("kind: List"));
    expect(parseManifest(cut).documents.map((document) => document.object)).toStrictEqual([
      object("a"),
      object("b"),
    ]);
    expect(problemsOf(cut)).toStrictEqual(["MANIFEST_CUT_OFF 1"]);
  });

  it("reads a List of many items at once, without a limit of the stack", () => {
    const many = list(Array.from({ length: 150_000 }, (_, i) => `i: ${String(i)}`));
    expect(parseManifest(many).documents).toHaveLength(150_000);
  });

  it("reads the odd items of a List with the full parser and the plain ones without it", () => {
    const odd = "kind: Test\nmetadata: {name: b}\nnote: [two,\n  lines]\n";
    const text = list([named("a"), odd, named("c")]);
    expect(objectsOf(text)).toStrictEqual([
      object("a"),
      { ...object("b"), note: ["two", "lines"] },
      object("c"),
    ]);
  });

  it("resolves anchors across the items of a List", () => {
    const text = list(["a: &x {b: c}", "d: *x"]);
    expect(objectsOf(text)).toStrictEqual([{ a: { b: "c" } }, { d: { b: "c" } }]);
  });
});

describe("the end of the text", () => {
  it.for([
    ["YAML with a line break", "a: b\n", false],
    ["YAML without", "a: b", true],
    ["YAML that ends after a space", "a: b\n  ", false],
    ["JSON", '{"a": 1}', false],
    ["nothing", "", false],
    ["a separator without", "a: b\n---", true],
    ["a second document without", "a: b\n---\nc: d", true],
  ] as const)("tells whether the last line is open: %s", ([, text, isOpen]) => {
    expect(parseManifest(text).isLastLineOpen).toBe(isOpen);
  });

  it.for([
    ["an object that ends in its spec", "kind: A\nspec: {}\n", "part-of-object"],
    ["an object that ends in its status", "kind: A\nspec: {}\nstatus: {}\n", "nothing"],
    ["metadata without uid", "kind: A\nmetadata:\n  name: a\n", "part-of-object"],
    ["metadata that ends in uid", "kind: A\nmetadata:\n  name: a\n  uid: b\n", "nothing"],
    ["a List before its kind", "items:\n- kind: A\nkind: List\n", "nothing"],
    ["a List behind its kind", "kind: List\nitems:\n- kind: A\n", "part-of-object"],
    ["an empty List behind its kind", "kind: List\nitems: []\n", "nothing"],
    ["a List that lost its items", "kind: List\nitems:\n", "items"],
    ["a separator", "kind: A\n---\n", "nothing"],
    ["an end of a document", "kind: A\n...\n", "nothing"],
    ["the text of an end in a value", "kind: A\na: |\n  ...\n", "part-of-object"],
    ["JSON", '{"kind": "A"}', "nothing"],
    ["what is broken, which is told already", "kind: A\n---\na: [\n", "nothing"],
  ] as const)("tells what may have been cut off behind %s", ([, text, mayLack]) => {
    expect(parseManifest(text).mayLack).toBe(mayLack);
  });

  it.for([
    ["nothing", "", true],
    ["comments and separators", "# a\n---\n---\n", true],
    ["null", "null", true],
    ["an empty List", "kind: List\nitems: []\n", false],
    ["an empty object", "{}", false],
    ["what is broken", "a: [\n", false],
  ] as const)("tells whether there is no value in it: %s", ([, text, isBlank]) => {
    expect(parseManifest(text).isBlank).toBe(isBlank);
  });
});
