import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Connection, Credentials } from "../../../src/adapters/kubernetes/connect/access.ts";
import type { GetLimits } from "../../../src/adapters/kubernetes/get.ts";
import type { Timing } from "../../../src/adapters/kubernetes/timing.ts";
import type { Json } from "../../../src/core/model/json.ts";
import { createCertificate } from "../git/test-certificate.ts";

/** Answers one request; `index` counts them from 0. */
export type Answer = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  index: number,
) => void | Promise<void>;

/** A server on loopback that does what a test says. */
export interface ApiServer {
  readonly url: URL;
  /** PEM; "" for plain http. */
  readonly certificate: string;
  /** "GET /apis?x=y", in the order in which they came. Grows. */
  readonly requests: string[];
  /** How many requests were ever unanswered at the same time. */
  mostInFlight(): number;
}

/** Starts a server that ends with the test. */
export async function startApiServer(answer: Answer, tls?: "https"): Promise<ApiServer> {
  const requests: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const listener = (request: http.IncomingMessage, response: http.ServerResponse) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    response.on("close", () => inFlight--);
    const index = requests.push(`${request.method ?? ""} ${request.url ?? ""}`) - 1;
    // What a test does not give is not there.
    response.sendDate = false;
    void answer(request, response, index);
  };
  const certificate = createCertificate();
  const server = tls === "https" ? https.createServer(certificate, listener) : http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`${tls ?? "http"}://127.0.0.1:${String(port)}`),
    certificate: tls === "https" ? certificate.cert : "",
    requests,
    mostInFlight: () => mostInFlight,
  };
}

/** A server that was not started here. */
export function serverAt(url: URL, certificate = ""): ApiServer {
  return { url, certificate, requests: [], mostInFlight: () => 0 };
}

/** Sends JSON as an API server does. */
export function sendJson(
  response: http.ServerResponse,
  body: Json,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Credentials for a server; each call makes new ones. */
export function credentialsFor(server: ApiServer, token = "token"): Credentials {
  const options = { keepAlive: true, maxSockets: 8 };
  const agent =
    server.url.protocol === "https:"
      ? new https.Agent({ ...options, ca: server.certificate })
      : new http.Agent(options);
  onTestFinished(() => {
    agent.destroy();
  });
  return { agent, headers: { Authorization: `Bearer ${token}` } };
}

/** A connection whose credentials are those of `next`, which is asked whenever the server rejected the last ones. */
export function connectionTo(
  server: ApiServer,
  next: () => Credentials | undefined = () => undefined,
): Connection {
  let kept = credentialsFor(server);
  return {
    server: server.url,
    label: "context test",
    credentials: ({ rejected } = {}) => {
      if (rejected === kept) kept = next() ?? kept;
      return Promise.resolve(kept);
    },
    close: () => undefined,
  };
}

/** Limits that no test meets unless it wants to. */
export const generous: GetLimits = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
  maxBodyBytes: 1_000_000,
};

/** A clock that stands still but for what is slept, without waiting; chance is 0.5. */
export interface TestTiming extends Timing {
  /** Milliseconds, in order. */
  readonly slept: number[];
}

/** `startMs` is what the clock says at first. */
export function testTiming(startMs = 0): TestTiming {
  const slept: number[] = [];
  let nowMs = startMs;
  return {
    slept,
    now: () => nowMs,
    sleep: (durationMs) => {
      slept.push(durationMs);
      nowMs += durationMs;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
}
