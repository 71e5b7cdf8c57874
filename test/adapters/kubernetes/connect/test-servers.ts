import http from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import type { PeerCertificate } from "node:tls";
import { onTestFinished } from "vitest";
import type { TestAuthority } from "./test-authority.ts";

/** What a test server saw of one request. */
export interface SeenRequest {
  readonly path: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly authorization?: string;
  /** The common name of the client certificate. */
  readonly client?: string;
}

/** An API server that answers every request with 200, or 401 for tokens that it does not know. */
export interface TestServer {
  readonly port: number;
  readonly seen: SeenRequest[];
  /** How many TLS handshakes came to their end. */
  handshakes: number;
  /** Where it is not empty, other values of Authorization get a 401. */
  readonly accepted: Set<string>;
}

/** Starts an HTTPS server with a certificate of `authority` for these names. */
export async function startServer(
  authority: TestAuthority,
  names: readonly string[] = ["127.0.0.1"],
  clientAuthority?: TestAuthority,
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const accepted = new Set<string>();
  const clients = new WeakMap<Socket, string>();
  const options = {
    ...authority.issue("api server", names),
    ...(clientAuthority === undefined
      ? {}
      : { requestCert: true, rejectUnauthorized: true, ca: clientAuthority.cert }),
  };
  const server = https.createServer(options, (request, response) => {
    const { authorization } = request.headers;
    const client = clients.get(request.socket);
    seen.push({
      path: request.url ?? "",
      rawHeaders: request.rawHeaders,
      ...(authorization === undefined ? {} : { authorization }),
      ...(client === undefined ? {} : { client }),
    });
    response.statusCode = accepted.size > 0 && !accepted.has(authorization ?? "") ? 401 : 200;
    response.end("ok");
  });
  const result: TestServer = { port: 0, seen, handshakes: 0, accepted };
  server.on("secureConnection", (socket) => {
    result.handshakes++;
    // Without a certificate the object is empty.
    const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>;
    if (typeof subject?.CN === "string") clients.set(socket, subject.CN);
  });
  return Object.assign(result, { port: await listen(server) });
}

/** A proxy that counts what it was asked for and leads every host name to this machine. */
export interface TestProxy {
  readonly url: string;
  readonly asked: string[];
  readonly authorizations: (string | undefined)[];
}

/** Starts an HTTP proxy that knows CONNECT only; with `authority` it is reached by https. */
export async function startProxy(authority?: TestAuthority): Promise<TestProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server =
    authority === undefined
      ? http.createServer()
      : https.createServer(authority.issue("proxy", ["127.0.0.1"]));
  server.on("connect", (request: http.IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    join(socket, Number((request.url ?? "").split(":").at(-1)), "HTTP/1.1 200 OK\r\n\r\n");
  });
  const port = await listen(server);
  return {
    url: `${authority === undefined ? "http" : "https"}://127.0.0.1:${String(port)}`,
    asked,
    authorizations,
  };
}

/** Starts a SOCKS5 proxy without a password (RFC 1928) that understands what this project sends. */
export async function startSocksProxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request: Buffer) => {
        const length = request[3] === 1 ? 4 : (request[4] ?? 0);
        const start = request[3] === 1 ? 4 : 5;
        const address = request.subarray(start, start + length);
        asked.push(request[3] === 1 ? address.join(".") : address.toString("latin1"));
        const port = request.readUInt16BE(start + length);
        join(socket, port, Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      });
    });
  });
  return { url: `socks5://127.0.0.1:${String(await listen(server))}`, asked, authorizations: [] };
}

function join(socket: Socket, port: number, greeting: string | Buffer): void {
  const upstream = net.connect(port, "127.0.0.1", () => {
    socket.write(greeting);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
}

/** Listens on a free port of this machine until the test ends. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on a port has an address with one.
  return (server.address() as AddressInfo).port;
}
