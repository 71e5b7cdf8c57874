import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { quoteWord, shellLine } from "../../../src/core/text/shell-word.ts";

it.for([
  ["drift.yaml", "drift.yaml"],
  ["my file", "'my file'"],
  ["it's", "'it'\\''s'"],
  ["", "''"],
  ["$(id)", "'$(id)'"],
] as const)("writes %j as %s", ([word, expected]) => {
  expect(quoteWord(word)).toBe(expected);
});

it("writes words that a shell reads back the same", () => {
  const words = fc.sample(
    fc.string({ minLength: 1 }).filter((word) => !word.includes("\0")),
    200,
  );
  const output = execFileSync("sh", ["-c", `printf '%s\\0' ${words.map(quoteWord).join(" ")}`], {
    encoding: "utf8",
  });
  expect(output.split("\0").slice(0, -1)).toEqual(words);
});

it("writes commands that read from each other", () => {
  expect(
    shellLine([
      ["drift", "explain", "a b"],
      ["kubectl", "apply", "-f", "-"],
    ]),
  ).toBe("drift explain 'a b' | kubectl apply -f -");
});
