import * as fc from "fast-check";
import { expect, it } from "vitest";
import { closest, didYouMean } from "../../../src/core/model/closest.ts";

const names = ["name", "overlay", "cluster", "environment", "scope"];

it.for([
  ["enviroment", "environment"],
  ["Overlay", "overlay"],
  ["overlays", "overlay"],
  ["clsuter", "cluster"],
  ["scop", "scope"],
] as const)("takes %s for a misspelling of %s", ([word, meant]) => {
  expect(closest(word, names)).toBe(meant);
});

it.for(["", "x", "publish", "a".repeat(10_000)])("finds nothing near %j", (word) => {
  expect(closest(word, names)).toBeUndefined();
  expect(didYouMean(word, names)).toBe("");
});

it("finds every word that is among the candidates", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1 }), (words) => {
      for (const word of words) {
        expect(closest(word, words)?.toLowerCase()).toBe(word.toLowerCase());
      }
    }),
  );
});
