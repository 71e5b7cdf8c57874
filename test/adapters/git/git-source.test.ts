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

describe("a revision", () => {
  it("that is empty or HEAD is the branch the remote's HEAD names", async () => {
    const repository = await createRepository();
    git(repository, ["checkout", "--quiet", "-b", "trunk"]);
    const tip = await commitFiles(repository, { "a.yaml": "a: 2\n" }, "On trunk");
    const source = createSource();
    const checkout = await openCheckout(source, repository);
    const { commit } = await openCheckout(source, repository, { revision: "HEAD" });
    expect(commit).toEqual(checkout.commit);
    expect(checkout.commit).toEqual({
      sha: tip,
      author: "Ada",
      date: "2024-05-01T12:00:00+02:00",
      subject: "On trunk",
    });
    expect(checkout.repository).toBe(repository);
    expect(checkout.staleSince).toBeUndefined();
  });

  it("is a branch before it is a tag, and either by its full name", async () => {
    const repository = await createRepository();
    git(repository, ["tag", "twin"]);
    const tagged = headOf(repository);
    git(repository, ["checkout", "--quiet", "-b", "twin"]);
    const branch = await commitFiles(repository, {}, "On the branch");
    const source = createSource();
    const shaOf = async (revision: string) =>
      (await openCheckout(source, repository, { revision })).commit.sha;
    expect(await shaOf("twin")).toBe(branch);
    expect(await shaOf("refs/heads/twin")).toBe(branch);
    expect(await shaOf("refs/tags/twin")).toBe(tagged);
  });

  it("that Kustomize would fetch is the ref that Git fetches, where several have its name", async () => {
    const repository = await createRepository();
    const names = ["tags/v1", "heads/v1", "heads/heads/v1", "tags/tags/v1", "tags/refs/heads/v1"];
    for (const name of [...names, "heads/HEAD", "tags/HEAD", "heads/only", "tags/release"]) {
      await commitFiles(repository, {}, name);
      git(repository, ["update-ref", `refs/${name}`, "HEAD"]);
    }
    await commitFiles(repository, {}, "The default branch");
    const source = createSource();
    const elsewhere = await createRepository();
    for (const revision of [
      ...["v1", "heads/v1", "tags/v1", "refs/heads/v1", "refs/tags/v1"],
      ...["HEAD", "only", "heads/only", "release"],
    ]) {
      git(elsewhere, ["fetch", "--quiet", "--depth=1", `file://${repository}`, revision]);
      const { commit } = await openCheckout(source, repository, { revision, refOrder: "git-fetch" });
      expect(commit.sha, revision).toBe(headOf(elsewhere, "FETCH_HEAD"));
    }
    const pinned = await openCheckout(source, repository, { revision: "v1", refOrder: "git-fetch" });
    expect(pinned.revisionType).toBe("tag");
  });

  it("that is an annotated tag stands for its commit", async () => {
    const repository = await createRepository();
    git(repository, ["tag", "-a", "-m", "Release", "v1"]);
    git(repository, ["tag", "-a", "-m", "Release again", "v1-again", "v1"]);
    const source = createSource();
    for (const revision of ["v1", "v1-again"]) {
      const checkout = await openCheckout(source, repository, { revision });
      expect(checkout.commit.sha).toBe(headOf(repository));
    }
  });

  it("can be the full id of any commit that a branch holds", async () => {
    const repository = await createRepository();
    const first = headOf(repository);
    await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
    const checkout = await openCheckout(createSource(), repository, { revision: first });
    expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
  });

  it("that is a full id is that commit, whatever branches and tags are called like it", async () => {
    const repository = await createRepository();
    const first = headOf(repository);
    const second = await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
    for (const name of [`refs/heads/${first}`, `refs/heads/${first.toUpperCase()}`, `refs/tags/${first}`]) {
      git(repository, ["update-ref", name, second]);
    }
    const source = createSource();
    for (const revision of [first, first.toUpperCase()]) {
      expect((await openCheckout(source, repository, { revision })).commit.sha).toBe(first);
    }
  });

  it("may be a branch of 64 digits where ids have 40", async () => {
    const repository = await createRepository();
    const revision = "0".repeat(64);
    git(repository, ["update-ref", `refs/heads/${revision}`, "HEAD"]);
    const checkout = await openCheckout(createSource(), repository, { revision });
    expect(checkout.commit.sha).toBe(headOf(repository));
  });

  it.for([
    ["nothing has", "mian"],
    ["is an option", "--upload-pack=touch"],
    ["is an expression", "main^"],
    ["is a range", "a..b"],
    ["is a reflog entry", "main@{1}"],
    ["names a path", "main:a.yaml"],
    ["holds a newline", "main\nHEAD"],
    ["is a short id", "abcdef1"],
    ["is an unknown full id", "0123456789012345678901234567890123456789"],
  ])("that %s is not found, and names that look alike are told", async ([, revision = ""]) => {
    const repository = await createRepository();
    git(repository, ["tag", "v1"]);
    await expect(openCheckout(createSource(), repository, { revision })).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      hint: expect.stringContaining('"main"') as string,
    });
  });

  it("that is a tag on a file is not found, and what it is gets said", async () => {
    const repository = await createRepository();
    git(repository, ["tag", "a-file", "HEAD:a.yaml"]);
    await expect(openCheckout(createSource(), repository, { revision: "a-file" })).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      message: expect.stringContaining("blob") as string,
    });
  });

  it("is not found where there is no commit at all", async () => {
    const repository = tempFolder();
    git(repository, ["init", "--quiet"]);
    await expect(openCheckout(createSource(), repository)).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      message: expect.stringContaining("no commit yet") as string,
    });
  });

  it("must be named where the default branch has no commit but another has", async () => {
    const repository = await createRepository();
    git(repository, ["symbolic-ref", "HEAD", "refs/heads/unborn"]);
    const source = createSource();
    await expect(openCheckout(source, repository)).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      hint: expect.stringContaining('"main"') as string,
    });
    const checkout = await openCheckout(source, repository, { revision: "main" });
    expect(checkout.commit.sha).toBe(headOf(repository, "main"));
  });

  it("whose name looks like an option is a name and nothing else", async () => {
    const repository = await createRepository();
    const marker = path.join(tempFolder(), "marker");
    git(repository, ["update-ref", `refs/heads/--upload-pack=touch-x`, "HEAD"]);
    git(repository, ["update-ref", `refs/heads/-o${marker.replaceAll("/", "_")}`, "HEAD"]);
    const checkout = await openCheckout(createSource(), repository);
    expect(checkout.commit.sha).toBe(headOf(repository));
    const revision = "refs/heads/--upload-pack=touch-x";
    const byName = await openCheckout(createSource(), repository, { revision });
    expect(byName.commit.sha).toBe(headOf(repository));
  });
});

describe("a second checkout", () => {
  it("uses the mirror of the first, also where the cache folder is named relative to ours", async () => {
    const repository = await createRepository();
    const lines: string[] = [];
    const cacheFolder = path.relative(process.cwd(), path.join(tempFolder(), "cache"));
    const source = createSource({ cacheFolder, onProgress: (line) => lines.push(line) });
    await openCheckout(source, repository);
    const fetched = lines.length;
    expect(lines.join("\n")).toContain("refs/drift/heads/main");
    expect((await openCheckout(source, repository)).commit.sha).toBe(headOf(repository));
    expect(lines).toHaveLength(fetched);
  });

  it("sees new commits, and the first one stays as it was", async () => {
    const repository = await createRepository();
    const source = createSource();
    const before = await openCheckout(source, repository);
    await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
    const after = await openCheckout(source, repository);
    expect(await readText(before, "a.yaml")).toBe("a: 1\n");
    expect(await readText(after, "a.yaml")).toBe("a: 2\n");
  });

  it("follows a branch that was forced to another history", async () => {
    const repository = await createRepository();
    const source = createSource();
    await openCheckout(source, repository);
    git(repository, ["checkout", "--quiet", "--orphan", "other"]);
    const forced = await commitFiles(repository, { "b.yaml": "b: 1\n" }, "Another history");
    git(repository, ["branch", "--force", "main", "other"]);
    const checkout = await openCheckout(source, repository, { revision: "main" });
    expect(checkout.commit.sha).toBe(forced);
    expect(await readText(checkout, "b.yaml")).toBe("b: 1\n");
  });

  it("does not find a branch that was deleted, and finds one that took a folder's place", async () => {
    const repository = await createRepository();
    git(repository, ["branch", "team"]);
    const warnings: string[] = [];
    const source = createSource({ onWarning: (message) => warnings.push(message) });
    await openCheckout(source, repository, { revision: "team" });
    git(repository, ["branch", "-D", "team"]);
    git(repository, ["branch", "team/a"]);
    const checkout = await openCheckout(source, repository, { revision: "team/a" });
    expect(checkout.commit.sha).toBe(headOf(repository));
    await expect(openCheckout(source, repository, { revision: "team" })).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
    });
    expect(warnings).toEqual([]);
  });

  it("sees another default branch although no commit is new", async () => {
    const repository = await createRepository();
    git(repository, ["branch", "old"]);
    const second = await commitFiles(repository, {}, "Second");
    const source = createSource();
    expect((await openCheckout(source, repository)).commit.sha).toBe(second);
    git(repository, ["symbolic-ref", "HEAD", "refs/heads/old"]);
    expect((await openCheckout(source, repository)).commit.sha).toBe(headOf(repository, "old"));
  });
});
