import { expect, it } from "vitest";
import { firstFew } from "../../src/pipeline/first-few.ts";

const warnings = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

it.for([0, 1, 6])("tells all of %i warnings", (count) => {
  expect(firstFew(warnings(count), "lines")).toEqual(warnings(count));
});

it("tells the first of more, and how many there are beside", () => {
  expect(firstFew(warnings(40), "lines do not count")).toEqual([
    ...warnings(5),
    "35 more lines do not count",
  ]);
});
