import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createCertificate } from "../adapters/git/test-certificate.ts";
import { type ChooseFault, type FaultRequest, RequestCounter } from "./fault.ts";
import { type Exchange, playFault, type WholeAnswer } from "./play-fault.ts";
import { rewriteKubeconfig } from "./rewrite-kubeconfig.ts";

/** A request as it reached the proxy. */
export interface SeenRequest {
  readonly index: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Whether it had an Authorization header; what stood in it is not kept. */
  readonly authorization: boolean;
}

/** An HTTPS server on loopback that passes requests to an API server, and plays faults. */
export interface FaultProxy {
  /** "https://127.0.0.1:<port>" */
  readonly server: string;
  readonly caFile: string;
  /** All requests so far, in the order in which they came. Grows. */
  readonly requests: readonly SeenRequest[];
  /** How many connections were made so far. */
  connections(): number;
  /** How many requests were ever unanswered at the same time. */
  mostInFlight(): number;
  /** Takes the place of the earlier one. A proxy has none at first. */
  setFault(choose: ChooseFault): void;
  /** A copy of a kubeconfig that points here. Only tokens pass a proxy: a client certificate ends at it. */
  rewriteKubeconfig(file: string): Promise<string>;
  stop(): Promise<void>;
}

/** What is behind a proxy. */
export interface FaultProxyOptions {
  /** "https://127.0.0.1:<port>" */
  readonly upstream: string;
  readonly upstreamCaFile: string;
  /** Keeps the bodies of all answers that passed, for `replay`. */
  readonly recordBodies?: boolean;
}

/** Starts a proxy in front of an API server. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const folder = await mkdtemp(path.join(tmpdir(), "drift-fault-proxy-"));
  const certificate = createCertificate();
  const caFile = path.join(folder, "ca.crt");
  await writeFile(caFile, certificate.cert);
  const proxy = new Proxy(options);
  // Connections stay open longer than any pause of a client: a test that wants them closed says so.
  const listener = createServer({ ...certificate, keepAliveTimeout: 600_000 }, (incoming, response) => {
    proxy.serve(incoming, response);
  });
  const server = await listen(listener, proxy);
  return {
    server,
    caFile,
    requests: proxy.requests,
    connections: () => proxy.connections,
    mostInFlight: () => proxy.mostInFlight,
    setFault(choose) {
      proxy.chooseFault = choose;
    },
    rewriteKubeconfig: (file) => rewriteKubeconfig(file, folder, server, certificate.cert),
    async stop() {
      const closed = once(listener, "close");
      listener.close();
      listener.closeAllConnections();
      proxy.close();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(listener: Server, proxy: Proxy): Promise<string> {
  listener.on("connection", (connection: Socket) => {
    proxy.connect(connection);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // A server that listens on TCP has an address of this form.
  return `https://127.0.0.1:${String((listener.address() as AddressInfo).port)}`;
}

/** Headers that hold for one connection only (RFC 9110, 7.6.1); Node sets its own. */
const hopHeaders = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "host"]);

class Proxy {
  readonly requests: SeenRequest[] = [];
  chooseFault: ChooseFault = () => undefined;
  connections = 0;
  mostInFlight = 0;
  #inFlight = 0;
  readonly #options: FaultProxyOptions;
  readonly #agent: Agent;
  readonly #counter = new RequestCounter();
  readonly #bodies = new Map<number, Buffer>();
  /** The TCP connections by the client's port: a reset is only possible below TLS. */
  readonly #sockets = new Map<number | undefined, Socket>();

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(options.upstreamCaFile) });
  }

  connect(connection: Socket): void {
    const { remotePort } = connection;
    this.connections++;
    this.#sockets.set(remotePort, connection);
    connection.on("close", () => this.#sockets.delete(remotePort));
  }

  close(): void {
    this.#agent.destroy();
  }

  serve(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url = "/" } = incoming;
    const seen = this.#counter.next(method, url);
    this.requests.push({
      index: seen.index,
      method,
      path: seen.path,
      query: url.slice(seen.path.length + 1),
      authorization: incoming.headers.authorization !== undefined,
    });
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    response.on("close", () => this.#inFlight--);
    this.#answer(seen, incoming, response).catch((error: unknown) => {
      // What the client then sees, a broken connection, is what a broken server behind a real proxy gives.
      response.destroy(error instanceof Error ? error : undefined);
    });
  }

  async #answer(seen: FaultRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.chooseFault(seen);
    if (fault === undefined) {
      await this.#forward(seen, incoming, response);
      return;
    }
    await playFault(fault, this.#exchangeOf(seen, incoming, response));
  }

  #exchangeOf(seen: FaultRequest, incoming: IncomingMessage, response: ServerResponse): Exchange {
    const connection = this.#sockets.get(incoming.socket.remotePort);
    if (connection === undefined) throw new Error("a request without a connection");
    return {
      request: seen,
      response,
      connection,
      fetch: (url = incoming.url ?? "/") => this.#fetch(incoming, url),
      recorded: (index) => {
        const body = this.#bodies.get(index);
        if (body === undefined) throw new Error(`the answer to request ${String(index)} was not recorded`);
        return body;
      },
    };
  }

  async #forward(seen: FaultRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#options.recordBodies === true) {
      const { code, body } = await this.#fetch(incoming, incoming.url ?? "/");
      this.#bodies.set(seen.index, body);
      response.writeHead(code, { "content-type": "application/json" }).end(body);
      return;
    }
    const sent = this.#send(incoming, incoming.url ?? "/", {});
    response.on("close", () => sent.destroy());
    const answer = await answerTo(sent, incoming);
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    await pipeline(answer, response);
  }

  /** The whole answer, unpacked, so that a fault can take it to pieces. */
  async #fetch(incoming: IncomingMessage, url: string): Promise<WholeAnswer> {
    const answer = await answerTo(this.#send(incoming, url, { "accept-encoding": "identity" }), incoming);
    return { code: answer.statusCode ?? 502, body: await buffer(answer) };
  }

  #send(incoming: IncomingMessage, url: string, headers: Readonly<Record<string, string>>): ClientRequest {
    return request(this.#options.upstream + url, {
      method: incoming.method,
      agent: this.#agent,
      headers: { ...endToEnd(incoming.headers), ...headers },
    });
  }
}

function endToEnd(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));
}

async function answerTo(sent: ClientRequest, body: IncomingMessage): Promise<IncomingMessage> {
  body.pipe(sent);
  const [answer] = (await once(sent, "response")) as [IncomingMessage]; // What this event has (node:http).
  return answer;
}
