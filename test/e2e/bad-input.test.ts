import { describe, expect, it } from "vitest";
import { cases } from "../../scripts/bad-input-cases.mjs";
import { formatTable, runCase } from "../../scripts/bad-input.mjs";

describe("bad input", () => {
  const results = cases.map(runCase);

  it("is told as the table says", async () => {
    await expect(formatTable(results)).toMatchFileSnapshot("bad-input.md");
  });

  it.for(results.filter(({ isHarmless }) => isHarmless))(
    "$name: changes nothing of what is compared, and is told",
    (result) => {
      expect(result).toMatchObject({ exitCode: 0, code: "in-sync", rest: "in-sync" });
      expect(result.told).not.toBe("");
    },
  );

  it.for(results.filter(({ isHarmless }) => !isHarmless))(
    "$name: nothing is called in sync that was not compared, and no stack is shown",
    (result) => {
      expect(result.exitCode).toBeGreaterThanOrEqual(1);
      expect(result.exitCode).toBeLessThanOrEqual(3);
      expect(["in-sync", "-"]).toContain(result.rest);
      expect(result.code).not.toBe("in-sync");
      expect([result.stderr, result.told].join("\n")).not.toMatch(/\n\s+at |panic|goroutine/);
    },
  );
});
