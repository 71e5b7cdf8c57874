import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { onTestFinished } from "vitest";

import { createCertificate } from "./test-certificate.ts";
import { tempFolder } from "./test-repository.ts";

const certificate = createCertificate();

/** A repository served over HTTPS on loopback as hosts serve it, with whatever its own configuration allows. */
export interface SmartServer {
  readonly url: string;
  /** As Git writes it in its questions. */
  readonly host: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** "GET /shop.git/info/refs?service=git-upload-pack" -> in the order in which they came. */
  readonly requests: string[];
  /** The status for a login ("user:password", "" for none), and what is said with it. */
  login: (credentials: string) => number | { readonly status: number; readonly text: string };
  /** Waited for before a request that was let in is answered. */
  beforeAnswer: () => Promise<void>;
  /** Whether Git may speak version 2, in which any object is given out by its id. */
  version2: boolean;
  readonly stop: () => Promise<void>;
}

/** Serves a work tree at "/shop.git". */
export async function serveSmart(repository: string): Promise<SmartServer> {
  const server = createServer(certificate, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const caFile = path.join(tempFolder(), "ca.pem");
  await writeFile(caFile, certificate.cert);
  // A server that listens on a port has an address of this kind.
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const state: SmartServer = {
    url: `https://${host}/shop.git`,
    host,
    env: { PATH: process.env["PATH"], GIT_SSL_CAINFO: caFile },
    requests: [],
    login: () => 200,
    beforeAnswer: () => Promise.resolve(),
    version2: true,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  onTestFinished(state.stop);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    state.requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const [, encoded = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const verdict = state.login(Buffer.from(encoded, "base64").toString());
    const { status, text } = typeof verdict === "number" ? { status: verdict, text: "" } : verdict;
    if (status !== 200) {
      const headers = { "www-authenticate": "Basic realm=x", "content-type": "text/plain" };
      response.writeHead(status, headers).end(text);
      return;
    }
    await state.beforeAnswer();
    await uploadPack(repository, request, response, state.version2);
  }
  return state;
}

/** The two requests of smart HTTP (gitprotocol-http(5)). */
async function uploadPack(
  repository: string,
  request: IncomingMessage,
  response: ServerResponse,
  version2: boolean,
): Promise<void> {
  const isListing = request.method === "GET";
  const version = version2 ? request.headers["git-protocol"] : undefined;
  const args = ["upload-pack", "--stateless-rpc", ...(isListing ? ["--advertise-refs"] : []), repository];
  const child = spawn("git", args, {
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...(typeof version === "string" && { GIT_PROTOCOL: version }),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  response.writeHead(200, {
    "content-type": `application/x-git-upload-pack-${isListing ? "advertisement" : "result"}`,
  });
  if (isListing && version === undefined) response.write("001e# service=git-upload-pack\n0000");
  const body = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
  await Promise.all([pipeline(body, child.stdin).catch(() => undefined), pipeline(child.stdout, response)]);
}
