import * as fc from "fast-check";
import { expect, it } from "vitest";
import { editDistance } from "../../../src/core/model/edit-distance.ts";

it.for([
  ["", "", 0],
  ["", "abc", 3],
  ["main", "mian", 2],
  ["kitten", "sitting", 3],
  ["overlay", "Overlay", 1],
] as const)("counts the letters between %j and %j: %i", ([a, b, distance]) => {
  expect(editDistance(a, b)).toBe(distance);
});

it("is the same in both directions, and never more than the longer word", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(a === b ? 0 : 1);
    }),
  );
});
