import { expect, it } from "vitest";
import { historiesTable } from "./histories.ts";

// A tenth of what `historiesTable()` plays: the whole takes minutes.
it("tells what is overdue neither too early nor too late in random histories", { timeout: 120_000 }, () => {
  const { lines, rows, violations } = historiesTable(1_200);
  expect(violations.slice(0, 10)).toEqual([]);
  expect(lines.at(-1)).toMatch(/^all +10800 .* 0$/);
  for (const { overdue, told } of rows) {
    expect(overdue).toBeGreaterThan(told / 10);
    expect(told - overdue).toBeGreaterThan(told / 10);
  }
});
