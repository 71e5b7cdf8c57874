import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { serveSmart } from "./smart-server.ts";
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

/** The one mirror in a cache folder. */
async function mirrorIn(cacheFolder: string): Promise<string> {
  const [name = "none"] = await readdir(path.join(cacheFolder, "git"));
  return path.join(cacheFolder, "git", name);
}

const pinsOf = (mirror: string) =>
  git(mirror, ["for-each-ref", "--format=%(objectname)", "refs/drift/pins/"]).split("\n").filter(Boolean);

/** Commits, and takes the branch back: the commit is on no branch any more. Returns its id. */
async function forcePushAway(repository: string): Promise<string> {
  const before = headOf(repository);
  const gone = await commitFiles(repository, { "a.yaml": "a: gone\n", "only/there.yaml": "x\n" }, "Gone");
  git(repository, ["reset", "--quiet", "--hard", before]);
  return gone;
}

/** Damages every pack in place, also for a process that has it open. */
async function zeroPacks(mirror: string): Promise<void> {
  const folder = path.join(mirror, "objects", "pack");
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".pack")) continue;
    const file = path.join(folder, name);
    await chmod(file, 0o644);
    await writeFile(file, (await readFile(file)).fill(0, 12));
  }
}

/** Forgets what no ref holds. */
function prune(repository: string): void {
  git(repository, ["reflog", "expire", "--expire=now", "--all"]);
  git(repository, ["gc", "--quiet", "--prune=now"]);
}

describe("what a revision is", () => {
  it.for([
    ["", "default"],
    ["HEAD", "default"],
    ["main", "branch"],
    ["refs/heads/main", "branch"],
    ["v1", "tag"],
    ["refs/tags/v1", "tag"],
    ["v1-annotated", "tag"],
    ["twin", "branch"],
  ] as const)("is told: %j is a %s", async ([revision, type]) => {
    const repository = await createRepository();
    for (const args of [["v1"], ["twin"], ["-a", "-m", "Release", "v1-annotated"]])
      git(repository, ["tag", ...args]);
    git(repository, ["branch", "twin"]);
    const checkout = await openCheckout(createSource(), repository, { revision });
    expect(checkout.revisionType).toBe(type);
    expect(checkout.revision).toBe(revision);
  });

  it("is told: a full id is a commit, whatever is called like it", async () => {
    const repository = await createRepository();
    const revision = headOf(repository);
    git(repository, ["update-ref", `refs/heads/${revision}`, "HEAD"]);
    const checkout = await openCheckout(createSource(), repository, { revision });
    expect(checkout.revisionType).toBe("commit");
  });
});

describe("a commit that was force-pushed away", () => {
  it.for([
    ["gives out any object (version 2)", true, undefined],
    ["allows it for any object", false, "uploadpack.allowAnySHA1InWant"],
  ] as const)("is fetched by its id from a remote that %s", async ([, version2, allowed]) => {
    const repository = await createRepository();
    const gone = await forcePushAway(repository);
    if (allowed !== undefined) git(repository, ["config", allowed, "true"]);
    const server = await serveSmart(repository);
    server.version2 = version2;
    const checkout = await openCheckout(createSource({ parentEnv: server.env }), server.url, {
      revision: gone,
    });
    expect(checkout.commit).toMatchObject({ sha: gone, subject: "Gone" });
    expect(await readText(checkout, "only/there.yaml")).toBe("x\n");
    expect((await checkout.lastCommits(["a.yaml"])).get("a.yaml")?.sha).toBe(gone);
  });

  it.for([
    ["gives out only what it lists", false],
    ["has lost it too", true],
  ] as const)("is not found where the remote %s, and that is said", async ([, version2]) => {
    const repository = await createRepository();
    const revision = await forcePushAway(repository);
    if (version2) prune(repository);
    const server = await serveSmart(repository);
    server.version2 = version2;
    const warnings: string[] = [];
    const source = createSource({ parentEnv: server.env, onWarning: (message) => warnings.push(message) });
    await expect(openCheckout(source, server.url, { revision })).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      message: expect.stringContaining(revision) as string,
      hint: expect.stringMatching(/no longer, on any branch or tag.*"main"/) as string,
    });
    expect(warnings).toEqual([]);
  });

  it("is still read where it was read before, although the remote and the mirror have pruned", async () => {
    const repository = await createRepository();
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder });
    const before = headOf(repository);
    const gone = await commitFiles(repository, { "only/there.yaml": "x\n" }, "Gone");
    expect((await openCheckout(source, repository, { revision: gone })).commit.sha).toBe(gone);
    git(repository, ["reset", "--quiet", "--hard", before]);
    prune(repository);
    await commitFiles(repository, { "b.yaml": "b\n" }, "Another");
    await openCheckout(source, repository);
    prune(await mirrorIn(cacheFolder));
    const checkout = await openCheckout(source, repository, { revision: gone });
    expect(await readText(checkout, "only/there.yaml")).toBe("x\n");
  });

  it.for([
    ["is read and held from then on while the mirror still has all of it", false],
    ["is not found where the mirror has lost a part of it", true],
  ] as const)("that was never asked for %s", async ([, damaged]) => {
    const repository = await createRepository();
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder });
    const before = headOf(repository);
    const gone = await commitFiles(repository, { "only/there.yaml": "x\n" }, "Gone");
    const blob = git(repository, ["rev-parse", "HEAD:only/there.yaml"]).trim();
    await openCheckout(source, repository);
    git(repository, ["reset", "--quiet", "--hard", before]);
    prune(repository);
    await openCheckout(source, repository);
    const mirror = await mirrorIn(cacheFolder);
    if (damaged) {
      git(mirror, ["config", "gc.cruftPacks", "false"]);
      git(mirror, ["repack", "-q", "-A", "-d", "--unpack-unreachable=2.days.ago"]);
      await rm(path.join(mirror, "objects", blob.slice(0, 2), blob.slice(2)));
      await expect(openCheckout(source, repository, { revision: gone })).rejects.toMatchObject({
        code: "REVISION_NOT_FOUND",
      });
      return;
    }
    expect((await openCheckout(source, repository, { revision: gone })).commit.sha).toBe(gone);
    prune(mirror);
    const checkout = await openCheckout(source, repository, { revision: gone });
    expect(await readText(checkout, "only/there.yaml")).toBe("x\n");
  });
});

describe("a held id", () => {
  it("outlives fetches that prune, and a mirror that is made anew has it again", async () => {
    const repository = await createRepository();
    const gone = await forcePushAway(repository);
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder });
    const first = await openCheckout(source, repository, { revision: gone });
    await commitFiles(repository, { "b.yaml": "b\n" }, "Another");
    await openCheckout(source, repository);
    const mirror = await mirrorIn(cacheFolder);
    expect(pinsOf(mirror)).toEqual([gone]);
    await zeroPacks(mirror);
    expect(await readText(first, "only/there.yaml")).toBe("x\n");
    expect(pinsOf(mirror)).toEqual([gone]);
    await rm(path.join(mirror, "objects"), { recursive: true });
    const second = await openCheckout(source, repository, { revision: gone });
    expect(await readText(second, "only/there.yaml")).toBe("x\n");
  });

  it("that cannot be fetched into a damaged mirror has it made anew", async () => {
    const repository = await createRepository();
    const gone = await forcePushAway(repository);
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder });
    await openCheckout(source, repository);
    await rm(path.join(await mirrorIn(cacheFolder), "objects"), { recursive: true });
    const checkout = await openCheckout(source, repository, { revision: gone });
    expect(await readText(checkout, "only/there.yaml")).toBe("x\n");
  });

  it("is one of 64 at most: the oldest goes, also where a process died before it could say so", async () => {
    const repository = await createRepository();
    const tree = git(repository, ["rev-parse", "HEAD^{tree}"]).trim();
    const subjects = Array.from({ length: 66 }, (_, i) => String(i));
    const ids = subjects.map((subject) => git(repository, ["commit-tree", "-m", subject, tree]).trim());
    const create = (folder: string) => ids.map((id) => `create ${folder}/${id} ${id}\n`);
    git(repository, ["update-ref", "--stdin"], create("refs/heads").join(""));
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder });
    await (await openCheckout(source, repository)).close();
    const mirror = await mirrorIn(cacheFolder);
    const pinsFile = path.join(mirror, "drift-pins.json");
    await writeFile(pinsFile, JSON.stringify(ids.slice(0, 64)));
    git(mirror, ["update-ref", "--stdin"], create("refs/drift/pins").slice(0, 64).join(""));
    git(mirror, ["update-ref", `refs/drift/pins/${tree}`, tree]);
    for (const revision of ids.slice(64)) await openCheckout(source, repository, { revision });
    expect(pinsOf(mirror).sort()).toEqual(ids.slice(2).sort());
    const kept: unknown = JSON.parse(await readFile(pinsFile, "utf8"));
    expect(kept).toEqual(ids.slice(2));
  });

  it("needs no network, but a branch does", async () => {
    const repository = await createRepository();
    const server = await serveSmart(repository);
    const source = createSource({ parentEnv: server.env });
    const revision = headOf(repository);
    await openCheckout(source, server.url, { revision });
    await server.stop();
    const checkout = await openCheckout(source, server.url, { revision });
    expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
    expect(checkout.staleSince).toBeUndefined();
    await expect(openCheckout(source, server.url, { revision: "main" })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });

  it("that the last fetch of a remote that is away has is read, and another one is not found", async () => {
    const repository = await createRepository();
    const server = await serveSmart(repository);
    const source = createSource({ parentEnv: server.env });
    await openCheckout(source, server.url);
    await server.stop();
    const allowStaleMs = 1000;
    const checkout = await openCheckout(source, server.url, { revision: headOf(repository), allowStaleMs });
    expect(checkout.staleSince).toBe("2024-06-01T12:00:00.000Z");
    await expect(
      openCheckout(source, server.url, { revision: "1".repeat(40), allowStaleMs }),
    ).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
      hint: expect.stringContaining("the remote is away") as string,
    });
  });

  it("cannot be had from a remote that breaks while it is fetched, which is not called missing", async () => {
    const repository = await createRepository();
    const gone = await forcePushAway(repository);
    const server = await serveSmart(repository);
    const source = createSource({ parentEnv: server.env });
    await openCheckout(source, server.url);
    const fetches = () => server.requests.filter((request) => request.startsWith("POST ")).length;
    const listed = fetches();
    server.login = () => (fetches() > listed + 2 ? 500 : 200);
    await expect(openCheckout(source, server.url, { revision: gone })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });
});

describe("several repositories and revisions", () => {
  it("are opened at the same time, each with its own content and one mirror a repository", async () => {
    const [one, two] = [
      await createRepository({ "a.yaml": "one\n" }),
      await createRepository({ "a.yaml": "two\n" }),
    ];
    const first = headOf(one);
    git(one, ["tag", "v1"]);
    await commitFiles(one, { "a.yaml": "one, second\n" }, "Second");
    const gone = await forcePushAway(one);
    const server = await serveSmart(one);
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder, parentEnv: server.env });
    const asked = [
      ...["main", "v1", first, gone, gone, ""].map((revision) => ({ repository: server.url, revision })),
      ...["main", headOf(two)].map((revision) => ({ repository: two, revision })),
    ];
    const checkouts = await Promise.all(
      asked.map(({ repository, revision }) => openCheckout(source, repository, { revision })),
    );
    const texts = await Promise.all(checkouts.map((checkout) => readText(checkout, "a.yaml")));
    const second = "one, second\n";
    expect(texts).toEqual([second, "one\n", "one\n", "a: gone\n", "a: gone\n", second, "two\n", "two\n"]);
    expect(await readdir(path.join(cacheFolder, "git"))).toHaveLength(2);
    const listings = server.requests.filter((request) => request.startsWith("GET "));
    // One listing and one fetch for all, and one of each for what only its id leads to.
    expect(listings).toHaveLength(4);
  });
});
