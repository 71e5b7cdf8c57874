import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Credentials } from "./connect/access.ts";

/** One GET of an API server. There is no way to ask for anything but a GET. */
export interface GetRequest {
  /** From the root of the server, with its query: "/apis/networking.istio.io/v1/virtualservices?limit=500". */
  readonly path: string;
  readonly accept: string;
}

/** Why a request brought no answer. "silent": nothing came at all in the time it had; "timeout": not all of it. */
export type BrokenCause =
  "unreachable" | "silent" | "cut" | "timeout" | "certificate" | "redirect" | "too-large";

/** What became of a request. A body that was cut off is never an answer. */
export type GetEnd =
  | {
      readonly type: "answered";
      readonly status: number;
      readonly contentType: string;
      /** As the server sent it. */
      readonly retryAfter?: string;
      readonly body: string;
    }
  | { readonly type: "broken"; readonly cause: BrokenCause; readonly detail: string };

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

/** Sends one GET and reads the answer to its end. Follows no redirect, never throws. */
export async function sendGet(
  server: URL,
  request: GetRequest,
  { agent, headers }: Credentials,
  limits: GetLimits,
): Promise<GetEnd> {
  const deadlines = new Deadlines();
  const prefix = server.pathname.replace(/\/$/, "");
  const options: http.RequestOptions = {
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
  };
  try {
    const response = await open(server, options, deadlines, limits);
    return await readAnswer(response, deadlines, limits);
  } catch (error) {
    return brokenBy(error, deadlines);
  } finally {
    deadlines.stop();
  }
}

function open(
  server: URL,
  options: http.RequestOptions,
  deadlines: Deadlines,
  limits: GetLimits,
): Promise<http.IncomingMessage> {
  const { connectTimeoutMs, headersTimeoutMs, totalTimeoutMs } = limits;
  return new Promise((resolve, reject) => {
    const request =
      server.protocol === "http:" ? http.request(server, options) : https.request(server, options);
    deadlines.set("connect", connectTimeoutMs, "no connection");
    deadlines.set("headers", headersTimeoutMs, "no answer");
    if (totalTimeoutMs !== undefined) deadlines.set("total", totalTimeoutMs, "no complete answer");
    request.on("socket", (socket) => {
      const settled = () => {
        deadlines.clear("connect");
      };
      if (request.reusedSocket) settled();
      else socket.once(server.protocol === "http:" ? "connect" : "secureConnect", settled);
    });
    request.on("error", reject);
    request.on("response", (response) => {
      deadlines.clear("connect");
      deadlines.clear("headers");
      deadlines.isAnswered = true;
      resolve(response);
    });
    request.end();
  });
}

async function readAnswer(
  response: http.IncomingMessage,
  deadlines: Deadlines,
  limits: GetLimits,
): Promise<GetEnd> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    return { type: "broken", cause: "redirect", detail: `the server answered ${String(status)}, a redirect` };
  }
  const body = await readBody(response, deadlines, limits);
  if (body === undefined) {
    const detail = `the answer is larger than ${String(Math.round(limits.maxBodyBytes / 1024 ** 2))} MiB`;
    return { type: "broken", cause: "too-large", detail };
  }
  const retryAfter = response.headers["retry-after"];
  return {
    type: "answered",
    status,
    contentType: response.headers["content-type"] ?? "",
    ...(retryAfter !== undefined && { retryAfter }),
    body,
  };
}

/** The whole body; undefined where it is too large. Throws where it ends before its end. */
async function readBody(
  response: http.IncomingMessage,
  deadlines: Deadlines,
  { idleTimeoutMs, maxBodyBytes }: GetLimits,
): Promise<string | undefined> {
  const stillAlive = () => {
    deadlines.set("idle", idleTimeoutMs, "the answer came to a standstill");
  };
  stillAlive();
  response.on("data", stillAlive);
  const isPacked = response.headers["content-encoding"] === "gzip";
  const stream: Readable = isPacked ? unpack(response) : response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) {
      response.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new CutOff("the connection ended in the middle of the answer");
  return Buffer.concat(chunks).toString("utf8");
}

/** A stream of what is packed in another; an error of either is an error of the stream. */
function unpack(response: http.IncomingMessage): Readable {
  const gunzip = createGunzip();
  response.on("error", (error) => gunzip.destroy(error));
  response.on("aborted", () =>
    gunzip.destroy(new CutOff("the connection ended in the middle of the answer")),
  );
  return response.pipe(gunzip);
}

class CutOff extends Error {}

type DeadlineName = "connect" | "headers" | "idle" | "total";

/** What may still take how long; the first that is passed aborts the request. */
class Deadlines {
  /** What was waited for in vain. */
  missed: string | undefined;
  /** Whether an answer began. */
  isAnswered = false;
  readonly #controller = new AbortController();
  readonly #timers = new Map<DeadlineName, NodeJS.Timeout>();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  set(name: DeadlineName, afterMs: number, inVain: string): void {
    const running = this.#timers.get(name);
    if (running !== undefined) {
      running.refresh();
      return;
    }
    const timer = setTimeout(() => {
      this.missed ??= `${inVain} within ${String(afterMs / 1000)} s`;
      this.#controller.abort();
    }, afterMs);
    this.#timers.set(name, timer);
  }

  clear(name: DeadlineName): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** Node's words for what TLS refuses, by their codes. Source: Node.js documentation, "X509 certificate error codes". */
const certificateReasons: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CERT_HAS_EXPIRED: "its certificate has expired",
    CERT_NOT_YET_VALID: "its certificate is not valid yet",
    DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed, and not among the trusted ones",
    SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_GET_ISSUER_CERT: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an authority that is not trusted",
    CERT_SIGNATURE_FAILURE: "its certificate is not signed by the authority that it names",
    CERT_UNTRUSTED: "its certificate is not trusted",
    CERT_REJECTED: "its certificate is not meant for servers",
    CERT_REVOKED: "its certificate was revoked",
    ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  }),
);

const tlsFailure = /^(?:ERR_TLS|ERR_SSL|EPROTO$)/;

const unreachableReasons: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ECONNREFUSED: "the connection was refused",
    ENOTFOUND: "the name of the host is not known",
    EAI_AGAIN: "the name of the host could not be looked up",
    EHOSTUNREACH: "there is no way to the host",
    ENETUNREACH: "there is no way to the network",
    ETIMEDOUT: "the host does not answer",
  }),
);

function brokenBy(error: unknown, { missed, isAnswered }: Deadlines): GetEnd {
  if (missed !== undefined) {
    return { type: "broken", cause: isAnswered ? "timeout" : "silent", detail: missed };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const certificate =
    certificateReasons.get(code) ?? (tlsFailure.test(code) ? `TLS failed (${code})` : undefined);
  if (certificate !== undefined) return { type: "broken", cause: "certificate", detail: certificate };
  const unreachable = unreachableReasons.get(code);
  if (unreachable !== undefined) return { type: "broken", cause: "unreachable", detail: unreachable };
  return { type: "broken", cause: "cut", detail: cutReason(code) };
}

/** A reset, a packed body that ends early, what is no HTTP: part of an answer at most. */
function cutReason(code: string): string {
  if (code.startsWith("Z_")) return "the packed answer is damaged, or not all of it";
  return `the connection broke${code === "" ? "" : ` (${code})`}`;
}
