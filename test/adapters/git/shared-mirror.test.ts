import { readdir, rename } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { servePrivate, tokenAccess } from "./private-server.ts";
import { serveSmart } from "./smart-server.ts";
import { createRepository, createSource, openCheckout, tempFolder } from "./test-repository.ts";

const day = 24 * 60 * 60 * 1000;

describe("two accesses to one repository", () => {
  it("share a mirror, and each has to be let in by itself", async () => {
    const server = await servePrivate();
    const [good, bad] = [await tokenAccess(), await tokenAccess("other\n")];
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({ cacheFolder, parentEnv: server.env });
    const results = await Promise.allSettled(
      [good, bad, undefined].map((access) =>
        openCheckout(source, server.url, { ...(access && { access }), allowStaleMs: day }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    const names = await readdir(path.join(cacheFolder, "git"));
    expect(names.filter((name) => !name.startsWith("askpass-"))).toHaveLength(1);
  });

  it("may use the last fetch of a remote that is away only if they were let in lately", async () => {
    const server = await servePrivate();
    let now = new Date("2024-06-01T12:00:00Z");
    const source = createSource({ parentEnv: server.env, now: () => now });
    const [good, other] = [await tokenAccess(), await tokenAccess()];
    await openCheckout(source, server.url, { access: good });
    await server.stop();
    now = new Date("2024-06-02T00:00:00Z");
    const stale = await openCheckout(source, server.url, { access: good, allowStaleMs: day });
    expect(stale.staleSince).toBe("2024-06-01T12:00:00.000Z");
    for (const access of [other, undefined]) {
      await expect(
        openCheckout(source, server.url, { ...(access && { access }), allowStaleMs: day }),
      ).rejects.toMatchObject({ code: "REPOSITORY_UNREACHABLE" });
    }
  });

  it("read nothing of the last fetch once the remote refuses them", async () => {
    const server = await servePrivate();
    const source = createSource({ parentEnv: server.env });
    const access = await tokenAccess();
    await openCheckout(source, server.url, { access });
    server.login = () => 401;
    await expect(openCheckout(source, server.url, { access, allowStaleMs: day })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });
});

describe("a full id with a token", () => {
  it("that was read before needs no network for a day, and only for those who were let in", async () => {
    const server = await servePrivate();
    let now = new Date("2024-06-01T12:00:00Z");
    const source = createSource({ parentEnv: server.env, now: () => now });
    const access = await tokenAccess();
    const repository = await openCheckout(source, server.url, { access });
    const revision = repository.commit.sha;
    await openCheckout(source, server.url, { access, revision });
    const asked = server.requests.length;
    now = new Date("2024-06-02T12:00:00Z");
    const again = await openCheckout(source, server.url, { access, revision: revision.toUpperCase() });
    expect(again.commit.sha).toBe(revision);
    expect(again.staleSince).toBeUndefined();
    expect(server.requests).toHaveLength(asked);
    await expect(openCheckout(source, server.url, { revision })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
    server.login = () => 401;
    now = new Date("2024-06-02T12:00:01Z");
    await expect(openCheckout(source, server.url, { access, revision })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });
});

it("a mirror that another process is replacing is used once it is there, though nothing is recorded in it", async () => {
  const server = await serveSmart(await createRepository());
  const cacheFolder = path.join(tempFolder(), "cache");
  const source = createSource({ cacheFolder, parentEnv: server.env });
  const before = await openCheckout(source, server.url);
  const mirrors = path.join(cacheFolder, "git");
  const [name = "none"] = await readdir(mirrors);
  let moved = false;
  server.beforeAnswer = async () => {
    // Between the two renames of the other process: the old mirror is away, the new one is not there yet.
    if (!moved) await rename(path.join(mirrors, name), path.join(mirrors, "aside"));
    moved = true;
  };
  expect((await openCheckout(source, server.url)).commit).toEqual(before.commit);
  expect(moved).toBe(true);
});
