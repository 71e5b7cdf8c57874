import { expect, it } from "vitest";
import { timeoutParser } from "../../src/cli/options.ts";

const parse = timeoutParser("--request-timeout");

it.for<readonly [text: string, milliseconds: number]>([
  ["0", 0],
  ["0s", 0],
  ["30", 30_000],
  ["1m30s", 90_000],
  ["1000h", 3_600_000_000],
])("takes %s for %i ms", ([text, milliseconds]) => {
  expect(parse(text)).toBe(milliseconds);
});

it.for(["-1", "1.5", "1 s", "soon", "", "1234567890"])("refuses %j", (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "USAGE" }) as Error);
});
