import { expect, it } from "vitest";
import { isNewerThanKnown } from "../../../src/core/mesh/istio-version.ts";

it.for([
  ["1.30", false],
  ["1.30.3", false],
  ["1.9", false],
  ["1.31", true],
  ["1.31.0-rc.0", true],
  ["2.0", true],
  ["", undefined],
  ["latest", undefined],
] as const)("Istio %s is newer than the tables: %s", ([version, expected]) => {
  expect(isNewerThanKnown(version)).toBe(expected);
});
