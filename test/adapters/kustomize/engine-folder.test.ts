import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inEngineFolder, writeBlobs } from "../../../src/adapters/kustomize/engine-folder.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";

const noWarning = (message: string) => {
  throw new Error(message);
};

async function write(files: Files, look: (tree: string) => void): Promise<void> {
  const checkout = checkoutOf(files);
  const entries = [...checkout.tree].map(([path, { oid }]) => [path, oid] as const);
  await inEngineFolder(noWarning, async ({ tree }) => {
    await writeBlobs(checkout, entries, tree);
    look(tree);
  });
}

describe("the folder of an engine", () => {
  it("holds each file as it is in Git, for nobody else to read", async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`many/${String(i)}`, `content ${String(i)}`]));
    const files = { ...many, "a/b/c.bin": Uint8Array.of(0, 255, 10), "top.yaml": "a: 1\r\n" };
    await write(files, (tree) => {
      expect(readdirSync(join(tree, "many"))).toHaveLength(150);
      for (const [path, content] of Object.entries(files)) {
        expect(readFileSync(join(tree, path))).toEqual(Buffer.from(content));
        expect(statSync(join(tree, path)).mode & 0o777).toBe(0o600);
      }
      for (const folder of ["", "a", "a/b", ".."]) expect(statSync(join(tree, folder)).mode & 0o777).toBe(0o700);
    });
  });

  it("is removed when the work fails", async () => {
    let root = "";
    const work = inEngineFolder(noWarning, (folder) => {
      root = folder.root;
      return Promise.reject(new Error("no luck"));
    });
    await expect(work).rejects.toThrow("no luck");
    expect(root).not.toBe("");
    expect(existsSync(root)).toBe(false);
  });

  it.for(["../x", "a/../../x", "/x", "a//x", "./x", "a/.", "a\\..\\x", "a\0b", ""])("takes no file named %j", async (path) => {
    await expect(write({ [path]: "x" }, () => undefined)).rejects.toThrow("is not a path of a file");
  });

  it("takes no two files of the same path", async () => {
    const checkout = checkoutOf({ a: "x" });
    const oid = checkout.tree.get("a")?.oid ?? "";
    const twice = inEngineFolder(noWarning, ({ tree }) => writeBlobs(checkout, [["a", oid], ["a", oid]], tree));
    await expect(twice).rejects.toThrow("EEXIST");
  });
});
