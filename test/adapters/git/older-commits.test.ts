import { expect, it } from "vitest";
import { commitFiles, createRepository, createSource, git, headOf } from "./test-repository.ts";

const files = { "overlays/eu1/a.yaml": "a: 1\n", "base/b.yaml": "b: 1\n", "other.yaml": "o: 1\n" };

async function open(folder: string, revision = "main") {
  return createSource().checkout({ repository: folder, revision, allowStaleMs: 0 });
}

it("gives the commits that touched any of the files, newest first, at most so many", async () => {
  const folder = await createRepository(files);
  const first = headOf(folder);
  const second = await commitFiles(folder, { "base/b.yaml": "b: 2\n" }, "Base");
  await commitFiles(folder, { "other.yaml": "o: 2\n" }, "Other");
  const third = await commitFiles(folder, { "overlays/eu1/a.yaml": "a: 2\n" }, "Overlay");
  const checkout = await open(folder);
  const paths = ["overlays/eu1/a.yaml", "base/b.yaml"];
  expect((await checkout.commitsTouching(paths, 5)).map(({ sha }) => sha)).toEqual([third, second, first]);
  expect((await checkout.commitsTouching(paths, 2)).map(({ subject }) => subject)).toEqual([
    "Overlay",
    "Base",
  ]);
  expect(await checkout.commitsTouching([], 5)).toEqual([]);
  const many = Array.from({ length: 600 }, (_, index) => `base/${String(index)}.yaml`);
  expect((await checkout.commitsTouching(many, 5)).map(({ sha }) => sha)).toEqual([second, first]);
  expect(await checkout.commitsTouching([":(exclude)base", "--all"], 5)).toEqual([]);
  await checkout.close();
});

it("knows which commit stands in the history of which, and of foreign ones nothing", async () => {
  const folder = await createRepository(files);
  const first = headOf(folder);
  const second = await commitFiles(folder, { "other.yaml": "o: 2\n" }, "Other");
  git(folder, ["checkout", "--quiet", "-b", "side", first]);
  const side = await commitFiles(folder, { "other.yaml": "o: 3\n" }, "Side");
  git(folder, ["checkout", "--quiet", "main"]);
  const { isAncestor, close } = await open(folder);
  expect(await isAncestor(first, second)).toBe(true);
  expect(await isAncestor(second, second)).toBe(true);
  expect(await isAncestor(second, first)).toBe(false);
  expect(await isAncestor(side, second)).toBe(false);
  expect(await isAncestor("0".repeat(40), second)).toBeUndefined();
  expect(await isAncestor("main", second)).toBeUndefined();
  await close();
});
