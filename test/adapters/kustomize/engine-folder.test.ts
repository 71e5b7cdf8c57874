import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { inEngineFolder, writeBlobs } from "../../../src/adapters/kustomize/engine-folder.ts";
import { createEngineRenderer } from "../../../src/adapters/kustomize/engine-renderer.ts";
import { answering } from "./engine-stand-in.ts";
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

  it.for([
    ["there is none", "/nonexistent/drift", /^no temporary folder can be made: ENOENT/],
    ["it is a file", fileURLToPath(import.meta.url), /^no temporary folder can be made: ENOTDIR/],
  ] as const)("stops the run with a hint where the folder for it cannot be used: %s", async ([, folder, message]) => {
    vi.stubEnv("TMPDIR", folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const open = createEngineRenderer({ engine: "kustomize", inner: answering([]), env: {}, onWarning: noWarning });
    await expect(open).rejects.toMatchObject({
      code: "TEMPORARY_FOLDER_FAILED",
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining(folder) as string,
    });
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
