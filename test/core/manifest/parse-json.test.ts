import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gitFileLimits } from "../../../src/core/manifest/limits.ts";
import { parseJson } from "../../../src/core/manifest/parse-json.ts";
import { field, type Json, sameJson } from "../../../src/core/model/json.ts";
import { json, toJson } from "./arbitraries.ts";

function problemOf(text: string, limits = gitFileLimits) {
  const result = parseJson(text, limits);
  if (result.type === "parsed") throw new Error(`${text} was read`);
  return result.problem;
}

function valueOf(text: string) {
  const result = parseJson(text);
  if (result.type === "refused") throw new Error(result.problem.reason);
  return result.value;
}

describe("parseJson", () => {
  it("reads what JSON.parse reads where no integer is large", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/(?<![\d.])\d{16,}(?![\d.e])/.test(text));
        expect(sameJson(valueOf(text), JSON.parse(text) as Json)).toBe(true);
      }),
    );
  });

  it("gives every value back that was written, large integers too", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (value, indent) => {
        expect(sameJson(valueOf(toJson(value, indent)), value)).toBe(true);
      }),
    );
  });

  it("refuses what JSON.parse refuses, and never throws", () => {
    const fragment = fc.constantFrom(
      ...'[]{}:,"\\ \n-+.eE01tfn'.split(""),
      "true",
      "null",
      '"a"',
      "1.5",
      "\\u0041",
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = fragments.join("");
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const result = parseJson(text);
        const isTyped = result.type === "refused" && /DUPLICATE|NUMBER/.test(result.problem.code);
        // A key that stands twice, or such a number, may be met before what is no JSON at all.
        expect(result.type === "parsed" ? isJson : !isJson || isTyped).toBe(true);
      }),
      { numRuns: 2000, examples: [[['{"a":1,', '"a"', ":"]], [["[1e999", ","]]] },
    );
  });

  it.for([
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    ["9007199254740991", 9007199254740991],
    ["123456789012345678901234567890", 123456789012345678901234567890n],
    ["0.30000000000000004", 0.30000000000000004],
    ["1e3", 1000],
    ["100000000000000000.5", 100_000_000_000_000_000],
    ['"9007199254740993"', "9007199254740993"],
  ] as const)("reads %s as %s", ([text, value]) => {
    expect(valueOf(text)).toBe(value);
  });

  it("tells two integers apart that a double takes for one", () => {
    expect(valueOf("9007199254740993")).not.toBe(valueOf("9007199254740992"));
  });

  it("keeps __proto__ as a key and leaves every prototype alone", () => {
    const value = valueOf('{"__proto__": {"polluted": true}, "n": 9007199254740993}');
    expect(Object.keys(value as object)).toStrictEqual(["__proto__", "n"]);
    expect(field(field(value, "__proto__"), "polluted")).toBe(true);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it.for([
    ["a key that occurs twice", '{\n"a": 1,\n"a": 2}', "MANIFEST_DUPLICATE_KEY", 3],
    ["a key that occurs twice, once escaped", '{"a": 1, "\\u0061": 2}', "MANIFEST_DUPLICATE_KEY", 1],
    ["a number beyond a double", '{"a": 1e999}', "MANIFEST_NUMBER", 1],
    ["an integer of 2,000 digits", "9".repeat(2000), "MANIFEST_NUMBER", 1],
    ["an unknown word", '{"a":\n tru}', "MANIFEST_SYNTAX", 2],
    ["text after the value", '{"a": 1} x', "MANIFEST_SYNTAX", 1],
    ["a line break in a string", '"a\nb"', "MANIFEST_SYNTAX", 1],
    ["a comma at the end", "[1,]", "MANIFEST_SYNTAX", 1],
    ["nothing", "", "MANIFEST_CUT_OFF", 1],
    ["an object that ends after a colon", '{"a":', "MANIFEST_CUT_OFF", 1],
    ["a string without its end", '{"a": "b\\"', "MANIFEST_CUT_OFF", 1],
    ["a word without its end", '{"a": tr', "MANIFEST_CUT_OFF", 1],
    ["a list without its end", "[1,\n2", "MANIFEST_CUT_OFF", 2],
  ] as const)("refuses %s", ([, text, code, line]) => {
    expect(problemOf(text)).toMatchObject({ code, line });
  });

  it("takes every cut of a text for a text that was cut off", () => {
    const text = '{"a": [1.5, true, "x\\n\\"y"], "b": {"c": null}}';
    for (let end = 0; end < text.length; end++) {
      expect(problemOf(text.slice(0, end)).code).toBe("MANIFEST_CUT_OFF");
    }
  });

  it("never quotes the text, which may hold a secret", () => {
    const problem = problemOf('{"password": hunter2hunter2}');
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("refuses 200,000 levels at once, open or closed", () => {
    expect(problemOf("[".repeat(200_000)).code).toBe("MANIFEST_TOO_DEEP");
    expect(problemOf("[".repeat(200_000) + "]".repeat(200_000)).code).toBe("MANIFEST_TOO_DEEP");
    expect(problemOf('{"a":'.repeat(200_000)).code).toBe("MANIFEST_TOO_DEEP");
  });

  it.for([
    ["depth", 5, (n: number) => "[".repeat(n) + "]".repeat(n), "MANIFEST_TOO_DEEP"],
    [
      "nodes",
      50,
      (n: number) =>
        `[${Array(n - 1)
          .fill("1")
          .join(",")}]`,
      "MANIFEST_TOO_MANY_NODES",
    ],
    ["bytes", 100, (n: number) => `"${"x".repeat(n - 2)}"`, "MANIFEST_TOO_LARGE"],
    ["bytes", 100, (n: number) => `"${"é".repeat(48)}${"x".repeat(n - 98)}"`, "MANIFEST_TOO_LARGE"],
  ] as const)("allows as much %s as the limit says and not one more", ([limit, most, write, code]) => {
    const limits = { ...gitFileLimits, [limit]: most };
    expect(parseJson(write(most), limits).type).toBe("parsed");
    expect(problemOf(write(most + 1), limits).code).toBe(code);
  });

  it("does not take brackets in strings for depth", () => {
    expect(valueOf(JSON.stringify({ lua: "[".repeat(500) }))).toStrictEqual({ lua: "[".repeat(500) });
  });

  it("takes time in proportion to the text, also for strings of megabytes with escapes and quotes", () => {
    const text = JSON.stringify({ a: '\\"'.repeat(500_000), c: " ".repeat(1_000_000) });
    expect(parseJson(`${text.slice(0, -1)}, "d": 12345678901234567890}`).type).toBe("parsed");
  });
});
