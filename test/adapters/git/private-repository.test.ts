import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { askpassEnvironment } from "../../../src/adapters/git/askpass.ts";
import type { RepositoryAccess } from "../../../src/core/model/repository-access.ts";
import { canary, failureOf, secretFile, servePrivate, textOf, tokenAccess } from "./private-server.ts";
import { serveSmart } from "./smart-server.ts";
import {
  commitFiles,
  createRepository,
  createSource,
  headOf,
  openCheckout,
  readText,
  tempFolder,
} from "./test-repository.ts";

/** The text of every file below a folder. */
async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(path.join(file.parentPath, file.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

describe("a repository that takes a token", () => {
  it("is read with the first line of the token file, and nothing that is kept holds it", async () => {
    const server = await servePrivate();
    const access = await tokenAccess(`${canary}\nsecond line\n`);
    const said: string[] = [];
    const cacheFolder = path.join(tempFolder(), "cache");
    const source = createSource({
      cacheFolder,
      parentEnv: server.env,
      onProgress: (line) => said.push(line),
      onWarning: (message) => said.push(message),
    });
    const checkout = await openCheckout(source, server.url, { access });
    expect(await readText(checkout, "a.yaml")).toBe("a: private\n");
    expect((await checkout.lastCommits(["a.yaml"])).size).toBe(1);
    expect(said.join("\n")).toContain("refs/drift/heads/main");
    expect(said.join("\n")).not.toContain(canary);
    const kept = await everythingIn(cacheFolder);
    expect(kept).toContain("DRIFT_TOKEN_FILE");
    expect(kept).not.toContain(canary);
  });

  it.for(["oauth2", "ada@example.com", "gitlab+deploy-token-7"])(
    "is read as the user %s where one is named",
    async (username) => {
      const server = await servePrivate(`${username}:${canary}`);
      const access = { ...(await tokenAccess(canary)), username };
      const checkout = await openCheckout(createSource({ parentEnv: server.env }), server.url, { access });
      expect(await readText(checkout, "a.yaml")).toBe("a: private\n");
    },
  );

  it("is read with the token that its file holds now", async () => {
    const server = await servePrivate();
    const access = await tokenAccess();
    const source = createSource({ parentEnv: server.env });
    await openCheckout(source, server.url, { access });
    server.login = (given) => (given === "x-access-token:rotated" ? 200 : 401);
    await writeFile(access.tokenFile, "rotated\n");
    expect((await openCheckout(source, server.url, { access })).commit.subject).toBe("First");
  });

  it.for([
    ["has another one", 401],
    ["may not read it", 403],
  ] as const)("is unreachable with a token that %s, and the hint names the file", async ([, status]) => {
    const server = await servePrivate();
    server.login = (given) => (given === "" ? 401 : status);
    const access = await tokenAccess();
    const error = await failureOf(
      openCheckout(createSource({ parentEnv: server.env }), server.url, { access }),
    );
    expect(error.code).toBe("REPOSITORY_UNREACHABLE");
    expect(error.message).toContain("does not accept the token");
    expect(error.hint).toContain(access.tokenFile);
    expect(textOf(error)).not.toContain(canary);
  });

  it("says so where none is given", async () => {
    const server = await servePrivate();
    await expect(openCheckout(createSource({ parentEnv: server.env }), server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      hint: expect.stringContaining("token file") as string,
    });
  });

  it("does not make us tell the token where it repeats what it was sent", async () => {
    const server = await servePrivate();
    const header = Buffer.from(`x-access-token:${canary}`).toString("base64");
    const text = `no ${canary}\nno ${header}\nno ${canary.slice(0, 5)}\u0007${canary.slice(5)}\n`;
    server.login = (given) => (given === "" ? 401 : { status: 403, text });
    const access = await tokenAccess();
    const error = await failureOf(
      openCheckout(createSource({ parentEnv: server.env }), server.url, { access }),
    );
    expect(error.details.filter((line) => line === "remote: no ***")).toHaveLength(3);
    expect(textOf(error)).not.toContain(canary);
    expect(textOf(error)).not.toContain(header);
  });

  it("does not make us tell a part of it where only the end of a long answer is kept", async () => {
    const server = await servePrivate();
    const text = `${canary.repeat(400)}\nno\n`;
    server.login = (given) => (given === "" ? 401 : { status: 403, text });
    const access = await tokenAccess();
    const error = await failureOf(
      openCheckout(createSource({ parentEnv: server.env }), server.url, { access }),
    );
    expect(error.details).toEqual(["remote: no", expect.stringMatching(/^fatal: /)]);
  });

  it("does not make us tell it as progress either", async () => {
    const server = await servePrivate();
    const listings = () => server.requests.filter((request) => request.startsWith("GET ")).length;
    server.login = (given) => {
      if (given === "") return 401;
      // The listing takes two requests, one without a login; the fetch begins with the same two.
      return listings() < 4 ? 200 : { status: 403, text: `no ${canary}\n` };
    };
    const lines: string[] = [];
    const source = createSource({ parentEnv: server.env, onProgress: (line) => lines.push(line) });
    await expect(openCheckout(source, server.url, { access: await tokenAccess() })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
    expect(lines).toContain("remote: no ***");
    expect(lines.join("\n")).not.toContain(canary);
  });

  it.runIf(existsSync("/proc/self/environ"))(
    "never has it in the arguments or the environment of a process",
    async () => {
      const server = await servePrivate();
      const seen: string[] = [];
      server.beforeAnswer = async () => {
        for (const pid of await readdir("/proc")) {
          for (const file of ["cmdline", "environ"]) {
            seen.push(await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => ""));
          }
        }
      };
      const log = path.join(tempFolder(), "log");
      const bin = tempFolder();
      const realPath = process.env["PATH"] ?? "";
      const lines = [
        "#!/bin/sh",
        `PATH='${realPath}'`,
        // What hands the token over, and the part of Git that asked for it.
        `cat /proc/$$/cmdline /proc/$$/environ /proc/$PPID/cmdline /proc/$PPID/environ >>'${log}'`,
        'exec head "$@"',
      ];
      await writeFile(path.join(bin, "head"), lines.join("\n"), { mode: 0o755 });
      const parentEnv = { ...server.env, PATH: `${bin}:${realPath}` };
      await openCheckout(createSource({ parentEnv }), server.url, { access: await tokenAccess() });
      seen.push(await readFile(log, "latin1"));
      const everything = seen.join("\n");
      expect(everything).toContain("git-remote-https");
      expect(everything).toContain("DRIFT_TOKEN_FILE=");
      expect(seen.at(-1)).toContain("git-remote-https");
      expect(everything).not.toContain(canary);
      expect(everything).not.toContain(Buffer.from(`x-access-token:${canary}`).toString("base64"));
    },
  );
});

describe("the answer to a question of Git", () => {
  const ask = async (question: string) => {
    const tokenFile = await secretFile("secret\n");
    const owner = { host: "git.example.com:8443", username: "ada@example.com", tokenFile };
    const environment = await askpassEnvironment(tempFolder(), owner);
    const env = { ...environment, PATH: process.env["PATH"] };
    try {
      return execFileSync(environment["GIT_ASKPASS"] ?? "none", [question], { env }).toString();
    } catch {
      return "refused";
    }
  };
  it.for([
    ["Username for 'https://git.example.com:8443': ", "ada@example.com\n"],
    ["Password for 'https://ada@example.com@git.example.com:8443': ", "secret\n"],
    ["Password for 'https://ada%40example.com@git.example.com:8443': ", "secret\n"],
    ["Password for 'https://ada@example.com@git.example.com': ", "refused"],
    ["Password for 'https://ada@example.com@evil.example.com:8443': ", "refused"],
    ["Password for 'http://ada@example.com@git.example.com:8443': ", "refused"],
    ["Password for 'https://eve@git.example.com:8443': ", "refused"],
    ["Password for 'https://ada@example.com@git.example.com:8443': x", "refused"],
    ["Username for 'https://evil.example.com': ", "refused"],
    ["", "refused"],
  ] as const)("to %j is %j", async ([question, answer]) => {
    expect(await ask(question)).toBe(answer);
  });
});

describe("a token file", () => {
  const path404 = "/nonexistent/token";
  it.for<readonly [what: string, file: () => Promise<string>, message: string]>([
    ["is missing", () => Promise.resolve(path404), path404],
    ["is named relative to nothing", () => Promise.resolve("token"), "not absolute"],
    ["is a folder", () => Promise.resolve(tempFolder()), "no regular file"],
    ["is a device", () => Promise.resolve("/dev/null"), "no regular file"],
    ["is empty", () => secretFile(""), "is empty"],
    ["begins with an empty line", () => secretFile(`\n${canary}\n`), "is empty"],
    ["holds a space", () => secretFile(`${canary} x\n`), "is no token"],
    ["ends its line as Windows does", () => secretFile(`${canary}\r\n`), "is no token"],
    ["holds a control character", () => secretFile(`${canary}\u0000\n`), "is no token"],
    ["holds what is not ASCII", () => secretFile(`\ufeff${canary}\n`), "is no token"],
    ["is no token file at all", () => secretFile(canary.repeat(5000)), "bytes"],
  ])("that %s is refused before anything is asked", async ([, file, message]) => {
    const server = await servePrivate();
    const access: RepositoryAccess = { type: "token", tokenFile: await file() };
    const source = createSource({ parentEnv: server.env });
    const error = await failureOf(openCheckout(source, server.url, { access }));
    expect(error.code).toBe("REPOSITORY_ACCESS_FAILED");
    expect(error.message).toContain(message);
    expect(textOf(error)).not.toContain(canary);
    expect(server.requests).toEqual([]);
  });

  it("goes with a user name that fits into a question of Git, which is not repeated", async () => {
    const server = await servePrivate();
    const access = { ...(await tokenAccess()), username: `${canary}'x` };
    const error = await failureOf(
      openCheckout(createSource({ parentEnv: server.env }), server.url, { access }),
    );
    expect(error.code).toBe("REPOSITORY_ACCESS_FAILED");
    expect(textOf(error)).not.toContain(canary);
  });

  it("that goes away while Git asks for it is told from a token that is not accepted", async () => {
    const server = await servePrivate();
    const access = await tokenAccess();
    server.login = () => {
      rmSync(access.tokenFile, { force: true });
      return 401;
    };
    await expect(
      openCheckout(createSource({ parentEnv: server.env }), server.url, { access }),
    ).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      hint: expect.stringContaining("Git could not ask for the token") as string,
    });
  });

  it("that everybody can read is used, with a warning", async () => {
    const server = await servePrivate();
    const access: RepositoryAccess = { type: "token", tokenFile: await secretFile(canary, 0o644) };
    const warnings: string[] = [];
    const source = createSource({ parentEnv: server.env, onWarning: (message) => warnings.push(message) });
    await openCheckout(source, server.url, { access });
    expect(warnings).toEqual([expect.stringContaining(access.tokenFile)]);
  });
});

it("a private repository's new commits are fetched with the same token", async () => {
  const repository = await createRepository({ "a.yaml": "a: 1\n" });
  const server = await serveSmart(repository);
  server.login = (given) => (given === `x-access-token:${canary}` ? 200 : 401);
  const source = createSource({ parentEnv: server.env });
  const access = await tokenAccess();
  await openCheckout(source, server.url, { access });
  await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
  const checkout = await openCheckout(source, server.url, { access });
  expect(checkout.commit.sha).toBe(headOf(repository));
  expect(await readText(checkout, "a.yaml")).toBe("a: 2\n");
});
