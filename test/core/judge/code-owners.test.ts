import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownersOf, parseCodeOwners } from "../../../src/core/judge/code-owners.ts";
import type { CodeOwners } from "../../../src/core/model/origin.ts";

/** Who owns a file by these lines. */
function owner(file: string, ...lines: readonly string[]): CodeOwners {
  return ownersOf(file, parseCodeOwners(lines.join("\n")).rules);
}

describe("ownersOf", () => {
  it.for<readonly [what: string, file: string, lines: readonly string[], expected: CodeOwners]>([
    [
      "takes the last line that fits",
      "a.js",
      ["* @all", "*.js @js"],
      { state: "owned", owners: ["@js"], line: 2 },
    ],
    ["does not add up owners", "a.js", ["*.js @js", "* @all"], { state: "owned", owners: ["@all"], line: 2 }],
    [
      "takes the last of two lines with one pattern",
      "a.js",
      ["*.js @a", "*.js @b"],
      { state: "owned", owners: ["@b"], line: 2 },
    ],
    [
      "takes all owners of a line",
      "a",
      ["* @a @org/b c@example.com"],
      { state: "owned", owners: ["@a", "@org/b", "c@example.com"], line: 1 },
    ],
    [
      "knows what a line leaves without owner",
      "apps/github",
      ["/apps/ @octocat", "/apps/github"],
      { state: "unowned", line: 2 },
    ],
    ["tells that from what no line speaks of", "b", ["/apps/ @octocat"], { state: "unmatched" }],
    [
      "counts empty lines and comments",
      "a",
      ["", "# * @x", "  # y", "* @a"],
      { state: "owned", owners: ["@a"], line: 4 },
    ],
    ["ends a line at a comment", "a", ["* @a # and @b"], { state: "owned", owners: ["@a"], line: 1 }],
    [
      "takes a comment behind a pattern for no owner",
      "a",
      ["* @x", "a # nobody"],
      { state: "unowned", line: 2 },
    ],
    [
      "takes tabs and spaces around words",
      "a",
      ["\t *\t@a \t @b  "],
      { state: "owned", owners: ["@a", "@b"], line: 1 },
    ],
    [
      "takes an escaped space for a part of the pattern",
      "a b/c",
      ["a\\ b/ @a"],
      { state: "owned", owners: ["@a"], line: 1 },
    ],
    [
      "skips a line with anything wrong in it",
      "a",
      ["* @a", "a @b nobody"],
      { state: "owned", owners: ["@a"], line: 1 },
    ],
    ["knows case", "README.md", ["readme.md @a"], { state: "unmatched" }],
    ["knows no negation", "a", ["* @a", "!a"], { state: "owned", owners: ["@a"], line: 1 }],
    [
      "reads lines that end as Windows has it",
      "a.js",
      ["* @a\r", "*.js @b\r"],
      { state: "owned", owners: ["@b"], line: 2 },
    ],
    ["passes over a byte order mark", "a", ["\uFEFFa @a"], { state: "owned", owners: ["@a"], line: 1 }],
    ["finds nobody in an empty file", "a", [""], { state: "unmatched" }],
  ])("%s", ([, file, lines, expected]) => {
    expect(owner(file, ...lines)).toEqual(expected);
  });

  it("knows the owners of the demo's shop", () => {
    const shop = path.resolve(import.meta.dirname, "../../../fixtures/shop/CODEOWNERS");
    const { rules, problems } = parseCodeOwners(readFileSync(shop, "utf8"));
    expect(problems).toEqual([]);
    expect(ownersOf("base/payments/service.yaml", rules)).toEqual({
      state: "owned",
      owners: ["@shop/payments", "@shop/security"],
      line: 6,
    });
    expect(ownersOf("overlays/prod/eu1/kustomization.yaml", rules)).toMatchObject({
      owners: ["@shop/platform"],
    });
  });
});

describe("parseCodeOwners", () => {
  it("names every line that GitHub skips, and why", () => {
    const lines = [
      "* @a",
      "a user",
      "b @org/",
      "c @",
      "d a@b",
      "!e @a",
      "[Section] @a",
      "^[Optional]",
      "f\\",
      "g @a,@b",
    ];
    expect(
      parseCodeOwners(lines.join("\n")).problems.map(({ line, reason }) => `${String(line)} ${reason}`),
    ).toEqual([
      '2 "user" is no @user, @org/team or e-mail address',
      '3 "@org/" is no @user, @org/team or e-mail address',
      '4 "@" is no @user, @org/team or e-mail address',
      '5 "a@b" is no @user, @org/team or e-mail address',
      "6 a pattern cannot start with !",
      "7 both [ and ] must be escaped with a backslash",
      "8 both [ and ] must be escaped with a backslash",
      "9 it ends with a backslash",
      '10 "@a,@b" is no @user, @org/team or e-mail address',
    ]);
  });

  it("shows no more of a wrong word than a line has room for, on one line", () => {
    const [problem] = parseCodeOwners(`* \u001b[31m${"x".repeat(5000)}`).problems;
    expect(problem?.reason.length).toBeLessThan(120);
    expect(problem?.reason).not.toContain("\u001b");
  });

  it("does not load what is too large for GitHub", () => {
    const problems = [{ line: 1, reason: "it is larger than 3 MB, and GitHub does not load it" }];
    expect(parseCodeOwners("* @a\n".repeat(700_000))).toEqual({ rules: [], problems });
  });

  it("never throws, and every line is a rule, a problem, a comment or empty", () => {
    const text = fc.array(
      fc.oneof(fc.string(), fc.stringMatching(/^[a*?/\\ #@![\]]{0,12}$/), fc.string({ unit: "binary" })),
    );
    fc.assert(
      fc.property(text, fc.string(), (lines, file) => {
        const { rules, problems } = parseCodeOwners(lines.join("\n"));
        const told = [...rules, ...problems].map(({ line }) => line);
        expect(new Set(told).size).toBe(told.length);
        expect(["owned", "unowned", "unmatched"]).toContain(ownersOf(file, rules).state);
      }),
      { numRuns: 200 },
    );
  });
});
