import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { byLine } from "../../../src/adapters/git/git-command.ts";
import {
  createRepository,
  createSource,
  git,
  openCheckout,
  readText,
  tempFolder,
} from "./test-repository.ts";

const realPath = process.env["PATH"] ?? "";

/** Lines of a shell script that end in the real Git with the same arguments. */
const realGit = `PATH='${realPath}' exec git "$@"`;

/** The stand-ins need no program but the shell and Node. */
const node = `'${process.execPath}' -e`;
const waitAMinute = `exec ${node} 'setTimeout(() => {}, 60000)'`;

/** An environment in which a shell script of ours is found before the real program. */
async function standIn(program: string, ...lines: readonly string[]): Promise<{ PATH: string }> {
  const folder = tempFolder();
  await writeFile(path.join(folder, program), ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(path.join(folder, program), 0o755);
  return { PATH: `${folder}:${realPath}` };
}

describe("an ssh repository", () => {
  it.for(["ssh://git@host.invalid/PATH", "git@host.invalid:/PATH"])(
    "is read through ssh in batch mode, with the agent and without the rest of the environment: %s",
    async (form) => {
      const repository = await createRepository({ "a.yaml": "a: ssh\n" });
      const log = path.join(tempFolder(), "log");
      const environment = await standIn(
        "ssh",
        `echo "$@" >> '${log}'`,
        `echo "agent=$SSH_AUTH_SOCK home=$HOME secret=$SECRET" >> '${log}'`,
        'for last; do :; done; eval "exec $last"',
      );
      const parentEnv = { ...environment, HOME: "/home/ada", SSH_AUTH_SOCK: "/run/agent", SECRET: "x" };
      const url = form.replace("/PATH", repository);
      const checkout = await openCheckout(createSource({ parentEnv }), url);
      expect(await readText(checkout, "a.yaml")).toBe("a: ssh\n");
      const calls = await readFile(log, "utf8");
      expect(calls).toContain("-o BatchMode=yes");
      expect(calls).toContain("git@host.invalid");
      expect(calls).toContain("agent=/run/agent home=/home/ada secret=\n");
    },
  );

  it("is unreachable where ssh fails, and what steers a terminal is cut from its words", async () => {
    const words = "\\033[31mno https://ada:hunter2@example.com/ \\007\\n";
    const parentEnv = await standIn("ssh", `printf '${words}' >&2`, "exit 255");
    await expect(openCheckout(createSource({ parentEnv }), "git@host.invalid:x")).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      details: expect.arrayContaining(["no https://***@example.com/"]) as string[],
    });
  });
});

describe("Git", () => {
  it("is missing where PATH has none", async () => {
    const source = createSource({ parentEnv: { PATH: tempFolder() } });
    await expect(openCheckout(source, await createRepository())).rejects.toMatchObject({
      code: "GIT_MISSING",
    });
  });

  it("is missing where it is too old to be kept from the user's configuration, and is not used", async () => {
    const log = path.join(tempFolder(), "log");
    const parentEnv = await standIn("git", `echo "$@" >> '${log}'`, "echo git version 2.31.9");
    await expect(openCheckout(createSource({ parentEnv }), await createRepository())).rejects.toMatchObject({
      code: "GIT_MISSING",
      message: expect.stringContaining("2.31.9") as string,
    });
    expect(await readFile(log, "utf8")).toBe("version\n");
  });

  it("that does not answer is given up in time", async () => {
    const parentEnv = await standIn("git", `case "$*" in *cat-file*) ${waitAMinute};; esac`, realGit);
    await expect(
      openCheckout(createSource({ parentEnv, timeoutMs: 1_000 }), await createRepository()),
    ).rejects.toMatchObject({ code: "GIT_TIMEOUT" });
  });

  it("is stopped while it fetches more than a mirror may take", async () => {
    const parentEnv = await standIn(
      "git",
      'case "$*" in *" fetch "*)',
      `${node} 'require("fs").writeFileSync(process.argv[1], Buffer.alloc(100000))' "\${1#--git-dir=}/objects/pack/tmp_pack_x"`,
      `${waitAMinute};; esac`,
      realGit,
    );
    const source = createSource({ parentEnv, maxRepositoryBytes: 50_000 });
    const start = performance.now();
    await expect(openCheckout(source, await createRepository())).rejects.toMatchObject({
      code: "GIT_TOO_LARGE",
    });
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it("tells its progress line by line, and an error tells none of it", async () => {
    const said = [
      "remote: Enumerating objects: 7, done.",
      "remote: Counting objects:  57% (4/7)\\rremote: Counting objects: 100% (7/7), done.",
      "remote: Total 7 (delta 0), reused 0 (delta 0), pack-reused 0",
      "Receiving objects:  45% (3/7), 1.20 MiB | 3.00 MiB/s",
      "error: the disk is full",
      "Receiving objects:  46% (3/7)",
    ];
    const fetch = `printf '${said.join("\\n").replaceAll("%", "%%")}\\n' >&2; exit 1`;
    const parentEnv = await standIn("git", `case "$*" in *" fetch "*) ${fetch};; esac`, realGit);
    const lines: string[] = [];
    const source = createSource({ parentEnv, onProgress: (line) => lines.push(line) });
    await expect(openCheckout(source, await createRepository())).rejects.toMatchObject({
      code: "GIT_FAILED",
      details: ["error: the disk is full"],
    });
    expect(lines).toContain("Receiving objects:  45% (3/7), 1.20 MiB | 3.00 MiB/s");
    expect(lines).toHaveLength(7);
  });

  it("tells no part of a progress line that is too long to be kept: it could be a part of a secret", () => {
    const lines: string[] = [];
    const tell = byLine((line) => lines.push(line));
    for (const piece of ["one\rtw", "o\nsecret", "-".repeat(999), "secret", "-\nth", "ree\nfour"])
      tell(piece);
    expect(lines).toEqual(["one", "two", "three"]);
  });

  it("is asked for one listing and one fetch by checkouts that are opened at once", async () => {
    const repository = await createRepository();
    git(repository, ["branch", "other"]);
    const log = path.join(tempFolder(), "log");
    const source = createSource({ parentEnv: await standIn("git", `echo "$@" >> '${log}'`, realGit) });
    await Promise.all(
      ["main", "other", ""].map((revision) => openCheckout(source, repository, { revision })),
    );
    const calls = (await readFile(log, "utf8")).split("\n");
    expect(calls.filter((call) => call.includes(" ls-remote "))).toHaveLength(1);
    expect(calls.filter((call) => call.includes(" fetch "))).toHaveLength(1);
  });

  it.for([
    ["ends in the middle of an object", 'echo "$name blob 100"; echo cut'],
    ["prints something else", "echo hello; cat"],
    ["gives the bytes of another object", 'echo "$name blob 5"; echo wrong'],
    ["says that a file is a folder", 'echo "$name tree 0"; echo'],
    ["says that there is none", 'echo "$name missing"'],
    ["ends at once", "exit 0"],
  ])("that %s causes an error and gives no content", async ([, answer = ""]) => {
    const repository = await createRepository();
    const oid = git(repository, ["rev-parse", "HEAD:a.yaml"]).trim();
    const parentEnv = await standIn(
      "git",
      `PATH='${realPath}'`,
      'case "$*" in *cat-file*) ;; *) exec git "$@";; esac',
      "while read name; do",
      `if [ "$name" = ${oid} ]; then ${answer}; exit 0; fi`,
      'echo "$name" | git "$@"',
      "done",
    );
    const checkout = await openCheckout(createSource({ parentEnv }), repository);
    await expect(readText(checkout, "a.yaml")).rejects.toMatchObject({ code: "GIT_FAILED" });
  });
});
