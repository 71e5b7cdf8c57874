import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import path from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { createCertificate } from "./test-certificate.ts";
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

const certificate = createCertificate();

/** What the server answers instead of a file: a status, or nothing at all. */
type Fault = (url: string) => { status: number; headers?: Record<string, string> } | "mute" | undefined;

interface TestServer {
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly requests: readonly string[];
  /** The folder that is served. */
  readonly bare: string;
  readonly stop: () => Promise<void>;
  fault: Fault;
}

/** Serves a bare clone over HTTPS on loopback as plain files, which Git can fetch from. */
async function serve(repository: string): Promise<TestServer> {
  const bare = path.join(tempFolder(), "shop.git");
  git(repository, ["clone", "--quiet", "--bare", repository, bare]);
  git(bare, ["update-server-info"]);
  const requests: string[] = [];
  const server = createServer(certificate, (request, response) => {
    const url = request.url ?? "/";
    requests.push(url);
    const fault = state.fault(url);
    if (fault === "mute") return;
    if (fault !== undefined) {
      response.writeHead(fault.status, fault.headers).end();
      return;
    }
    const file = path.join(bare, new URL(url, "https://x").pathname.replace("/shop.git", ""));
    readFile(file).then(
      (content) => response.writeHead(200).end(content),
      () => response.writeHead(404).end(),
    );
  });
  const port = await listen(server);
  const caFile = path.join(tempFolder(), "ca.pem");
  await writeFile(caFile, certificate.cert);
  const state: TestServer = {
    url: `https://127.0.0.1:${String(port)}/shop.git`,
    env: { PATH: process.env["PATH"], GIT_SSL_CAINFO: caFile },
    requests,
    bare,
    fault: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  onTestFinished(state.stop);
  return state;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The command lines of running processes that name `text`, where the system tells. */
async function processesNaming(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc").catch(() => [])) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(text)) found.push(line.replaceAll("\0", " "));
  }
  return found;
}

describe("an https repository", () => {
  it("is read through the certificate authority of GIT_SSL_CAINFO, and asked little when unchanged", async () => {
    const repository = await createRepository({ "a.yaml": "a: https\n" });
    const server = await serve(repository);
    const source = createSource({ parentEnv: server.env });
    const checkout = await openCheckout(source, server.url);
    expect(checkout.repository).toBe(server.url);
    expect(await readText(checkout, "a.yaml")).toBe("a: https\n");
    const before = server.requests.length;
    await openCheckout(source, server.url);
    expect(server.requests.slice(before).filter((url) => url.includes("objects"))).toEqual([]);
  });

  it("is not reached without trust in its certificate", async () => {
    const server = await serve(await createRepository());
    const source = createSource({ parentEnv: { PATH: process.env["PATH"] } });
    await expect(openCheckout(source, server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
    expect(server.requests).toEqual([]);
  });

  it.for([
    ["asks for a login", { status: 401, headers: { "www-authenticate": "Basic realm=x" } }],
    ["forbids", { status: 403 }],
    ["knows nothing", { status: 404 }],
    ["is broken", { status: 500 }],
  ] as const)("is unreachable where the server %s, and Git's own words are kept", async ([, answer]) => {
    const server = await serve(await createRepository());
    server.fault = () => answer;
    const source = createSource({ parentEnv: server.env });
    await expect(openCheckout(source, server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      message: expect.stringContaining(server.url) as string,
      details: [expect.stringMatching(/fatal|remote/) as string],
    });
  });

  it("is not followed to another address", async () => {
    const repository = await createRepository();
    const [server, other] = [await serve(repository), await serve(repository)];
    server.fault = (url) => ({
      status: 301,
      headers: { location: new URL(url, other.url).href },
    });
    await expect(openCheckout(createSource({ parentEnv: server.env }), server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
    expect(server.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  it("is unreachable where nothing listens", async () => {
    const server = await serve(await createRepository());
    await server.stop();
    const source = createSource({ parentEnv: server.env });
    await expect(openCheckout(source, server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      details: [expect.stringContaining("fatal") as string],
    });
  });

  it.for([
    ["from the beginning", ""],
    ["in the middle of a fetch", "/objects/"],
  ])("that falls mute %s is given up in time, and no process stays", async ([, part = ""]) => {
    const server = await serve(await createRepository());
    server.fault = (url) => (url.includes(part) ? "mute" : undefined);
    const source = createSource({ parentEnv: server.env, timeoutMs: 1_000 });
    await expect(openCheckout(source, server.url)).rejects.toMatchObject({ code: "GIT_TIMEOUT" });
    expect(await processesNaming(server.url)).toEqual([]);
  });

  it("of plain files gives out by its id what it still has, and an id that it has not is not found", async () => {
    const repository = await createRepository();
    const server = await serve(repository);
    const tree = git(server.bare, ["rev-parse", "main^{tree}"]).trim();
    const gone = git(server.bare, ["commit-tree", "-m", "Gone", tree]).trim();
    const source = createSource({ parentEnv: server.env });
    expect((await openCheckout(source, server.url, { revision: gone })).commit.sha).toBe(gone);
    const revision = "1".repeat(40);
    await expect(openCheckout(source, server.url, { revision })).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
    });
    server.fault = (url) => (url.includes("/objects/11/") ? { status: 500 } : undefined);
    await expect(openCheckout(source, server.url, { revision })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });

  it("that does not even shake hands is given up in time", async () => {
    const sockets = createTcpServer();
    const port = await listen(sockets);
    onTestFinished(() => void sockets.close());
    const url = `https://127.0.0.1:${String(port)}/shop.git`;
    await expect(openCheckout(createSource({ timeoutMs: 500 }), url)).rejects.toMatchObject({
      code: "GIT_TIMEOUT",
    });
    expect(await processesNaming(url)).toEqual([]);
  });
});

describe("a remote that is away", () => {
  const day = 24 * 60 * 60 * 1000;

  it("is replaced by the last fetch where that is allowed, and its age is told", async () => {
    const repository = await createRepository({ "a.yaml": "a: kept\n" });
    const server = await serve(repository);
    let now = new Date("2024-06-01T12:00:00Z");
    const warnings: string[] = [];
    const source = createSource({
      parentEnv: server.env,
      now: () => now,
      onWarning: (message) => warnings.push(message),
    });
    await openCheckout(source, server.url);
    now = new Date("2024-06-02T00:00:00Z");
    await openCheckout(source, server.url);
    await server.stop();
    now = new Date("2024-06-02T12:00:00Z");
    const checkout = await openCheckout(source, server.url, { allowStaleMs: day });
    expect(checkout.staleSince).toBe("2024-06-02T00:00:00.000Z");
    expect(await readText(checkout, "a.yaml")).toBe("a: kept\n");
    expect(warnings).toEqual([expect.stringContaining("2024-06-02T00:00:00.000Z")]);
    now = new Date("2024-06-03T00:00:01Z");
    for (const allowStaleMs of [0, day]) {
      await expect(openCheckout(source, server.url, { allowStaleMs })).rejects.toMatchObject({
        code: "REPOSITORY_UNREACHABLE",
      });
    }
  });

  it("is an error where it was never fetched", async () => {
    const server = await serve(await createRepository());
    await server.stop();
    const source = createSource({ parentEnv: server.env });
    await expect(openCheckout(source, server.url, { allowStaleMs: day })).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
  });

  it("while it has something new leaves the last fetch as it was", async () => {
    const repository = await createRepository();
    const first = headOf(repository);
    const server = await serve(repository);
    const source = createSource({ parentEnv: server.env });
    await openCheckout(source, server.url);
    await commitFiles(repository, { "a.yaml": "a: 2\n" }, "Second");
    git(server.bare, ["fetch", "--quiet", repository, "main:main"]);
    git(server.bare, ["update-server-info"]);
    server.fault = (url) => (url.includes("/objects/") ? { status: 500 } : undefined);
    await expect(openCheckout(source, server.url)).rejects.toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
    });
    const stale = await openCheckout(source, server.url, { allowStaleMs: day });
    expect(stale.commit.sha).toBe(first);
    server.fault = () => undefined;
    expect((await openCheckout(source, server.url)).commit.sha).toBe(headOf(repository));
  });
});
