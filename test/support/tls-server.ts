import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCertificate } from "../adapters/git/test-certificate.ts";
import { rewriteKubeconfig } from "./rewrite-kubeconfig.ts";

/**
 * What is wrong with a server before the first request: nobody listens; another authority signed its certificate; the
 * certificate is for another address; it ended in 2020.
 */
export type TlsFault = "refused" | "wrong-ca" | "wrong-name" | "expired";

/** A server that no client should send a request to. */
export interface TlsServer {
  /** "https://127.0.0.1:<port>" */
  readonly server: string;
  /** What the client is told to trust. */
  readonly caFile: string;
  /** How many requests it was sent all the same. */
  requests(): number;
  /** A copy of a kubeconfig that points here. */
  rewriteKubeconfig(file: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a server on loopback that has the given fault. */
export async function startTlsServer(fault: TlsFault): Promise<TlsServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "drift-tls-server-"));
  const certificate = certificateWith(fault);
  const trusted = fault === "wrong-ca" ? createCertificate() : certificate;
  const caFile = path.join(folder, "ca.crt");
  await writeFile(caFile, trusted.cert);
  let requests = 0;
  const listener = createServer(certificate, (_, response) => {
    requests++;
    response.end("{}");
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // A server that listens on TCP has an address of this form.
  const server = `https://127.0.0.1:${String((listener.address() as AddressInfo).port)}`;
  const close = async () => {
    const closed = once(listener, "close");
    listener.close();
    listener.closeAllConnections();
    await closed;
  };
  // Its port was free a moment ago, so that nobody listens there now.
  if (fault === "refused") await close();
  return {
    server,
    caFile,
    requests: () => requests,
    rewriteKubeconfig: (file) => rewriteKubeconfig(file, folder, server, trusted.cert),
    async stop() {
      if (listener.listening) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function certificateWith(fault: TlsFault) {
  if (fault === "wrong-name") return createCertificate({ address: "127.0.0.2" });
  return createCertificate(fault === "expired" ? { notAfter: "200102000000Z" } : {});
}
