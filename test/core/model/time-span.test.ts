import { expect, it } from "vitest";
import { formatSpan } from "../../../src/core/model/time-span.ts";

it.for([
  [0, "0 s"],
  [1999, "1 s"],
  [119_999, "119 s"],
  [120_000, "2 min"],
  [90 * 60_000, "90 min"],
  [26 * 3_600_000, "26 h"],
  [48 * 3_600_000, "2 days"],
] as const)("says of %i ms: %s", ([spanMs, words]) => {
  expect(formatSpan(spanMs)).toBe(words);
});
