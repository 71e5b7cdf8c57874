import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { tooDeepAt } from "../../src/config/limits.ts";

it.for([
  ["flow lists", "a: 1\nb: " + "[".repeat(20_000), 2],
  ["flow mappings", "{a: ".repeat(20_000) + "1" + "}".repeat(20_000), 1],
  ["lists in one line", "- ".repeat(20_000) + "x", 1],
  ["complex keys in one line", "? ".repeat(20_000) + "x", 1],
  ["mappings over many lines", Array.from({ length: 400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), 258],
  ["brackets that close nothing first", "}".repeat(100) + "[".repeat(20_000), 1],
] as const)("finds the line with 20,000-deep %s", ([, text, line]) => {
  expect(tooDeepAt(text)).toBe(line);
});

it.for([
  ["brackets in text and comments", `a: "${"[".repeat(500)}" # ${"[".repeat(500)}\n`],
  ["a list of many short lists", `a: [${"[], ".repeat(500)}]\n`],
  ["many dashes in a block scalar", `a: |\n  ${"- ".repeat(500)}\n`],
  ["many lines", "a:\n  - b: 1\n".repeat(500)],
] as const)("lets %s pass", ([, text]) => {
  expect(tooDeepAt(text)).toBeUndefined();
});

it("does not take the content of a scalar for the mark of one", () => {
  expect(tooDeepAt("[\x1f".repeat(20_000))).toBe(1);
});

it.for([
  ["in one line", "- ".repeat(60) + "x"],
  [
    "over lines",
    Array.from({ length: 256 }, (_, i) => `${" ".repeat(i)}- a:\n${" ".repeat(i + 1)}- b:`).join("\n"),
  ],
  ["in flow", "[".repeat(60) + "]".repeat(60)],
] as const)("lets only pass what the parser can take, %s", ([, text]) => {
  expect(tooDeepAt(text)).toBeUndefined();
  expect(() => parseDocument(text)).not.toThrow();
});
