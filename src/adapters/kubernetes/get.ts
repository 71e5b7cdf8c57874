import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { type Broken, brokenBy } from "./broken.ts";
import type { Credentials } from "./connect/access.ts";
import { Deadlines } from "./deadlines.ts";
import { CutOff, readBody } from "./read-body.ts";

/** One GET of an API server. There is no way to ask for anything but a GET. */
export interface GetRequest {
  /** From the root of the server, with its query: "/apis/networking.istio.io/v1/virtualservices?limit=500". */
  readonly path: string;
  readonly accept: string;
}

/** What became of a request. A body that was cut off is never an answer. */
export type GetEnd =
  | {
      readonly type: "answered";
      readonly status: number;
      readonly contentType: string;
      /** As the server sent it. */
      readonly retryAfter?: string;
      /** When the server says that it answered (the header Date). */
      readonly date?: string;
      readonly body: string;
    }
  | Broken;

/** How long a server may take, and how much it may send. */
export interface GetLimits {
  /** Until the connection stands, TLS included. */
  readonly connectTimeoutMs: number;
  /** Until the status line and headers are there. */
  readonly headersTimeoutMs: number;
  /** Without a byte of the body. */
  readonly idleTimeoutMs: number;
  /** For all of it. Absent: no limit but the others. */
  readonly totalTimeoutMs?: number;
  /** Of the body, unpacked. */
  readonly maxBodyBytes: number;
}

/** Sends one GET and reads the answer to its end. Follows no redirect, changes to no other protocol, never throws. */
export async function sendGet(
  server: URL,
  request: GetRequest,
  { agent, headers }: Credentials,
  limits: GetLimits,
): Promise<GetEnd> {
  const deadlines = new Deadlines();
  const prefix = server.pathname.replace(/\/$/, "");
  const send = server.protocol === "http:" ? http.request : https.request;
  const sent = send(server, {
    method: "GET",
    agent,
    headers: {
      ...headers,
      accept: request.accept,
      "accept-encoding": "gzip",
      "user-agent": "mesh-drift",
    },
    path: prefix + request.path,
    signal: deadlines.signal,
  });
  try {
    const end = await Promise.race([exchange(sent, deadlines, limits), deadlines.passed]);
    // What is left of an answer that nobody wants would keep the connection busy.
    if (end.type === "broken") sent.destroy();
    return end;
  } catch (error) {
    sent.destroy();
    return brokenBy(error, deadlines);
  } finally {
    deadlines.stop();
  }
}

async function exchange(sent: http.ClientRequest, deadlines: Deadlines, limits: GetLimits): Promise<GetEnd> {
  return await readAnswer(await open(sent, deadlines, limits), deadlines, limits);
}

function open(
  request: http.ClientRequest,
  deadlines: Deadlines,
  limits: GetLimits,
): Promise<http.IncomingMessage> {
  const { connectTimeoutMs, headersTimeoutMs, totalTimeoutMs } = limits;
  return new Promise((resolve, reject) => {
    deadlines.set("connect", connectTimeoutMs, "no connection");
    deadlines.set("headers", headersTimeoutMs, "no answer");
    if (totalTimeoutMs !== undefined) deadlines.set("total", totalTimeoutMs, "no complete answer");
    request.on("socket", (socket) => {
      onConnected(request, socket, () => {
        deadlines.clear("connect");
      });
    });
    request.on("error", reject);
    const answered = (response: http.IncomingMessage) => {
      deadlines.clear("connect");
      deadlines.clear("headers");
      deadlines.isAnswered = true;
      resolve(response);
    };
    request.on("response", answered);
    // Without a listener Node closes the connection and tells nobody.
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      answered(response);
    });
    request.on("close", () => {
      reject(new CutOff("the connection ended before the answer"));
    });
    request.end();
  });
}

/** Calls when the connection stands, TLS included. What comes from a proxy, or from an earlier request, stands before. */
function onConnected(request: http.ClientRequest, socket: Socket, connected: () => void): void {
  if (request.reusedSocket) connected();
  else if (request.protocol === "https:") socket.once("secureConnect", connected);
  else if (socket.connecting) socket.once("connect", connected);
  else connected();
}

async function readAnswer(
  response: http.IncomingMessage,
  deadlines: Deadlines,
  limits: GetLimits,
): Promise<GetEnd> {
  const status = response.statusCode ?? 0;
  if (status === 101) {
    return {
      type: "broken",
      cause: "protocol",
      detail: "the server answered 101, to speak another protocol",
    };
  }
  if (status >= 300 && status < 400) {
    return { type: "broken", cause: "redirect", detail: `the server answered ${String(status)}, a redirect` };
  }
  const body = await readBody(response, limits.maxBodyBytes, () => {
    deadlines.set("idle", limits.idleTimeoutMs, "the answer came to a standstill");
  });
  if (body === undefined) {
    const detail = `the answer is larger than ${String(Math.round(limits.maxBodyBytes / 1024 ** 2))} MiB`;
    return { type: "broken", cause: "too-large", detail };
  }
  const { date, "retry-after": retryAfter } = response.headers;
  return {
    type: "answered",
    status,
    contentType: response.headers["content-type"] ?? "",
    ...(retryAfter !== undefined && { retryAfter }),
    ...(date !== undefined && { date }),
    body,
  };
}
