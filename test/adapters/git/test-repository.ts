import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { onTestFinished, vi } from "vitest";

import { createGitSource, type GitSourceOptions } from "../../../src/adapters/git/git-source.ts";
import type { Checkout, SourcePort, SourceRequest } from "../../../src/ports/source.ts";

// Real processes take their time on a busy machine; what must be quick says so itself.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** A folder that goes away with the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-git-")));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs real Git as "Ada", without the configuration of this machine. */
export function git(folder: string, args: readonly string[], input?: string | Buffer): string {
  return execFileSync("git", args, {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    ...(input === undefined ? {} : { input }),
    maxBuffer: 64 * 1024 ** 2,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: "2024-05-01T12:00:00+02:00",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_COMMITTER_DATE: "2024-05-01T12:00:00+02:00",
    },
  }).toString("utf8");
}

/** A work tree with one commit on branch "main" that holds the given files. */
export async function createRepository(
  files: Readonly<Record<string, string>> = { "a.yaml": "a: 1\n" },
  initArguments: readonly string[] = [],
): Promise<string> {
  const folder = tempFolder();
  git(folder, ["init", "--quiet", "--template=", "--initial-branch=main", ...initArguments]);
  await commitFiles(folder, files, "First");
  return folder;
}

/** Writes files and commits everything; returns the commit's id. */
export async function commitFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  message: string,
): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  git(folder, ["add", "--all"]);
  git(folder, ["commit", "--quiet", "--allow-empty", "-m", message]);
  return headOf(folder);
}

/** The commit a revision stands for. */
export function headOf(folder: string, revision = "HEAD"): string {
  return git(folder, ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`]).trim();
}

/** A source with a cache folder of its own, at noon of a fixed day unless told otherwise. */
export function createSource(options: Partial<GitSourceOptions> = {}): SourcePort {
  return createGitSource({
    cacheFolder: path.join(tempFolder(), "cache"),
    now: () => new Date("2024-06-01T12:00:00Z"),
    timeoutMs: 20_000,
    ...options,
  });
}

/** Opens a checkout that is closed with the test. */
export async function openCheckout(
  source: SourcePort,
  repository: string,
  request: Partial<SourceRequest> = {},
): Promise<Checkout> {
  const checkout = await source.checkout({ repository, revision: "", allowStaleMs: 0, ...request });
  onTestFinished(() => checkout.close());
  return checkout;
}

/** The content of one file of a checkout. */
export async function readText(checkout: Checkout, file: string): Promise<string> {
  const [blob] = await checkout.readBlobs([checkout.tree.get(file)?.oid ?? "not in the tree"]);
  return Buffer.from(blob ?? []).toString("utf8");
}
