import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLimitViolation, gitFileLimits, type ManifestLimits } from "../../../src/core/manifest/limits.ts";
import { oddFragments } from "./odd-fragments.ts";

/** Nine levels of nine aliases each: 489 bytes that stand for 387 million values. */
const aliasBomb = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((name, i) => {
    const before = "abcdefgh".charAt(i);
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`;
  }),
].join("\n");

function codeOf(text: string, limits?: ManifestLimits): string | undefined {
  return findLimitViolation(text, limits)?.code;
}

function indented(levels: number): string {
  return Array.from({ length: levels }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
}

describe("findLimitViolation", () => {
  it.for([
    ["20,000 opened lists, which end the process of a parser", "[".repeat(20_000)],
    ["20,000 opened mappings", "{a: ".repeat(20_000)],
    ["20,000 mappings with quoted keys", '{"a":'.repeat(20_000)],
    ["20,000 lists, one a line", "[\n".repeat(20_000)],
    ["20,000 compact lists", `${"- ".repeat(20_000)}a`],
    ["20,000 explicit keys", `${"? ".repeat(20_000)}a`],
    ["20,000 keys on one line", `${"a: ".repeat(20_000)}b`],
    ["20,000 lines of two keys each, which is no YAML but nests", "a: a:\n".repeat(20_000)],
    ["2,000 levels of indentation", indented(2000)],
    ["lists in lists below a harmless block", `a: |\n  text\nb: ${"[".repeat(20_000)}`],
    ["lists behind a string with a quote in it", `a: b\n  "\nc: ${"[".repeat(20_000)}`],
    ["lists behind an apostrophe", `a: it's\nb: ${"[".repeat(20_000)}`],
    ["lists behind a comment with a quote", `a: b # "\nc: ${"[".repeat(20_000)}`],
    ["lists in the second document", `a: b\n---\n${"[".repeat(20_000)}`],
    ["lists as a key", `? ${"[".repeat(20_000)}`],
    ["lists behind a block scalar with a hint", `a: |2\n    x\nb: ${"[".repeat(20_000)}`],
    ["lists after a byte order mark", `\uFEFF${"[".repeat(20_000)}`],
    ["lists after CRLF", `a: b\r\nc: ${"[".repeat(20_000)}`],
  ] as const)("refuses %s", ([, text]) => {
    expect(codeOf(text)).toBe("MANIFEST_TOO_DEEP");
  });

  it("refuses an alias bomb, and names what it is", () => {
    expect(aliasBomb.length).toBeLessThan(500);
    expect(findLimitViolation(aliasBomb)).toStrictEqual({
      code: "MANIFEST_ALIASES",
      reason: "its aliases expand to more than 1000000 values",
    });
  });

  it("refuses an alias bomb made of merge keys and block style", () => {
    const levels = "abcdefghijklmnop".split("").map((name, i, all) => {
      const before = all[i - 1];
      if (before === undefined) return `${name}: &${name}\n  x: y`;
      return `${name}: &${name}\n${[0, 1, 2, 3].map((n) => `  k${String(n)}: *${before}`).join("\n")}`;
    });
    expect(codeOf(levels.join("\n"))).toBe("MANIFEST_ALIASES");
  });

  it.for([
    ["brackets in a block scalar", `code: |\n  ${"[".repeat(500)}\n  ${"{".repeat(500)}\n`],
    ["brackets in a folded block scalar", `code: >-\n  ${"[".repeat(500)}\n`],
    ["brackets in double quotes", `code: "${"[".repeat(500)}"\n`],
    [
      "brackets in single quotes, over several lines",
      `code: '${"[".repeat(500)}\n  ''[''${"{".repeat(500)}'\n`,
    ],
    ["brackets in a plain string", `code: a${"[".repeat(500)}\n`],
    ["brackets in a comment", `a: b # ${"[".repeat(500)}\n# ${"{".repeat(500)}\n`],
    ["JSON inside a string", `a: '${JSON.stringify({ a: { b: ["{[["] } }).repeat(100)}'\n`],
    [
      "a deep block scalar",
      `a: |\n${Array.from({ length: 300 }, (_, i) => `  ${" ".repeat(i)}x:`).join("\n")}\n`,
    ],
    ["dashes in text", `a: "${"- ".repeat(500)}"\nb: ${"-".repeat(500)}\n`],
    ["many stars", `hosts:\n${'- "*"\n'.repeat(500)}`],
    ["a few anchors", `a: &a {x: y}\nb: [${Array(50).fill("*a").join(", ")}]\n`],
    ["broken YAML", "a: [b\nc: d\n"],
    ["nothing", ""],
  ] as const)("lets %s pass", ([, text]) => {
    expect(findLimitViolation(text)).toBeUndefined();
  });

  it.for([
    ["depth", 8, (n: number) => `${"[".repeat(n)}${"]".repeat(n)}`, "MANIFEST_TOO_DEEP"],
    ["depth", 8, (n: number) => `a: ${"[".repeat(n - 1)}${"]".repeat(n - 1)}`, "MANIFEST_TOO_DEEP"],
    ["depth", 8, (n: number) => `${indented(n)} b\n`, "MANIFEST_TOO_DEEP"],
    ["depth", 8, (n: number) => `${"- ".repeat(n)}a # &x\n`, "MANIFEST_TOO_DEEP"],
    ["depth", 8, (n: number) => `${"- ".repeat(n)}'a\n${" ".repeat(2 * n)}b'\n`, "MANIFEST_TOO_DEEP"],
    ["depth", 8, (n: number) => `${indented(n)} 'b\n${" ".repeat(n + 1)}c'\n`, "MANIFEST_TOO_DEEP"],
    [
      "nodes",
      20,
      (n: number) =>
        `[${Array(n / 2)
          .fill("v")
          .join(",")}]`,
      "MANIFEST_TOO_MANY_NODES",
    ],
    ["aliases", 4, (n: number) => `a: &a x\nb: [${Array(n).fill("*a").join(", ")}]`, "MANIFEST_ALIASES"],
    ["documents", 6, (n: number) => Array(n).fill("a: b\n").join("---\n"), "MANIFEST_TOO_MANY_DOCUMENTS"],
    ["bytes", 64, (n: number) => "x".repeat(n), "MANIFEST_TOO_LARGE"],
    [
      "bytes",
      64,
      (n: number) => `${"😀".repeat(10)}${"ß".repeat(10)}${"x".repeat(n - 60)}`,
      "MANIFEST_TOO_LARGE",
    ],
  ] as const)("allows as much %s as the limit says and not more (%#)", ([limit, most, write, code]) => {
    const limits = { ...gitFileLimits, [limit]: most };
    expect(codeOf(write(most), limits)).toBeUndefined();
    expect(codeOf(write(most + 2), limits)).toBe(code);
  });

  it("says at which line a limit is passed", () => {
    expect(findLimitViolation(`a: b\n---\nc: d\ne: ${"[".repeat(200)}`)?.line).toBe(4);
  });

  it("answers for any text, without an error and without end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...oddFragments), { maxLength: 30 }),
        fc.nat(40),
        (some, times) => {
          findLimitViolation(some.join("").repeat(times));
        },
      ),
      { numRuns: 500 },
    );
  });
});
