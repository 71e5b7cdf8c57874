import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JsonObject } from "../../src/core/model/json.ts";
import { createCertificate } from "../adapters/git/test-certificate.ts";

/** What the list server serves. */
export const lists = "/apis/networking.istio.io/v1/virtualservices";
/** The continue token of a page, from 2 to 3. */
export const tokenOf = (page: number) =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: 7, start: `${String(page)}\u0000` })).toString(
    "base64url",
  );

/** Three pages of one object each, as an API server gives them. */
export function pageFor(token: string | null): JsonObject {
  const page = token === null ? 1 : token === tokenOf(2) ? 2 : 3;
  const metadata = { resourceVersion: "7", ...(page < 3 ? { continue: tokenOf(page + 1) } : {}) };
  const name = `page-${String(page)}`;
  return { kind: "VirtualServiceList", metadata, items: [{ metadata: { name, text: "x".repeat(400) } }] };
}

/** A stand-in for an API server: it gives three pages, whatever it is asked for. */
export interface ListServer {
  readonly server: string;
  readonly caFile: string;
  readonly folder: string;
  /** What it was asked, in order. Grows. */
  readonly requests: readonly IncomingMessage[];
  stop(): Promise<void>;
}

/** Starts the stand-in on loopback. */
export async function startListServer(): Promise<ListServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "drift-list-server-"));
  const certificate = createCertificate();
  const caFile = path.join(folder, "ca.crt");
  await writeFile(caFile, certificate.cert);
  const requests: IncomingMessage[] = [];
  const listener = createServer(certificate, (incoming, response) => {
    requests.push(incoming);
    const { searchParams } = new URL(incoming.url ?? "/", "https://127.0.0.1");
    response.writeHead(200, { "content-type": "application/json", "x-upstream": "yes" });
    response.end(JSON.stringify(pageFor(searchParams.get("continue"))));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // A server that listens on TCP has an address of this form.
  const server = `https://127.0.0.1:${String((listener.address() as AddressInfo).port)}`;
  return {
    server,
    caFile,
    folder,
    requests,
    async stop() {
      listener.close();
      listener.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
