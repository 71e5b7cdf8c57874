import { expect, it } from "vitest";
import { parseDurationMs } from "../../src/config/duration.ts";

it.for([
  ["24h", 86_400_000],
  ["10m", 600_000],
  ["90s", 90_000],
  ["250ms", 250],
  ["1h30m", 5_400_000],
  ["1.5h", 5_400_000],
  ["0s", 0],
] as const)("reads %s as %i milliseconds", ([text, milliseconds]) => {
  expect(parseDurationMs(text)).toBe(milliseconds);
});

it.for(["", "24", "24 h", "h", "-1h", "1d", "1h ", "1e3s", "١h", "1.h", "9999999999h"])(
  "does not take %j for a duration",
  (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  },
);
