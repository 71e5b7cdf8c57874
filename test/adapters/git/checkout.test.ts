import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import {
  commitFiles,
  createRepository,
  createSource,
  git,
  headOf,
  openCheckout,
  readText,
  tempFolder,
} from "./test-repository.ts";

describe("a tree", () => {
  it("lists files, symbolic links and submodules by path, whatever the path looks like", async () => {
    const names = [
      "with space/a b.yaml",
      "line\nbreak.yaml",
      "ünïcode-日本.yaml",
      "-dash.yaml",
      "tab\t.yaml",
    ];
    const repository = await createRepository(Object.fromEntries(names.map((name) => [name, name])));
    await symlink("with space", path.join(repository, "link"));
    git(repository, ["update-index", "--add", "--cacheinfo", `160000,${headOf(repository)},sub/mod`]);
    git(repository, ["add", "link"]);
    git(repository, ["commit", "--quiet", "-m", "Odd"]);
    const checkout = await openCheckout(createSource(), repository);
    const { tree } = checkout;
    expect([...tree.keys()].sort()).toEqual([...names, "link", "sub/mod"].sort());
    for (const name of names) expect(await readText(checkout, name)).toBe(name);
    expect(tree.get("link")?.type).toBe("symlink");
    expect(tree.get("sub/mod")).toEqual({ type: "submodule", oid: headOf(repository, "HEAD~1") });
    const commits = await checkout.lastCommits(names);
    expect([...commits.keys()].sort()).toEqual([...names].sort());
  });

  it("of an empty commit is empty", async () => {
    const repository = await createRepository({});
    expect((await openCheckout(createSource(), repository)).tree.size).toBe(0);
  });

  it("leaves names out that are no UTF-8, and says so", async () => {
    const repository = await createRepository();
    const blob = git(repository, ["rev-parse", "HEAD:a.yaml"]).trim();
    const entry = `100644 blob ${blob}\t`;
    const names = [Buffer.from("good.yaml"), Buffer.from([0xff])];
    const listing = Buffer.concat(names.flatMap((name) => [Buffer.from(entry), name, Buffer.alloc(1)]));
    const treeId = git(repository, ["mktree", "-z"], listing).trim();
    const commit = git(repository, ["commit-tree", "-m", "Odd", treeId]).trim();
    git(repository, ["update-ref", "refs/heads/odd", commit]);
    const warnings: string[] = [];
    const source = createSource({ onWarning: (message) => warnings.push(message) });
    const { tree } = await openCheckout(source, repository, { revision: "odd" });
    expect([...tree.keys()]).toEqual(["good.yaml"]);
    expect(warnings).toEqual([expect.stringContaining("1 files")]);
  });
});

describe("the bytes of a file", () => {
  it("are those that were committed, whatever .gitattributes asks for", async () => {
    const attributes = [
      "hidden.yaml export-ignore",
      "ident.yaml ident export-subst",
      "filtered.yaml filter=evil",
      "crlf.yaml text eol=crlf working-tree-encoding=UTF-16",
    ];
    const repository = await createRepository({
      "hidden.yaml": "hidden: true\n",
      "ident.yaml": "id: $Id$ $Format:%H$\n",
      "filtered.yaml": "filtered: no\n",
    });
    await writeFile(path.join(repository, ".gitattributes"), attributes.join("\n"));
    git(repository, ["config", "filter.evil.smudge", "sed s/no/yes/"]);
    await commitFiles(repository, {}, "Attributes");
    const checkout = await openCheckout(createSource(), repository);
    expect(await readText(checkout, "hidden.yaml")).toBe("hidden: true\n");
    expect(await readText(checkout, "ident.yaml")).toBe("id: $Id$ $Format:%H$\n");
    expect(await readText(checkout, "filtered.yaml")).toBe("filtered: no\n");
  });

  it("come in the order asked, the same file as often as asked, empty files too", async () => {
    const files = { "a.yaml": "a\n", "b.yaml": "", "c.yaml": "c without newline", "d.yaml": "\0\n\0" };
    const checkout = await openCheckout(createSource(), await createRepository(files));
    const order = ["d.yaml", "a.yaml", "b.yaml", "a.yaml", "c.yaml"] as const;
    const blobs = await checkout.readBlobs(order.map((name) => checkout.tree.get(name)?.oid ?? ""));
    expect(blobs.map((blob) => Buffer.from(blob).toString())).toEqual(order.map((name) => files[name]));
  });

  it("stay whole when a reader gives its copy away", async () => {
    const checkout = await openCheckout(createSource(), await createRepository());
    const oid = checkout.tree.get("a.yaml")?.oid ?? "";
    const [first] = await checkout.readBlobs([oid]);
    structuredClone(first, { transfer: [first?.buffer as ArrayBuffer] });
    const [second] = await checkout.readBlobs([oid]);
    structuredClone(second, { transfer: [second?.buffer as ArrayBuffer] });
    expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
  });

  it("are given only for files of the commit", async () => {
    const repository = await createRepository();
    git(repository, ["checkout", "--quiet", "-b", "secret"]);
    await commitFiles(repository, { "other.yaml": "other\n" }, "Elsewhere");
    const elsewhere = git(repository, ["rev-parse", "HEAD:other.yaml"]).trim();
    const checkout = await openCheckout(createSource(), repository, { revision: "main" });
    await expect(checkout.readBlobs([elsewhere])).rejects.toMatchObject({ code: "GIT_FAILED" });
  });

  it("are not given any more once the checkout is closed", async () => {
    const checkout = await openCheckout(createSource(), await createRepository());
    await checkout.close();
    await expect(readText(checkout, "a.yaml")).rejects.toMatchObject({ code: "GIT_FAILED" });
  });

  it("are those of a repository with SHA-256 ids as well", async () => {
    const repository = await createRepository({ "a.yaml": "a: 256\n" }, ["--object-format=sha256"]);
    const checkout = await openCheckout(createSource(), repository);
    expect(checkout.commit.sha).toHaveLength(64);
    expect(await readText(checkout, "a.yaml")).toBe("a: 256\n");
    const byId = await openCheckout(createSource(), repository, { revision: checkout.commit.sha });
    expect((await byId.lastCommits(["a.yaml"])).get("a.yaml")?.sha).toBe(checkout.commit.sha);
  });
});

describe("a repository", () => {
  it("can be bare, a linked work tree, or named by a file URL", async () => {
    const repository = await createRepository();
    const bare = path.join(tempFolder(), "bare with space");
    git(repository, ["clone", "--quiet", "--bare", repository, bare]);
    const linked = path.join(tempFolder(), "linked");
    git(repository, ["worktree", "add", "--quiet", "-b", "side", linked]);
    const side = await commitFiles(linked, {}, "On the side");
    const source = createSource();
    expect((await openCheckout(source, bare)).commit.sha).toBe(headOf(repository));
    expect((await openCheckout(source, linked)).commit.sha).toBe(side);
    const url = `file://${bare.replaceAll(" ", "%20")}`;
    expect((await openCheckout(source, url)).repository).toBe(bare);
  });

  it("that is shallow is read, and a last commit it cannot know is left out", async () => {
    const origin = await createRepository({ "old.yaml": "1\n", "new.yaml": "1\n" });
    await commitFiles(origin, { "between.yaml": "2\n" }, "Between");
    const last = await commitFiles(origin, { "new.yaml": "2\n" }, "Last");
    const shallow = path.join(tempFolder(), "shallow");
    git(origin, ["clone", "--quiet", "--depth=2", `file://${origin}`, shallow]);
    const checkout = await openCheckout(createSource(), shallow);
    expect(await readText(checkout, "old.yaml")).toBe("1\n");
    const commits = await checkout.lastCommits(["old.yaml", "between.yaml", "new.yaml"]);
    expect([...commits].map(([file, { sha }]) => [file, sha])).toEqual([["new.yaml", last]]);
  });

  it("that does not exist, is a file or a plain folder is not found", async () => {
    const folder = tempFolder();
    await writeFile(path.join(folder, "file"), "");
    for (const place of [path.join(folder, "missing"), path.join(folder, "file"), folder]) {
      await expect(openCheckout(createSource(), place)).rejects.toMatchObject({
        code: "REPOSITORY_NOT_FOUND",
        message: expect.stringContaining(place) as string,
      });
    }
  });

  it("is not looked for in folders above, but named in the hint", async () => {
    const repository = await createRepository({ "sub/a.yaml": "a\n" });
    await expect(openCheckout(createSource(), path.join(repository, "sub"))).rejects.toMatchObject({
      code: "REPOSITORY_NOT_FOUND",
      hint: expect.stringContaining(repository) as string,
    });
  });

  it("is not looked for beside a folder that is none", async () => {
    const folder = tempFolder();
    await mkdir(path.join(folder, "shop"));
    git(folder, ["init", "--quiet", "--bare", "shop.git"]);
    await expect(openCheckout(createSource(), path.join(folder, "shop"))).rejects.toMatchObject({
      code: "REPOSITORY_NOT_FOUND",
    });
  });
});
