import { expect, it } from "vitest";
import { type ColourMode, wantsColour } from "../../src/cli/colour.ts";

it.for<[boolean, ColourMode, Record<string, string>, boolean]>([
  [true, "auto", {}, true],
  [false, "auto", {}, false],
  [false, "auto", { NO_COLOR: "1" }, true],
  [true, "auto", { NO_COLOR: "" }, true],
  [false, "auto", { TERM: "dumb" }, true],
  [true, "auto", { FORCE_COLOR: "1" }, false],
  [true, "auto", { FORCE_COLOR: "1", NO_COLOR: "1", TERM: "dumb" }, false],
  [false, "auto", { FORCE_COLOR: "0" }, true],
  [true, "auto", { CI: "true" }, true],
  [false, "auto", { CI: "true" }, false],
  [true, "always", { NO_COLOR: "1" }, false],
  [false, "never", { FORCE_COLOR: "1" }, true],
])("decides %s for --color %s with %j on a terminal: %s", ([expected, mode, env, isTerminal]) => {
  expect(wantsColour(mode, env, isTerminal)).toBe(expected);
});
