import { expect, it } from "vitest";
import { DriftError } from "../../src/lib/errors.ts";
import { readOwners } from "../../src/pipeline/read-owners.ts";
import type { TreeEntry } from "../../src/ports/source.ts";

const owned = "/base/ @shop/platform\n";

function read(content: string | Uint8Array | Error, type: TreeEntry["type"] = "file") {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return readOwners({
    tree: new Map([["CODEOWNERS", { type, oid: "1" }]]),
    readBlobs: () => (bytes instanceof Error ? Promise.reject(bytes) : Promise.resolve([bytes])),
  });
}

it("reads what GitHub reads, and tells what GitHub skips", async () => {
  const { rules, warnings } = await read(`${owned}/cart/ nobody\n`);
  expect(rules).toHaveLength(1);
  expect(warnings).toEqual([
    'CODEOWNERS:2 does not count: "nobody" is no @user, @org/team or e-mail address. GitHub skips the line, too: mend it.',
  ]);
});

it("tells the first of many bad lines, and how many there are", async () => {
  const { warnings } = await read(owned + "/cart/ nobody\n".repeat(40));
  expect(warnings).toHaveLength(6);
  expect(warnings.at(-1)).toBe("35 more lines of CODEOWNERS do not count");
});

it.for<[string, Parameters<typeof read>, string]>([
  ["is a link", ["OWNERS", "symlink"], "it is a symlink"],
  ["is larger than GitHub loads", ["# filler\n".repeat(400_000)], "it is larger than the 3 MB"],
  ["is larger than anything that is read", [tooLarge()], "it is larger than the 3 MB"],
  ["is UTF-16", [Buffer.from(`\uFEFF${owned}`, "utf16le")], "it is not text in UTF-8"],
])("says why nobody is called an owner where the file %s", async ([, args, why]) => {
  const { rules, warnings } = await read(...args);
  expect(rules).toBeUndefined();
  expect(warnings).toEqual([expect.stringMatching(`^no owners are told by CODEOWNERS: ${why}`)]);
});

it("reads lines whose comments are in another encoding", async () => {
  const { rules } = await read(Buffer.from(`# d\u00e9j\u00e0\n${owned}`, "latin1"));
  expect(rules).toHaveLength(1);
});

it("throws what is wrong with the repository", async () => {
  await expect(read(new DriftError("GIT_FAILED", "gone", { hint: "" }))).rejects.toThrow("gone");
});

function tooLarge(): DriftError {
  return new DriftError("BLOB_TOO_LARGE", "too large", { hint: "" });
}
