import fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { gitFileLimits } from "../../../src/core/manifest/limits.ts";
import { readPlainYaml } from "../../../src/core/manifest/plain-yaml.ts";
import { readYaml } from "../../../src/core/manifest/yaml-document.ts";
import { type Json, sameJson } from "../../../src/core/model/json.ts";
import { json } from "./arbitraries.ts";

const limits = gitFileLimits;

function readPlain(text: string): Json | undefined {
  const read = readPlainYaml(text, { limits });
  return read.type === "plain" ? read.value : undefined;
}

/** Whatever the plain reader reads, the full parser reads the same. */
function expectAgreement(text: string): boolean {
  const plain = readPlainYaml(text, { limits });
  if (plain.type === "odd") return false;
  const full = readYaml(text, limits);
  if (full.type === "refused") throw new Error(`only the plain reader reads ${JSON.stringify(text)}`);
  if (!sameJson(plain.value, full.value)) {
    throw new Error(
      `${JSON.stringify(text)} is ${JSON.stringify(plain.value)} or ${JSON.stringify(full.value)}`,
    );
  }
  return true;
}

const manifest = `# a comment
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  annotations:
    note: 'it''s a: "test"'   # why
    "quoted key": "a\\tb\\u00e9"
  name: reviews
spec:
  hosts:
  - reviews
  - "*.example.com"
  http:
  - match:
      - uri:
          prefix: /x # y

    # another
    timeout: 5s
    empty: {}
    none: []
    nothing:
    weights: [ ]
  code: |
    if (a) { # no comment
      b: [
    }

  kept: |+
    a

  stripped: |-
    b
  - x
`
  .replace("    weights: [ ]\n", "")
  .replace("  - x\n", "");

describe("readPlainYaml", () => {
  it("reads what people and kubectl write", () => {
    expect(readPlain(manifest)).toStrictEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { annotations: { note: `it's a: "test"`, "quoted key": "a\tbé" }, name: "reviews" },
      spec: {
        hosts: ["reviews", "*.example.com"],
        http: [{ match: [{ uri: { prefix: "/x" } }], timeout: "5s", empty: {}, none: [], nothing: null }],
        code: "if (a) { # no comment\n  b: [\n}\n",
        kept: "a\n\n",
        stripped: "b",
      },
    });
  });

  it.for([
    ["a flow list", "a: [b]\n"],
    ["an anchor", "a: &x b\n"],
    ["an alias", "a: *x\n"],
    ["a tag", "a: !!str b\n"],
    ["a merge key", "<<: {a: b}\n"],
    ["a folded block", "a: >\n  b\n"],
    ["a block with a hint", "a: |2\n    b\n"],
    ["a string over two lines with a colon", "a: b\n  c: d\n"],
    ["an escaped line break", 'a: "b\\\n  c"\n'],
    ["a quoted string without its end", 'a: "b\n  c\n'],
    ["a quoted string that is not indented", 'a: "b\nc"\n'],
    ["a comment inside a string over two lines", "a: b\n  # c\n  d\n"],
    ["a tab in front", "a:\n\tb: c\n"],
    ["a key that occurs twice", "a: b\na: c\n"],
    ["a key that needs quotes", "~: a\n"],
    ["an explicit key", "? a\n: b\n"],
    ["two colons on a line", "a: b: c\n"],
    ["a line that is indented wrongly", "a:\n    b: c\n  d: e\n"],
    ["a list item deeper than its list", "a:\n- b\n  - c\n"],
    ["text after a quoted string", "a: 'b' c\n"],
    ["a block that has no line break at its end", "a: |\n  b"],
    ["a number that is none", "a: .inf\n"],
    ["a scalar alone", "a\n"],
    ["an end of document", "a: b\n...\n"],
    ["an end of document with text behind it", "a: b\n...: c\n"],
    ["an end of document with a key behind it", "... key:\n"],
  ] as const)("leaves %s to the full parser", ([, text]) => {
    expect(readPlain(text)).toBeUndefined();
  });

  it("keeps and strips the ends of literal blocks, also of empty ones", () => {
    const text = "a: |\n\nb: |+\n\n\nc: |-\n\nd: |\n\n  x\n\n\ne: |+\n  y\n\n";
    expect(readPlain(text)).toStrictEqual({ a: "", b: "\n\n", c: "", d: "\nx\n", e: "y\n\n" });
    expect(expectAgreement(text)).toBe(true);
  });

  it.for([
    ["a: b\n  c\n", "b c"],
    ["a: b\n\n  c\n   d\n\n", "b\nc d"],
    ["a: 'b\n  ''c'' # d\n\n\n  e' # f\n", "b 'c' # d\n\ne"],
    ['a: "b\n  c\\td\n\n  e"\n', "b c\td\ne"],
    ['a: "\n  b\n  "\n', " b "],
    ["a: b\n  c # d\n", undefined],
  ] as const)("folds %j to %j, as kubectl prints long strings", ([text, value]) => {
    expect(readPlain(text)).toStrictEqual(value === undefined ? undefined : { a: value });
  });

  it("stops where a limit is passed", () => {
    const text = "a:\n b:\n  c: d\n";
    expect(readPlainYaml(text, { limits: { depth: 3, nodes: 6 } }).type).toBe("plain");
    expect(readPlainYaml(text, { limits: { depth: 2, nodes: 6 } })).toStrictEqual({ type: "odd", line: 3 });
    expect(readPlainYaml(text, { limits: { depth: 3, nodes: 5 } })).toStrictEqual({ type: "odd", line: 3 });
  });

  it("reads every value that is written in block style as the full parser reads it", () => {
    fc.assert(
      fc.property(
        json,
        fc.constantFrom("QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "PLAIN"),
        fc.boolean(),
        (value, style, indentSeq) => {
          expectAgreement(stringify(value, { lineWidth: 0, defaultStringType: style, indentSeq }));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads every text as the full parser does, or not at all", () => {
    const fragments = [
      ...[
        "'",
        '"',
        ": ",
        " #",
        " # c",
        "- ",
        "  ",
        " ",
        "\n",
        "\n\n",
        "\n  ",
        "|",
        "|-\n",
        ">",
        "{}",
        "[]",
        "[a]",
        "&a ",
      ],
      ...[
        "*a",
        "!",
        "? ",
        "#",
        "\\n",
        "\\",
        "~",
        "null",
        "yes",
        "0644",
        "<<: ",
        "...",
        "\t",
        "key:",
        "a: b",
        "- a\n",
      ],
      ...[
        "- - x\n",
        "::",
        "-",
        '"x": ',
        "'y': ",
        "# c\n",
        '"\\u00e9"',
        "é",
        ".inf",
        "9007199254740993",
        "|+\n",
        "   \n",
      ],
      ...[
        "%",
        "@",
        "=",
        ",",
        "a:b",
        "*.com",
        "-x",
        "?x",
        ":x",
        "k: |\n   a\n  b\n",
        "k: |\n\n\n    z\n   \n",
        "x\n    y\n",
      ],
    ];
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments), { maxLength: 12 }),
        fc.boolean(),
        (some, isWhole) => {
          if (expectAgreement(some.join("") + (isWhole ? "\n" : ""))) accepted++;
        },
      ),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("reads a manifest with any one edit as the full parser does, or not at all", () => {
    const edit = fc.constantFrom(
      "'",
      '"',
      ": ",
      " #",
      "- ",
      "  ",
      "\n",
      "\n  ",
      "|",
      "#",
      "\\",
      "\t",
      "a: b",
      ":",
      "",
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.nat(manifest.length), edit, fc.nat(5), (at, inserted, removed) => {
        if (expectAgreement(manifest.slice(0, at) + inserted + manifest.slice(at + removed))) accepted++;
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it("gives an item that is not plain to the full parser, and the others not", () => {
    const odd: string[] = [];
    const text = "items:\n- a: b\n- c: [d]\n  e: f\n\n# g\n- h: i\nkind: List\n";
    const read = readPlainYaml(text, {
      limits,
      readOddItem: (item) => {
        odd.push(item);
        return "odd";
      },
    });
    expect(read).toStrictEqual({
      type: "plain",
      value: { items: [{ a: "b" }, "odd", { h: "i" }], kind: "List" },
      line: 1,
      itemLines: [2, 3, 7],
    });
    expect(odd).toStrictEqual(["  c: [d]\n  e: f\n\n# g\n"]);
  });

  it("reads a file of many lines in time linear in its length", () => {
    for (const line of ["a\n", "- a\n", "# c\n", "\n", "  \n", "'a': |\n"]) {
      readPlainYaml(`x:\n${line.repeat(300_000)}`, { limits });
    }
  });
});
