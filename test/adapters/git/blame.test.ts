import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  commitFiles,
  createRepository,
  createSource,
  git,
  headOf,
  openCheckout,
  tempFolder,
} from "./test-repository.ts";

const ten = Array.from({ length: 10 }, (_, index) => `line-${String(index + 1)}: some words to tell it by\n`);

function withLine(line: number, text: string): string {
  return ten.map((old, index) => (index === line - 1 ? `${text}\n` : old)).join("");
}

/** Who touched lines last, as ids of commits. */
async function blameOf(repository: string, lines: readonly (readonly [string, number])[]) {
  const checkout = await openCheckout(createSource(), repository);
  const commits = await checkout.blame(lines.map(([file, line]) => ({ file, line })));
  return Object.fromEntries([...commits].map(([id, { sha }]) => [id, sha]));
}

describe("blame", () => {
  it("tells the last commit of each line, with author, date and subject", async () => {
    const repository = await createRepository({ "a.yaml": ten.join("") });
    const first = headOf(repository);
    const second = await commitFiles(
      repository,
      { "a.yaml": withLine(3, "line-3: changed") },
      "Change\n\nBody",
    );
    const checkout = await openCheckout(createSource(), repository);
    const commits = await checkout.blame([2, 3, 3].map((line) => ({ file: "a.yaml", line })));
    expect([...commits].map(([id, { sha }]) => [id, sha])).toEqual([
      ["a.yaml:2", first],
      ["a.yaml:3", second],
    ]);
    expect(commits.get("a.yaml:3")).toEqual({
      sha: second,
      author: "Ada",
      date: "2024-05-01T12:00:00+02:00",
      subject: "Change",
    });
  });

  it("follows a file that moved", async () => {
    const repository = await createRepository({ "old.yaml": ten.join("") });
    const first = headOf(repository);
    git(repository, ["mv", "old.yaml", "new.yaml"]);
    const moved = await commitFiles(repository, { "new.yaml": withLine(5, "line-5: new") }, "Move");
    expect(
      await blameOf(repository, [
        ["new.yaml", 4],
        ["new.yaml", 5],
        ["old.yaml", 4],
      ]),
    ).toEqual({
      "new.yaml:4": first,
      "new.yaml:5": moved,
    });
  });

  it("looks through merges", async () => {
    const repository = await createRepository({ "a.yaml": ten.join("") });
    git(repository, ["checkout", "--quiet", "-b", "side"]);
    const side = await commitFiles(repository, { "a.yaml": withLine(9, "line-9: side") }, "Side");
    git(repository, ["checkout", "--quiet", "main"]);
    const main = await commitFiles(repository, { "a.yaml": withLine(1, "line-1: main") }, "Main");
    git(repository, ["merge", "--quiet", "--no-edit", "side"]);
    expect(
      await blameOf(repository, [
        ["a.yaml", 1],
        ["a.yaml", 9],
      ]),
    ).toEqual({ "a.yaml:1": main, "a.yaml:9": side });
  });

  it("leaves out what a shallow repository does not know, lines beyond the end, and what is no file", async () => {
    const origin = await createRepository({ "a.yaml": ten.join("") });
    await commitFiles(origin, { "b.yaml": "b\n" }, "Between");
    const last = await commitFiles(origin, { "a.yaml": withLine(2, "line-2: new") }, "Last");
    const shallow = path.join(tempFolder(), "shallow");
    git(origin, ["clone", "--quiet", "--depth=2", `file://${origin}`, shallow]);
    const asked = [1, 2, 0, -1, 11, 1.5].map((line) => ["a.yaml", line] as const);
    expect(await blameOf(shallow, [...asked, ["missing.yaml", 1], ["", 1]])).toEqual({ "a.yaml:2": last });
  });

  it("takes names of files as they are, and a last line without a line break", async () => {
    const odd = ["*", ":(glob)**", "--output=x", "a\nb", "sp ace/\u00e9.yaml", "-", "0123 1 1"];
    const repository = await createRepository(Object.fromEntries(odd.map((name) => [name, `${name}\nopen`])));
    const first = headOf(repository);
    const last = odd.map((name) => [name, name.includes("\n") ? 3 : 2] as const);
    expect(await blameOf(repository, last)).toEqual(
      Object.fromEntries(last.map(([name, line]) => [`${name}:${String(line)}`, first])),
    );
  });

  it("is not fooled by lines and subjects that look like what Git prints", async () => {
    const repository = await createRepository({ "a.yaml": "a\n" });
    const fake = `${"0".repeat(40)} 1 2 1`;
    const second = await commitFiles(repository, { "a.yaml": `a\n${fake}\n` }, fake);
    expect(await blameOf(repository, [["a.yaml", 2]])).toEqual({ "a.yaml:2": second });
  });

  it("answers for more lines than one command takes", async () => {
    const repository = await createRepository({ "a.yaml": "x\n".repeat(500) });
    const lines = Array.from({ length: 500 }, (_, index) => ["a.yaml", index + 1] as const);
    expect(new Set(Object.values(await blameOf(repository, lines)))).toEqual(new Set([headOf(repository)]));
    expect(Object.keys(await blameOf(repository, lines))).toHaveLength(500);
  });
});
