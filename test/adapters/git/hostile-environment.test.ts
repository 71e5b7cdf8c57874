import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { gitEnvironment } from "../../../src/adapters/git/environment.ts";
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

describe("the environment of Git", () => {
  it("holds nothing of the parent's but what the transport needs", () => {
    const parent = Object.fromEntries(
      [
        ...["PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "GIT_SSL_CAINFO", "https_proxy", "NO_PROXY"],
        ...["GIT_DIR", "GIT_CONFIG_PARAMETERS", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_ASKPASS"],
        ...["SSH_ASKPASS", "GIT_TRACE", "GIT_PROXY_COMMAND", "XDG_CONFIG_HOME", "LD_PRELOAD", "TOKEN"],
      ].map((name) => [name, `parent ${name}`]),
    );
    const passed = (transport: "file" | "https" | "ssh") =>
      Object.entries(gitEnvironment(parent, transport))
        .filter(([, value]) => value.startsWith("parent "))
        .map(([name]) => name)
        .sort();
    expect(passed("file")).toEqual(["PATH", "TMPDIR"]);
    expect(passed("https")).toEqual(["GIT_SSL_CAINFO", "NO_PROXY", "PATH", "TMPDIR", "https_proxy"]);
    expect(passed("ssh")).toEqual(["HOME", "PATH", "SSH_AUTH_SOCK", "TMPDIR"]);
  });

  it("allows one transport and no question", () => {
    expect(gitEnvironment({}, "https")).toMatchObject({
      GIT_ALLOW_PROTOCOL: "https",
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_NO_REPLACE_OBJECTS: "1",
      GIT_OPTIONAL_LOCKS: "0",
      LC_ALL: "C",
    });
  });
});

describe("a hostile machine", () => {
  it("does not change what is read by ~/.gitconfig or GIT_ variables", async () => {
    const repository = await createRepository({ "a.yaml": "a: ours\n" });
    const evil = await createRepository({ "a.yaml": "a: evil\n" });
    const home = tempFolder();
    const marker = path.join(home, "marker");
    const program = path.join(home, "program");
    await writeFile(program, `#!/bin/sh\n: > '${marker}'\n`);
    await chmod(program, 0o755);
    const lines = [
      `[url "${evil}"]\n\tinsteadOf = ${repository}`,
      `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${home}\n\tpager = ${program}`,
      `[diff]\n\texternal = ${program}`,
      `[log]\n\tshowSignature = true\n[gpg]\n\tprogram = ${program}`,
    ];
    await writeFile(path.join(home, ".gitconfig"), lines.join("\n"));
    await mkdir(path.join(home, "git"));
    await writeFile(path.join(home, "git", "config"), lines.join("\n"));
    const parentEnv = {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: path.join(home, ".gitconfig"),
      GIT_CONFIG_SYSTEM: path.join(home, ".gitconfig"),
      GIT_CONFIG_PARAMETERS: `'url.${evil}.insteadof=${repository}'`,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.${evil}.insteadOf`,
      GIT_CONFIG_VALUE_0: repository,
      GIT_DIR: path.join(evil, ".git"),
      GIT_WORK_TREE: evil,
      GIT_OBJECT_DIRECTORY: path.join(evil, ".git", "objects"),
      GIT_NAMESPACE: "evil",
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
      GIT_EXEC_PATH: home,
      GIT_TEMPLATE_DIR: home,
      GIT_TRACE: "1",
    };
    const checkout = await openCheckout(createSource({ parentEnv }), repository);
    expect(checkout.commit.sha).toBe(headOf(repository));
    expect(await readText(checkout, "a.yaml")).toBe("a: ours\n");
    expect((await checkout.lastCommits(["a.yaml"])).get("a.yaml")?.sha).toBe(headOf(repository));
    expect(existsSync(marker)).toBe(false);
  });
});

describe("a hostile repository", () => {
  it("does not change its files by replacements or grafts", async () => {
    const repository = await createRepository({ "a.yaml": "a: 1\n", "b.yaml": "a: replaced\n" });
    const first = headOf(repository);
    const second = await commitFiles(repository, { "c.yaml": "c: 1\n" }, "Second");
    git(repository, ["replace", "HEAD:a.yaml", "HEAD:b.yaml"]);
    git(repository, ["replace", "--graft", second]);
    git(repository, ["update-ref", `refs/heads/replace/${second}`, first]);
    const checkout = await openCheckout(createSource(), repository);
    expect(checkout.commit.sha).toBe(second);
    expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
    expect((await checkout.lastCommits(["a.yaml"])).get("a.yaml")?.sha).toBe(first);
  });

  it("starts no program by its hooks or configuration", async () => {
    const repository = await createRepository();
    const marker = path.join(tempFolder(), "marker");
    const program = path.join(repository, ".git", "program");
    await writeFile(program, `#!/bin/sh\n: > '${marker}'\n`);
    await chmod(program, 0o755);
    await mkdir(path.join(repository, ".git", "hooks"), { recursive: true });
    for (const hook of ["post-checkout", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"]) {
      await writeFile(path.join(repository, ".git", "hooks", hook), `#!/bin/sh\n: > '${marker}'\n`);
      await chmod(path.join(repository, ".git", "hooks", hook), 0o755);
    }
    for (const key of ["uploadpack.packObjectsHook", "core.fsmonitor", "core.sshCommand", "core.pager"]) {
      git(repository, ["config", key, program]);
    }
    const checkout = await openCheckout(createSource(), repository);
    expect(await readText(checkout, "a.yaml")).toBe("a: 1\n");
    expect(existsSync(marker)).toBe(false);
  });

  it("is refused where a tree holds what Git forbids, and nothing of it stays", async () => {
    const repository = await createRepository();
    const blob = git(repository, ["rev-parse", "HEAD:a.yaml"]).trim();
    const inner = git(repository, ["mktree"], `100644 blob ${blob}\tconfig\n`).trim();
    const outer = git(repository, ["mktree"], `040000 tree ${inner}\t.git\n`).trim();
    const commit = git(repository, ["commit-tree", "-m", "Evil", outer]).trim();
    git(repository, ["update-ref", "refs/heads/evil", commit]);
    const cacheFolder = path.join(tempFolder(), "cache");
    await expect(openCheckout(createSource({ cacheFolder }), repository)).rejects.toMatchObject({
      code: "GIT_FAILED",
      details: expect.arrayContaining([expect.stringContaining("hasDotgit")]) as string[],
    });
    expect(await readdir(path.join(cacheFolder, "git"))).toEqual([]);
  });
});

describe("a repository of another user", () => {
  /** Versions differ: some leave it to whoever serves a repository to be harmless. */
  function readsOfOthers(repository: string): boolean {
    try {
      git(tempFolder(), ["ls-remote", repository]);
      return true;
    } catch {
      return false;
    }
  }
  const notRoot = process.geteuid?.() !== 0;

  it.skipIf(notRoot)("is read only where ~/.gitconfig names it as safe (needs root)", async ({ skip }) => {
    const repository = await createRepository();
    const head = headOf(repository);
    await chown(repository, 12345, 12345);
    await chown(path.join(repository, ".git"), 12345, 12345);
    const home = tempFolder();
    if (readsOfOthers(repository)) skip("this version of Git reads repositories of other users");
    const source = createSource({ parentEnv: { PATH: process.env["PATH"], HOME: home } });
    await expect(openCheckout(source, repository)).rejects.toMatchObject({
      code: "GIT_FAILED",
      hint: expect.stringContaining(`safe.directory ${repository}`) as string,
    });
    const allowing = async (...values: readonly string[]) => {
      const lines = values.map((value) => `\tdirectory = ${value}\n`);
      await writeFile(path.join(home, ".gitconfig"), `[safe]\n${lines.join("")}`);
      return openCheckout(source, repository).then(
        ({ commit }) => commit.sha,
        () => "refused",
      );
    };
    expect(await allowing(`${repository}x`)).toBe("refused");
    expect(await allowing("*", '""')).toBe("refused");
    expect(await allowing(repository)).toBe(head);
    expect(await allowing(`${path.dirname(repository)}/*`)).toBe(head);
  });
});
