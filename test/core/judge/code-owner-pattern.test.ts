import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOwnerPattern } from "../../../src/core/judge/code-owner-pattern.ts";

/** Whether a pattern is for a path. */
function matches(pattern: string, path: string): boolean {
  const read = readOwnerPattern(pattern);
  if (read.type === "refused") throw new Error(`${pattern}: ${read.reason}`);
  return read.pattern.matches(path);
}

/** Each pattern with paths that it is for, and paths that it is not for. */
const table: readonly (readonly [
  pattern: string,
  why: string,
  fits: readonly string[],
  others: readonly string[],
])[] = [
  // GitHub's documentation.
  ["*", "everything", ["a", "a/b", ".github/CODEOWNERS"], []],
  ["*.js", "an ending, in any folder", ["a.js", "a/b.js", ".js"], ["a.jsx", "a.JS", "js"]],
  ["*.txt", "an ending", ["build/logs/a.txt"], ["a.text"]],
  [
    "/build/logs/",
    "a folder at the root, with everything in it",
    ["build/logs/a", "build/logs/a/b"],
    ["a/build/logs/b", "build/logs", "build/log/a"],
  ],
  [
    "docs/*",
    "one level only",
    ["docs/getting-started.md"],
    ["docs/build-app/troubleshooting.md", "docs", "a/docs/b"],
  ],
  ["apps/", "a folder anywhere", ["apps/a", "a/apps/b", "a/apps/b/c"], ["apps", "a/apps", "my-apps/a"]],
  ["/docs/", "a folder at the root", ["docs/a", "docs/a/b"], ["a/docs/b"]],
  ["/scripts/", "a folder at the root", ["scripts/a/b"], ["a/scripts/b"]],
  [
    "**/logs",
    "a name anywhere, with everything in it",
    ["logs", "logs/a", "build/logs/a", "deeply/nested/logs/a"],
    ["logs2", "a/blogs"],
  ],
  ["/apps/github", "a name at the root", ["apps/github", "apps/github/a"], ["apps/githubs", "a/apps/github"]],
  ["/apps/", "a folder at the root", ["apps/github/a"], ["apps"]],
  ["/", "nothing", [], ["a", "a/b", ""]],
  // What follows from gitignore's rules.
  ["foo", "a name anywhere", ["foo", "foo/a", "a/foo", "a/foo/b"], ["foo.txt", "xfoo", "a/foo.txt", "Foo"]],
  ["/foo", "a name at the root", ["foo", "foo/a/b"], ["a/foo", "fool"]],
  ["foo/", "a folder, never a file", ["foo/a", "a/foo/b/c"], ["foo", "a/foo"]],
  ["foo/bar", "tied to the root by the slash in it", ["foo/bar", "foo/bar/a"], ["a/foo/bar", "foo/bart"]],
  ["foo/bar/", "tied to the root, a folder", ["foo/bar/a/b"], ["foo/bar", "a/foo/bar/b"]],
  ["f*", "a beginning", ["foo", "f", "a/fb/c"], ["xf", "a/xf"]],
  ["/f*", "a beginning at the root", ["foo/a"], ["a/foo"]],
  ["f*/", "folders by their beginning", ["foo/a", "a/foo/b"], ["foo"]],
  ["/*", "files at the root", ["a", ".a"], ["a/b"]],
  ["/*/", "everything but files at the root", ["a/b", "a/b/c"], ["a"]],
  ["*/a", "one folder, then a name", ["x/a", "x/a/b"], ["a", "x/y/a"]],
  ["foo/*/baz", "any one folder", ["foo/x/baz", "foo/x/baz/a"], ["foo/baz", "foo/x/y/baz"]],
  ["foo/*/", "folders in a folder", ["foo/x/a", "foo/x/a/b"], ["foo/x"]],
  [
    "foo/*.txt",
    "files of one folder by their ending",
    ["foo/a.txt", "foo/a.txt/b"],
    ["foo/a/b.txt", "x/foo/a.txt"],
  ],
  ["foo/a*", "a beginning does reach into folders", ["foo/ab/c"], ["foo/b"]],
  ["a*b*c", "several stars in a name", ["abc", "axxbxxc", "abcbc"], ["ab", "a/b/c", "acb"]],
  ["f?o", "any one character", ["foo", "f-o", "fäo", "f😀o"], ["fo", "fooo", "f/o"]],
  ["?", "a name of one character", ["a", "b/c"], ["ab"]],
  ["**", "everything", ["a", "a/b/c"], []],
  ["/**", "everything", ["a", "a/b/c"], []],
  ["**/", "everything in a folder", ["a/b", "a/b/c"], []],
  ["**/foo/bar", "names anywhere", ["foo/bar", "a/foo/bar", "a/b/foo/bar/c"], ["foo/a/bar"]],
  ["foo/**", "what is in a folder", ["foo/a", "foo/a/b"], ["foo", "a/foo/b"]],
  ["foo/**/", "what is in a folder", ["foo/a/b", "foo/a"], ["foo"]],
  [
    "foo/**/bar",
    "any folders between, or none",
    ["foo/bar", "foo/a/bar", "foo/a/b/bar/c"],
    ["foobar", "a/foo/bar", "foo/abar"],
  ],
  ["foo/**/bar/b*", "any folders between", ["foo/bar/b", "foo/a/bar/bc"], ["foo/bar", "foo/bar/c"]],
  ["foo/**/*", "everything in a folder", ["foo/a", "foo/a/b"], ["foo"]],
  ["/a/**/b/**/c", "twice any folders", ["a/b/c", "a/x/b/y/z/c"], ["a/c", "a/b"]],
  ["a**b", "two stars in a name are one", ["ab", "axb"], ["a/b"]],
  ["*.md", "a hidden file, too", [".md", ".a.md"], ["md"]],
  [".github/", "a hidden folder", [".github/workflows/a"], ["github/a"]],
  // Characters with a meaning, and without.
  ["a\\ b/c", "a space", ["a b/c"], ["a\\ b/c", "a/b/c"]],
  ["f\\*o", "a star", ["f*o"], ["foo", "fo"]],
  ["f\\?o", "a question mark", ["f?o"], ["foo"]],
  ["pages/\\[id\\].ts", "brackets", ["pages/[id].ts"], ["pages/i.ts"]],
  ["a#b", "a # inside", ["a#b"], ["a"]],
  ["a.b", "a dot is a dot", ["a.b"], ["axb"]],
  ["a+(b)", "what regular expressions know", ["a+(b)"], ["aab", "ab"]],
  ["a!b", "an exclamation mark inside", ["a!b"], ["ab"]],
  ["größe/", "other letters", ["größe/a"], ["grosse/a"]],
  ["@shop", "an at sign", ["@shop/a"], ["shop"]],
];

describe("a pattern of CODEOWNERS", () => {
  const cases = table.flatMap(([pattern, why, fits, others]) => [
    ...fits.map((path) => [pattern, "is for", path, why, true] as const),
    ...others.map((path) => [pattern, "is not for", path, why, false] as const),
  ]);

  it.for(cases)("%s %s %s: %s", ([pattern, , path, , expected]) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it("is held to more than 60 documented cases", () => {
    expect(table.length).toBeGreaterThan(50);
    expect(cases.length).toBeGreaterThan(150);
  });

  it.for([
    ["", "it has no pattern"],
    ["!a", "a pattern cannot start with !"],
    ["\\#a", "a pattern cannot start with an escaped #"],
    ["a[bc]", "both [ and ] must be escaped with a backslash"],
    ["a]", "both [ and ] must be escaped with a backslash"],
    ["a/***/b", "*** has no meaning"],
    ["a//b", "// has no meaning"],
    ["a\\", "it ends with a backslash"],
    ["a".repeat(1001), "its pattern is longer than 1000 characters"],
  ] as const)("is none: %s", ([pattern, reason]) => {
    expect(readOwnerPattern(pattern)).toEqual({ type: "refused", reason });
  });

  it("means what a regular expression means, where that is easily written", () => {
    const name = fc.stringMatching(/^[ab*?]{1,3}$/).filter((text) => !text.includes("**"));
    const simple = fc.record({
      start: fc.constantFrom("", "/"),
      names: fc.array(fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constant("**") }), {
        minLength: 1,
        maxLength: 4,
      }),
      end: fc.constantFrom("", "/"),
    });
    const path = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 5 });
    let fitted = 0;
    fc.assert(
      fc.property(simple, path, ({ start, names, end }, parts) => {
        const found = matches(start + names.join("/") + end, parts.join("/"));
        if (found) fitted += 1;
        expect(found).toBe(reference(start !== "", names, end !== "").test(parts.join("/")));
      }),
      { numRuns: 5000 },
    );
    expect(fitted).toBeGreaterThan(500);
  });

  it.for([
    ["*a".repeat(400), "a".repeat(4000)],
    ["**/a/".repeat(150), "a/".repeat(2000)],
    ["?*".repeat(400), "/".repeat(4000)],
  ] as const)("takes little time, however it is meant: %s", ([pattern, path]) => {
    const started = performance.now();
    matches(pattern, `${path}b`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

/** The same in a few lines: `**` is any folders, at the end at least something. Names hold no characters with a meaning. */
function reference(isRooted: boolean, names: readonly string[], isFolder: boolean): RegExp {
  const wild = (text: string) => text.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
  const last = names.at(-1);
  const isTied = isRooted || names.length > 1;
  const middle = names.map((name, at) => {
    if (name !== "**") return name === "*" ? "[^/]+" : wild(name);
    return at === names.length - 1 ? ".+" : "(?:.+/)?";
  });
  const joined = middle.reduce(
    (text, part, at) => (at === 0 || names[at - 1] === "**" ? text + part : `${text}/${part}`),
    "",
  );
  const below = last === "**" ? "" : isFolder ? "/.+" : last === "*" && isTied ? "" : "(?:/.+)?";
  return new RegExp(`^${isTied ? "" : "(?:.+/)?"}${joined}${below}$`);
}
