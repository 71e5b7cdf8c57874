import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type BatchAnswer, BatchParser } from "../../../src/adapters/git/batch-parser.ts";
import { parseCommit } from "../../../src/adapters/git/commit.ts";
import { parseRefs } from "../../../src/adapters/git/revision.ts";
import { parseTree } from "../../../src/adapters/git/tree.ts";

const oid = (digit: string) => digit.repeat(40);

describe("BatchParser", () => {
  const parse = (chunks: readonly Buffer[], maxBlobBytes = 1000): readonly BatchAnswer[] => {
    const answers: BatchAnswer[] = [];
    const parser = new BatchParser(maxBlobBytes, (answer) => answers.push(answer));
    for (const chunk of chunks) parser.push(chunk);
    return answers;
  };

  it("reads the same answers however the output is cut into chunks", () => {
    const object = fc.uint8Array({ maxLength: 300 });
    const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.option(object)), cuts, (objects, places) => {
        const output = Buffer.concat(
          objects.flatMap((bytes) =>
            bytes === null
              ? [Buffer.from(`${oid("f")} missing\n`)]
              : [Buffer.from(`${oid("a")} blob ${String(bytes.length)}\n`), bytes, Buffer.from("\n")],
          ),
        );
        const borders = [...places, output.length].sort((a, b) => a - b);
        const chunks = borders.map((end, i) => output.subarray(borders[i - 1] ?? 0, end));
        const expected = objects.map((bytes) =>
          bytes === null
            ? { type: "missing", name: oid("f") }
            : { type: "object", object: { oid: oid("a"), kind: "blob", bytes: Buffer.from(bytes) } },
        );
        expect(parse(chunks)).toEqual(expected);
      }),
    );
  });

  it("says that an object is too large before a byte of it arrives, and reads no further", () => {
    const answers = parse([Buffer.from(`${oid("a")} blob 1001\nxxx\n${oid("b")} missing\n`)]);
    expect(answers).toEqual([{ type: "too-large", oid: oid("a"), size: 1001 }]);
  });

  it.for([
    ["a header that is none", "what?\n"],
    ["a size that is no number", `${oid("a")} blob many\n`],
    ["an object that goes on after its end", `${oid("a")} blob 2\nabc\n`],
    ["a line without an end", "x".repeat(2000)],
  ])("takes %s for garbled", ([, output = ""]) => {
    expect(parse([Buffer.from(output)])).toMatchObject([{ type: "garbled" }]);
  });

  it("gives no answer for output that is cut off", () => {
    expect(parse([Buffer.from(`${oid("a")} blob 5\nabcde`)])).toEqual([]);
  });
});

describe("parseTree", () => {
  it("reads modes into types", () => {
    const listing = [
      `100644 blob ${oid("1")}\ta.yaml`,
      `100755 blob ${oid("2")}\tbin/run me`,
      `120000 blob ${oid("3")}\tlink`,
      `160000 commit ${oid("4")}\tsub`,
    ];
    expect(parseTree(Buffer.from(listing.join("\0") + "\0"))).toEqual({
      tree: new Map([
        ["a.yaml", { type: "file", oid: oid("1") }],
        ["bin/run me", { type: "file", oid: oid("2") }],
        ["link", { type: "symlink", oid: oid("3") }],
        ["sub", { type: "submodule", oid: oid("4") }],
      ]),
      unreadableNames: 0,
    });
  });

  it.for([
    ["is cut off", `100644 blob ${oid("1")}\ta.yaml`],
    ["has an unknown mode", `040000 tree ${oid("1")}\ta\0`],
    ["has an entry without a name", `100644 blob ${oid("1")}\0`],
    ...["..", "../a", "a/../b", ".", "a//b", "/a", ".git", ".GIT/config", "a/.git/hooks/x", ""].map(
      (name) => [`holds the path ${JSON.stringify(name)}`, `100644 blob ${oid("1")}\t${name}\0`],
    ),
  ])("refuses a listing that %s", ([, listing = ""]) => {
    expect(parseTree(Buffer.from(listing))).toBeUndefined();
  });

  it("reads 50,000 entries", () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `100644 blob ${oid("1")}\tf${String(i)}\0`);
    expect(parseTree(Buffer.from(lines.join("")))?.tree.size).toBe(50_000);
  });
});

describe("parseCommit", () => {
  const commit = (author: string, message: string, more = "") =>
    Buffer.from(`tree ${oid("1")}\nauthor ${author}\ncommitter x <x> 1 +0000\n${more}\n${message}`, "latin1");

  it.for<readonly [author: string, name: string, date: string]>([
    ["Ada L <ada@example.com> 1714557600 +0200", "Ada L", "2024-05-01T12:00:00+02:00"],
    ["Ada <ada@example.com> 1714557600 -0330", "Ada", "2024-05-01T06:30:00-03:30"],
    ["Ada <> 0 +0000", "Ada", "1970-01-01T00:00:00+00:00"],
    [" <ada@example.com> 0 +0000", "", "1970-01-01T00:00:00+00:00"],
    ["Ada <ada@example.com> 99999999999999999 +0000", "Ada", "1970-01-01T00:00:00+00:00"],
    ["Ada <ada@example.com>", "Ada", "1970-01-01T00:00:00+00:00"],
  ])("reads the author %s", ([author, name, date]) => {
    const parsed = parseCommit(oid("c"), commit(author, "Subject\n"));
    expect(parsed).toEqual({ sha: oid("c"), author: name, date, subject: "Subject" });
  });

  it.for([
    ["Subject\n\nBody\n", "Subject"],
    ["\n\nLate subject\n", "Late subject"],
    ["Two\nlines\n\nBody", "Two lines"],
    ["", ""],
  ])("reads the subject of %j", ([message = "", subject]) => {
    expect(parseCommit(oid("c"), commit("A <a> 1 +0000", message))?.subject).toBe(subject);
  });

  it("decodes texts by the encoding the commit names, and survives one that nobody knows", () => {
    const parse = (encoding: string) =>
      parseCommit(oid("c"), commit("J\xfcrgen <j> 1 +0000", "Gr\xfc\xdfe", `encoding ${encoding}\n`));
    expect(parse("ISO-8859-1")).toMatchObject({ author: "Jürgen", subject: "Grüße" });
    expect(parse("no-such")).toMatchObject({ author: "J\ufffdrgen" });
  });

  it("is not misled by a message that looks like a header", () => {
    const parsed = parseCommit(oid("c"), commit("A <a> 1 +0000", "S\n\nauthor B <b> 2 +0000\nencoding x\n"));
    expect(parsed?.author).toBe("A");
  });

  it("does not take something without an author for a commit", () => {
    expect(parseCommit(oid("c"), Buffer.from("author: none\n\nx"))).toBeUndefined();
  });
});

describe("parseRefs", () => {
  it("keeps HEAD, branches and tags, and of an annotated tag what it points at", () => {
    const listing = [
      `${oid("1")}\tHEAD`,
      `${oid("1")}\trefs/heads/main`,
      `${oid("2")}\trefs/tags/v1`,
      `${oid("3")}\trefs/tags/v1^{}`,
      `${oid("4")}\trefs/pull/1/refs/heads/main`,
      "warning: something else",
    ];
    expect([...parseRefs(listing.join("\n"))]).toEqual([
      ["HEAD", oid("1")],
      ["refs/heads/main", oid("1")],
      ["refs/tags/v1", oid("3")],
    ]);
  });
});
