import { describe, expect, it } from "vitest";
import { resolveKey, resolvePlain } from "../../../src/core/manifest/resolve-scalar.ts";

/** What `kubectl annotate --local -o json` (1.35) makes of plain scalars. */
const scalars = [
  [true, "true True TRUE y Y yes Yes YES on On ON"],
  [false, "false False FALSE n N no No NO off Off OFF"],
  [null, "~ null Null NULL"],
  [0, "0 -0 +0 00 0.0 -0.0 0e0 0_"],
  [1, "1 1. 1.0 0x1 0x_1 1_ 0.1e1"],
  [420, "0644 0o644"],
  [15, "017 0o17 0O17 0o1_7"],
  [31, "0x1F 0X1F +0x1F 0x1_F"],
  [-31, "-0x1F"],
  [3, "0b11 0B11 0b1_1"],
  [-3, "-0b11"],
  [8, "08"],
  [89, "089"],
  [1000, "1000 1_000 1e3 1E3 1e+3 +1_000"],
  [1000.5, "1_000.5"],
  [0.5, ".5 +.5 0.5"],
  [-0.5, "-.5"],
  [5, "+5 +.5e1"],
  [1e-7, "1e-7"],
  [9007199254740993n, "9007199254740993"],
  [-9223372036854775808n, "-9223372036854775808"],
  [18446744073709551615n, "18446744073709551615 0xFFFFFFFFFFFFFFFF"],
] as const;

const strings = [
  ...[
    "oN",
    "tRUE",
    "nULL",
    "nope",
    "yes.",
    "_1",
    "._5",
    ".5_0",
    "0b12",
    "0x",
    "0b",
    "0o",
    "0o8",
    "e5",
    "5e",
    ".e1",
    "..5",
  ],
  ...[
    "1:30",
    "1:30:00",
    "190:20:30.15",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "=",
    "<<",
    "1,000",
    "NaN",
    "inf",
    "Infinity",
  ],
  ...["1e400", "0x1FFFFFFFFFFFFFFFFF", "-", "+", ".", "5s", "1.2.3", "10.0.0.1", "-x", "+0x", "1e", "0xg"],
];

describe("resolvePlain", () => {
  it.for(scalars)("reads %s from %s", ([value, texts]) => {
    for (const text of texts.split(" ")) expect([text, resolvePlain(text)]).toStrictEqual([text, value]);
  });

  it.for(strings)("leaves %s a string", (text) => {
    expect(resolvePlain(text)).toBe(text);
  });

  it("reads nothing as null", () => {
    expect(resolvePlain("")).toBeNull();
  });

  it.for([".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", "1".repeat(1001)])(
    "has no value for %s",
    (text) => {
      expect(resolvePlain(text)).toBeUndefined();
    },
  );

  it("takes no time for numbers that would take long to convert", () => {
    expect(resolvePlain("9".repeat(5_000_000))).toBeUndefined();
    expect(resolvePlain(`0x${"f".repeat(5_000_000)}`)).toHaveLength(5_000_002);
  });
});

describe("resolveKey", () => {
  it.for([
    ["a", "a"],
    ["on", "true"],
    ["N", "false"],
    ["1", "1"],
    ["-5", "-5"],
    ["2001-01-01", "2001-01-01"],
  ] as const)("names the key %s %s", ([text, name]) => {
    expect(resolveKey(text)).toBe(name);
  });

  it.for(["~", "", "null", "1.50", "1.0", "0644", "0x1F", "+1", "9007199254740993", ".inf"])(
    "wants quotes around the key %s",
    (text) => {
      expect(resolveKey(text)).toBeUndefined();
    },
  );
});
