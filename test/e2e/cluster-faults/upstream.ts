import { readFileSync } from "node:fs";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Json, field, textField } from "../../../src/core/model/json.ts";
import { ApiClient } from "../../support/api-client.ts";
import type { ControlPlane } from "../../support/control-plane.ts";
import { createCertificate } from "../../adapters/git/test-certificate.ts";

/** Stands in for an API server by what it once answered, so that thousands of runs take a minute. */
export interface Upstream {
  readonly server: string;
  readonly caFile: string;
  /** The path and query of the page behind a page; undefined where that was the last, or was never asked for. */
  readonly next: (url: string) => string | undefined;
  stop(): Promise<void>;
}

interface Recorded {
  readonly status: number;
  readonly body: Buffer;
  readonly next: string | undefined;
}

/** Asks the API server for each URL once. Nothing may change in it meanwhile. */
export async function startUpstream(plane: ControlPlane): Promise<Upstream> {
  const folder = await mkdtemp(path.join(tmpdir(), "drift-upstream-"));
  const certificate = createCertificate();
  const caFile = path.join(folder, "ca.crt");
  await writeFile(caFile, certificate.cert);
  const client = new ApiClient(plane.server, readFileSync(plane.caFile));
  const asked = new Map<string, Promise<Recorded>>();
  const known = new Map<string, Recorded>();
  const ask = async (url: string, accept: string): Promise<Recorded> => {
    const headers = { accept };
    const { status, json } = await client.request({
      method: "GET",
      path: withShortPages(url),
      token: plane.token("reader"),
      headers,
    });
    const recorded = {
      status,
      body: Buffer.from(JSON.stringify(withoutOwners(json))),
      next: nextOf(url, json),
    };
    known.set(url, recorded);
    return recorded;
  };
  const listener = createServer(
    { ...certificate, keepAliveTimeout: 600_000 },
    ({ url = "/", headers }, response) => {
      const answer = asked.get(url) ?? ask(url, headers.accept ?? "");
      asked.set(url, answer);
      answer.then(
        ({ status, body }) => {
          response.writeHead(status, { "content-type": "application/json" }).end(body);
        },
        () => response.destroy(),
      );
    },
  );
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = listener.address() as AddressInfo;
  return {
    server: `https://127.0.0.1:${String(port)}`,
    caFile,
    next: (url) => known.get(url)?.next,
    async stop() {
      client.close();
      listener.close();
      listener.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server may send fewer objects than it is asked for: few make as many pages in less time. */
function withShortPages(url: string): string {
  return url.replace(/(?<=[?&]limit=)\d+/, (limit) => String(Math.max(1, Math.floor(Number(limit) / 125))));
}

/** Half of an answer says who wrote the fields, which faults do not depend on. */
function withoutOwners(json: Json): Json {
  const text = JSON.stringify(json, (name, value: unknown) => (name === "managedFields" ? undefined : value));
  return JSON.parse(text) as Json; // It was JSON before.
}

function nextOf(url: string, json: Json): string | undefined {
  const token = textField(field(json, "metadata"), "continue");
  if (token === "") return undefined;
  const { pathname, searchParams } = new URL(url, "https://127.0.0.1");
  const query = new URLSearchParams({ limit: searchParams.get("limit") ?? "", continue: token });
  return `${pathname}?${query.toString()}`;
}
