import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, it } from "vitest";

import { createSource, git, openCheckout, readText, tempFolder } from "./test-repository.ts";

const count = 50_000;

const pathOf = (i: number) =>
  `apps/team-${String(i % 50)}/service-${String(i % 1000)}/overlays/prod/file-${String(i)}.yaml`;
/** So few different ones that the fetch, which is not what is looked at, takes little time. */
const contentOf = (i: number) => `name: file-${String(i % 100)}\n`;

/** One commit of 50,000 small files, as `git fast-import` takes it. */
function manyFiles(): string {
  const files = Array.from({ length: count }, (_, i) => {
    const content = contentOf(i);
    return `M 100644 inline ${pathOf(i)}\ndata ${String(content.length)}\n${content}\n`;
  });
  return `commit refs/heads/main\ncommitter Ada <ada@example.com> 1714557600 +0200\ndata 5\nFirst\n${files.join("")}`;
}

it("a repository of 50,000 files is opened in little time, and only files that are asked for are read", async () => {
  const repository = tempFolder();
  git(repository, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main"]);
  git(repository, ["fast-import", "--quiet"], manyFiles());
  const [folder, realPath] = [tempFolder(), process.env["PATH"] ?? ""];
  const log = path.join(folder, "log");
  const lines = [
    "#!/bin/sh",
    `PATH='${realPath}'`,
    `case "$*" in *cat-file*) tee -a '${log}' | git "$@";; *) exec git "$@";; esac`,
  ];
  await writeFile(path.join(folder, "git"), lines.join("\n"), { mode: 0o755 });
  const source = createSource({ parentEnv: { PATH: `${folder}:${realPath}` } });
  await (await openCheckout(source, repository)).close();
  const started = performance.now();
  const checkout = await openCheckout(source, repository);
  // A tenth of this on a machine with nothing else to do.
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(checkout.tree.size).toBe(count);
  const before = await readFile(log, "utf8");
  for (const i of [0, 777, count - 1]) expect(await readText(checkout, pathOf(i))).toBe(contentOf(i));
  const asked = (await readFile(log, "utf8")).slice(before.length).trim().split("\n");
  expect(asked).toEqual([0, 777, count - 1].map((i) => checkout.tree.get(pathOf(i))?.oid));
  // The first checkout and the second: the commit, and nothing else.
  expect(before).toBe(`${checkout.commit.sha}^{commit}\n`.repeat(2));
});
