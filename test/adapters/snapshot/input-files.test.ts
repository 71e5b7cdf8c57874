import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { listFiles } from "../../../src/adapters/snapshot/list-files.ts";
import { readFileObjects, readStreamObjects } from "../../../src/adapters/snapshot/read-objects.ts";
import { hasPipes, makePipe } from "../../support/pipes.ts";
import { snapshotLimits } from "../../../src/core/manifest/limits.ts";
import { folderWith, streamOf, virtualService } from "./folder.ts";

async function list(folder: string) {
  const { files, unchecked } = await listFiles(folder, "live");
  return {
    names: files.map(({ name }) => name),
    unchecked: unchecked.map(({ what, code }) => `${what} ${code}`),
  };
}

const limits = { ...snapshotLimits, bytes: 1024 };

describe("listFiles", () => {
  it("lists manifests in the order of names, folders among them, and leaves out what is hidden", async () => {
    const folder = await folderWith({
      "b.yaml": "",
      "a/z.yml": "",
      "a/b/c.json": "",
      ".x/y.yaml": "",
      "n.txt": "",
    });
    await mkdir(path.join(folder, "c.yaml"));
    expect(await list(folder)).toStrictEqual({
      names: ["live/a/b/c.json", "live/a/z.yml", "live/b.yaml"],
      unchecked: [],
    });
    expect((await list(`${folder}/`)).names).toHaveLength(3);
  });

  it("follows symlinks inside the folder, each folder once, and reports those that lead out of it", async () => {
    const outside = await folderWith({ "o.yaml": virtualService("o") });
    const folder = await folderWith({ "data/a.yaml": virtualService("a") });
    await symlink("data/a.yaml", path.join(folder, "link.yaml"));
    await symlink(".", path.join(folder, "loop"));
    await symlink(outside, path.join(folder, "outside"));
    await symlink("../".repeat(20) + "etc/hosts", path.join(folder, "system.yaml"));
    await symlink("gone.yaml", path.join(folder, "dangling.yaml"));
    expect(await list(folder)).toStrictEqual({
      names: ["live/data/a.yaml", "live/link.yaml"],
      unchecked: [
        "live/dangling.yaml FILE_UNREADABLE",
        "live/outside LINK_NOT_FOLLOWED",
        "live/system.yaml LINK_NOT_FOLLOWED",
      ],
    });
  });

  it("follows the folder itself where it is a symlink", async () => {
    const folder = await folderWith({ "data/a.yaml": virtualService("a") });
    await symlink("data", path.join(folder, "current"));
    expect((await list(path.join(folder, "current"))).names).toStrictEqual(["live/a.yaml"]);
  });
});

it.skipIf(!hasPipes)("does not wait for a pipe in a folder, also behind a link, and names it", async () => {
  const folder = await folderWith({ "a.yaml": virtualService("a") });
  makePipe(path.join(folder, "b.yaml"));
  makePipe(path.join(folder, "notes"));
  await symlink("notes", path.join(folder, "c.yaml"));
  expect(await list(folder)).toStrictEqual({
    names: ["live/a.yaml"],
    unchecked: ["live/b.yaml FILE_UNREADABLE", "live/c.yaml FILE_UNREADABLE"],
  });
});

describe("readFileObjects", () => {
  it("refuses a file by its size before it reads it", async () => {
    const folder = await folderWith({ "a.yaml": "#".repeat(1024), "b.yaml": "#".repeat(1025) });
    const readSize = (name: string) => readFileObjects({ path: path.join(folder, name), name }, limits);
    expect((await readSize("a.yaml")).unchecked).toStrictEqual([]);
    expect((await readSize("b.yaml")).unchecked).toMatchObject([
      { what: "b.yaml", code: "MANIFEST_TOO_LARGE", reason: "it is larger than 1 KiB" },
    ]);
  });

  it("reports a file that went away", async () => {
    const { unchecked } = await readFileObjects({ path: "/nowhere/a.yaml", name: "a.yaml" }, limits);
    expect(unchecked).toMatchObject([
      { what: "a.yaml", code: "FILE_UNREADABLE", reason: "it cannot be read (ENOENT)" },
    ]);
  });
});

describe("readStreamObjects", () => {
  it("stops beyond the limit", async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += 100;
        await Promise.resolve();
        yield Buffer.from("#".repeat(100));
      }
    }
    const { unchecked } = await readStreamObjects(endless(), limits);
    expect(unchecked).toMatchObject([{ what: "standard input", code: "MANIFEST_TOO_LARGE" }]);
    expect(taken).toBe(1100);
  });

  it("puts characters together that were split between pieces", async () => {
    const { objects } = await readStreamObjects(streamOf("name: größer, 世界 😀\n"), limits);
    expect(objects).toStrictEqual([{ object: { name: "größer, 世界 😀" }, line: 1 }]);
  });
});
