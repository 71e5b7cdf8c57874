import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { sshCommandWith } from "../../../src/adapters/git/ssh-command.ts";
import type { RepositoryAccess } from "../../../src/core/model/repository-access.ts";
import { secretFile } from "./private-server.ts";
import { createRepository, createSource, openCheckout, readText, tempFolder } from "./test-repository.ts";

describe("a repository that takes an ssh key", () => {
  /** An ssh that notes its arguments and runs what it was to run on the other host. */
  async function standIn(): Promise<{ readonly log: string; readonly parentEnv: { PATH: string } }> {
    const folder = tempFolder();
    const log = path.join(folder, "log");
    const lines = ["#!/bin/sh", `printf '%s\\n' "$@" >>'${log}'`, 'for last; do :; done; eval "exec $last"'];
    await writeFile(path.join(folder, "ssh"), lines.join("\n"), { mode: 0o755 });
    return { log, parentEnv: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } };
  }

  async function oddFile(name: string, mode = 0o600): Promise<string> {
    const folder = path.join(tempFolder(), `it's "here" 100%`);
    await mkdir(folder);
    const file = path.join(folder, name);
    await writeFile(file, "x", { mode });
    await chmod(file, mode);
    return file;
  }

  it("is read with that key and no other of the agent, from known hosts only, whatever the paths hold", async () => {
    const repository = await createRepository({ "a.yaml": "a: ssh\n" });
    const { log, parentEnv } = await standIn();
    const [keyFile, knownHostsFile] = [await oddFile("id key"), await oddFile("known \\ hosts")];
    const access: RepositoryAccess = { type: "ssh-key", keyFile, knownHostsFile };
    const url = `ssh://git@host.invalid${repository}`;
    const checkout = await openCheckout(createSource({ parentEnv }), url, { access });
    expect(await readText(checkout, "a.yaml")).toBe("a: ssh\n");
    const args = (await readFile(log, "utf8")).split("\n");
    const escape = (file: string) => `"${file.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;
    for (const option of [
      `IdentityFile=${escape(keyFile)}`,
      "IdentitiesOnly=yes",
      `UserKnownHostsFile=${escape(knownHostsFile)}`,
      "StrictHostKeyChecking=yes",
      "BatchMode=yes",
    ]) {
      expect(args).toContain(option);
    }
  });

  it("leaves known hosts to the user where no file is named", async () => {
    const repository = await createRepository();
    const { log, parentEnv } = await standIn();
    const access: RepositoryAccess = { type: "ssh-key", keyFile: await oddFile("id") };
    await openCheckout(createSource({ parentEnv }), `git@host.invalid:${repository}`, { access });
    expect(await readFile(log, "utf8")).not.toMatch(/KnownHosts|StrictHostKey/);
  });

  it.for<readonly [what: string, access: () => Promise<RepositoryAccess>, message: string]>([
    ["is missing", () => Promise.resolve({ type: "ssh-key", keyFile: "/nonexistent/id" }), "/nonexistent/id"],
    ["is named relative", () => Promise.resolve({ type: "ssh-key", keyFile: "id" }), "not absolute"],
    [
      "others may read",
      async () => ({ type: "ssh-key", keyFile: await secretFile("x", 0o640) }),
      "can be used by others (mode 640)",
    ],
    [
      "has a name that ssh would read otherwise",
      async () => ({ type: "ssh-key", keyFile: await oddFile("${HOME}") }),
      "holds ${",
    ],
    [
      "comes with missing known hosts",
      async () => ({ type: "ssh-key", keyFile: await oddFile("id"), knownHostsFile: "/nonexistent/hosts" }),
      "/nonexistent/hosts",
    ],
  ])("is refused a key that %s, before ssh is started", async ([, access, message]) => {
    const { log, parentEnv } = await standIn();
    const source = createSource({ parentEnv });
    await expect(
      openCheckout(source, "git@host.invalid:x", { access: await access() }),
    ).rejects.toMatchObject({
      code: "REPOSITORY_ACCESS_FAILED",
      message: expect.stringContaining(message) as string,
    });
    expect(existsSync(log)).toBe(false);
  });

  it("is unreachable where the key is not accepted, and the hint names the key", async () => {
    const folder = tempFolder();
    const lines = ["#!/bin/sh", "echo 'git@host.invalid: Permission denied (publickey).' >&2", "exit 255"];
    await writeFile(path.join(folder, "ssh"), lines.join("\n"), { mode: 0o755 });
    const parentEnv = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    const keyFile = await oddFile("id");
    await expect(
      openCheckout(createSource({ parentEnv }), "git@host.invalid:x", {
        access: { type: "ssh-key", keyFile },
      }),
    ).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      hint: expect.stringContaining(keyFile) as string,
    });
  });

  it.skipIf(!hasSsh())("names its files so that ssh itself reads them as they are (needs ssh)", async () => {
    const [keyFile, knownHostsFile] = [await oddFile("id key"), await oddFile("known \\ hosts")];
    const command = sshCommandWith({ type: "ssh-key", keyFile, knownHostsFile });
    const shown = execFileSync("sh", ["-c", `${command} -F /dev/null -G host.invalid`])
      .toString()
      .split("\n");
    // What begins with % is replaced later in the path of a key, but in that of the hosts before it is shown.
    expect(shown).toContain(`identityfile ${keyFile.replaceAll("%", "%%")}`);
    expect(shown).toContain(`userknownhostsfile ${knownHostsFile}`);
    expect(shown).toContain("identitiesonly yes");
    expect(shown).toContain("stricthostkeychecking true");
  });
});

/** From 8.7 on ssh reads a quote in a quoted path. */
function hasSsh(): boolean {
  try {
    execFileSync("sh", ["-c", `ssh -F /dev/null -o 'UserKnownHostsFile="/a\\"b"' -G host.invalid`], {
      stdio: "pipe",
    });
    return true;
  } catch {
    return false;
  }
}
