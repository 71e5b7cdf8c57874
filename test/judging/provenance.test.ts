import { expect, it } from "vitest";
import { scoreProvenance, sumOf } from "./provenance.ts";

it(
  "names the line whose edit changes the field, in generated trees, and never another one",
  { timeout: 120_000 },
  async () => {
    const score = sumOf([...(await scoreProvenance({ trees: 6, seed: 40, edits: 3 })).values()]);
    expect(score.failures).toEqual([]);
    expect(score.wrong).toBe(0);
    expect(score.right).toBeGreaterThan(60);
    expect(score.known / score.asked).toBeGreaterThan(0.99);
  },
);
