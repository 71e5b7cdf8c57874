import * as fc from "fast-check";
import { expect, it } from "vitest";
import { cutTo, padTo, widthOf, wordsOf, wrapLabelled } from "../../src/report/columns.ts";

it.for([
  ["short", 10, "short"],
  ["exactly", 7, "exactly"],
  ["too long", 7, "too ..."],
  ["漢字漢字", 7, "漢字..."],
  ["e\u0301e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301..."],
  ["👩‍👩‍👧‍👧 family", 6, "👩‍👩‍👧‍👧 ..."],
  ["abcd", 2, ".."],
] as const)("cuts %j to %i columns", ([text, width, expected]) => {
  expect(cutTo(text, width)).toBe(expected);
});

it("never cuts to more columns than asked, nor pads to fewer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 60 }), (text, width) => {
      expect(widthOf(cutTo(text, width))).toBeLessThanOrEqual(width);
      expect(widthOf(padTo(text, width))).toBeGreaterThanOrEqual(width);
    }),
  );
});

it("breaks between words, under the first one, and keeps every word", () => {
  const text = "the file ends in the middle of an object";
  expect(wrapLabelled("why  ", wordsOf(text), 20)).toEqual([
    "why  the file ends",
    "     in the middle",
    "     of an object",
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 20, max: 80 }),
      (words, width) => {
        const lines = wrapLabelled("      ", words, width);
        expect(lines.flatMap((line) => wordsOf(line))).toEqual(words);
        for (const line of lines) {
          if (widthOf(line) > width) expect(wordsOf(line)).toHaveLength(1);
        }
      },
    ),
  );
});
