import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatValue, printable } from "../../../src/core/text/escape.ts";
import { json } from "../manifest/arbitraries.ts";

/** What must never reach a terminal or a log as it is. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("printable", () => {
  it.for([
    ["a colour", "\u001b[31mred", "\\u{1b}[31mred"],
    ["the title of the window", "\u001b]0;x\u0007", "\\u{1b}]0;x\\u{7}"],
    ["a control sequence in one byte", "\u009b2J", "\\u{9b}2J"],
    ["a line break that forges a line", "a\nok: b\r", "a\\u{a}ok: b\\u{d}"],
    ["text that runs backwards", "a\u202egnp.exe", "a\\u{202e}gnp.exe"],
    ["an isolate", "\u2066a\u2069", "\\u{2066}a\\u{2069}"],
    ["a character without width", "pay\u200bments", "pay\\u{200b}ments"],
    ["a byte order mark", "\ufeffa", "\\u{feff}a"],
    ["a soft hyphen", "a\u00adb", "a\\u{ad}b"],
    ["half of a character", "a\ud83d", "a\\u{d83d}"],
    ["a tag character", "a\u{e0041}", "a\\u{e0041}"],
    ["a variation selector", "a\ufe0f", "a\\u{fe0f}"],
    ["a space that is none", "a\u00a0b\u3000", "a\\u{a0}b\\u{3000}"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["delete", "a\u007f", "a\\u{7f}"],
    ["a filler", "a\u3164", "a\\u{3164}"],
  ] as const)("shows %s", ([, text, shown]) => {
    expect(printable(text)).toBe(shown);
  });

  it.for(["reviews.shop.svc.cluster.local", "Grüße, 世界 😀", "a  b", "\\u{1b}", "‹hidden 3f9a2c1b0d4e›"])(
    "leaves %s alone",
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  it("gives text that holds nothing hidden, and leaves such text as it is", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
            fc.constantFrom("a", "\u001b", "\u202e"),
          ),
        }),
        (text) => {
          const shown = printable(text);
          expect(shown).not.toMatch(hidden);
          expect(printable(shown)).toBe(shown);
        },
      ),
    );
  });
});

describe("formatValue", () => {
  it.for([
    [undefined, "–"],
    [null, "null"],
    [true, "true"],
    [80, "80"],
    ["80", '"80"'],
    ["5s", "5s"],
    ["reviews.shop", "reviews.shop"],
    ["a b", "a b"],
    ["", '""'],
    ["true", '"true"'],
    ["null", '"null"'],
    ["–", '"–"'],
    ["1.5", '"1.5"'],
    [" a", '" a"'],
    ['"a"', '"\\"a\\""'],
    ["[a]", '"[a]"'],
    ["a\nb", '"a\\nb"'],
    ["a\u202eb", '"a\\u{202e}b"'],
    ["‹hidden 3f9a2c1b0d4e›", "‹hidden 3f9a2c1b0d4e›"],
    [[], "[]"],
    [{ a: [1, "x", null], b: { c: 2 } }, '{"a":[1,"x",null],"b":{"c":2}}'],
  ] as const)("writes %j as %s", ([value, shown]) => {
    expect(formatValue(value, 100)).toBe(shown);
  });

  it("writes an integer of any size as it is", () => {
    expect(formatValue({ a: 9007199254740993n }, 100)).toBe('{"a":9007199254740993}');
  });

  it("cuts what is too long in the middle, and says how much", () => {
    expect(formatValue("a".repeat(50) + "z".repeat(50), 30)).toBe(
      `${"a".repeat(8)}...84 more...${"z".repeat(8)}`,
    );
    expect(formatValue("x".repeat(30), 30)).toBe("x".repeat(30));
  });

  it("never cuts a character in half", () => {
    expect(formatValue("😀".repeat(100), 40)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it("stays on one line, within its width, and hides nothing", () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 24, max: 60 }), (value, width) => {
        const shown = formatValue(value, width);
        expect(Array.from(shown).length).toBeLessThanOrEqual(width);
        expect(shown).not.toMatch(hidden);
      }),
    );
  });

  it("writes different short values differently", () => {
    const short = fc.oneof(
      fc.constantFrom(null, true, 1, 1n, "1", "true", "null", "", "–"),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(short, short, (one, other) => {
        fc.pre(one !== other && typeof one !== "bigint" && typeof other !== "bigint");
        expect(formatValue(one, 80)).not.toBe(formatValue(other, 80));
      }),
      { numRuns: 1000 },
    );
  });
});
