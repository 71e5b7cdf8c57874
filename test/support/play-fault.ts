import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { field, isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";
import type { Fault, FaultRequest } from "./fault.ts";

/** The whole answer of the server behind the proxy, unpacked. */
export interface WholeAnswer {
  readonly code: number;
  readonly body: Buffer;
}

/** One request that a fault is played to. */
export interface Exchange {
  readonly request: FaultRequest;
  readonly response: ServerResponse;
  /** The TCP connection below TLS. */
  readonly connection: Socket;
  /** Asks the server behind, once only; `url` is another path and query than the client's. */
  readonly fetch: (url?: string) => Promise<WholeAnswer>;
  /** The body of an earlier answer. Throws where it was not recorded. */
  readonly recorded: (index: number) => Buffer;
}

/** The time a client gets to read what was sent: a reset makes its kernel drop what lies unread. */
const readingTimeMs = 50;

type FaultOf<T extends Fault["type"]> = Extract<Fault, { readonly type: T }>;

type Players = {
  readonly [T in Fault["type"]]: (exchange: Exchange, fault: FaultOf<T>) => Promise<void> | void;
};

const players: Players = {
  answer: ({ response }, { code, body, headers }) => {
    send(response, code, body ?? statusOf(code), headers);
  },
  expired: ({ request, response }, { freshToken }) => {
    send(response, 410, expiredStatus(request, freshToken));
  },
  redirect: ({ response }, { location, code = 302 }) => {
    send(response, code, "", { location });
  },
  replay: ({ response, recorded }, { index }) => {
    response.writeHead(200, { "content-type": "application/json" }).end(recorded(index));
  },
  edit: (exchange, { edit }) => sendEdited(exchange, edit),
  stale: (exchange, { resourceVersion }) =>
    sendEdited(exchange, (body) => withMetadata(body, { resourceVersion })),
  "repeat-token": (exchange) =>
    sendEdited(exchange, (body) => repeatToken(body, exchange.request.query.get("continue"))),
  "empty-page": sendEmptyPage,
  hang: () => undefined,
  reset,
  cut,
  stall,
  drip,
  huge: sendHuge,
};

/** Plays one fault to the client. Returns when its last byte is on the way, or at once where none will be. */
export async function playFault(fault: Fault, exchange: Exchange): Promise<void> {
  await playOf(fault.type, fault, exchange);
}

/** The type stands by itself, so that the compiler sees that player and fault belong together. */
function playOf<T extends Fault["type"]>(type: T, fault: FaultOf<T>, exchange: Exchange) {
  return players[type](exchange, fault);
}

function send(
  response: ServerResponse,
  code: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
) {
  const isText = typeof body === "string";
  const content = isText ? body : JSON.stringify(body);
  const type = isText ? "text/html; charset=utf-8" : "application/json";
  response.writeHead(code, { "content-type": type, ...headers }).end(content);
}

/** The Status of apimachinery (meta/v1) for a failure. */
function statusOf(code: number, reason = reasons[code] ?? "InternalError"): JsonObject {
  const message = `fault ${String(code)} of the proxy`;
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}

const reasons: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  410: "Expired",
  429: "TooManyRequests",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The token in a 410 begins behind the same key and has resource version -1, for "the newest" (apiserver, storage). */
function expiredStatus({ query }: FaultRequest, freshToken: boolean): Json {
  const token = query.get("continue");
  if (!freshToken || token === null) return statusOf(410);
  const position = JSON.parse(Buffer.from(token, "base64url").toString()) as JsonObject; // API servers write an object.
  const fresh = Buffer.from(JSON.stringify({ ...position, rv: -1 })).toString("base64url");
  return withMetadata(statusOf(410), { continue: fresh });
}

async function sendEdited({ fetch, response }: Exchange, edit: (body: Json) => Json): Promise<void> {
  const { code, body } = await fetch();
  send(response, code, edit(JSON.parse(body.toString()) as Json)); // JSON.parse gives nothing else.
}

function withMetadata(body: Json, metadata: JsonObject): Json {
  const own = field(body, "metadata");
  return isObject(body) ? { ...body, metadata: { ...(isObject(own) ? own : {}), ...metadata } } : body;
}

function repeatToken(body: Json, token: string | null): Json {
  return token === null ? body : withMetadata(body, { continue: token });
}

/** The server behind would refuse a token that it did not make, so it is asked for its first page. */
async function sendEmptyPage(exchange: Exchange): Promise<void> {
  const { index, path, query } = exchange.request;
  const first = new URLSearchParams(query);
  first.delete("continue");
  first.set("limit", "1");
  const { code, body } = await exchange.fetch(`${path}?${first.toString()}`);
  const page = JSON.parse(body.toString()) as JsonObject; // A list is an object.
  send(
    exchange.response,
    code,
    withMetadata({ ...page, items: [] }, { continue: `page-after-${String(index)}` }),
  );
}

function halfOf(body: Buffer): Buffer {
  return body.subarray(0, Math.ceil(body.length / 2));
}

/** Headers for a body of known length, at once. */
function sendHeaders(response: ServerResponse, { code, body }: WholeAnswer): void {
  response.writeHead(code, { "content-type": "application/json", "content-length": body.length });
  response.flushHeaders();
}

async function reset({ connection, response, fetch }: Exchange, { after }: FaultOf<"reset">): Promise<void> {
  if (after === "half") {
    const answer = await fetch();
    sendHeaders(response, answer);
    await written(response, halfOf(answer.body));
    await wait(readingTimeMs);
  }
  connection.resetAndDestroy();
}

async function cut({ response, fetch }: Exchange, { encoding }: FaultOf<"cut">): Promise<void> {
  const answer = await fetch();
  if (encoding === "gzip") {
    response.writeHead(answer.code, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(halfOf(gzipSync(answer.body)));
    return;
  }
  if (encoding === "length") sendHeaders(response, answer);
  else response.writeHead(answer.code, { "content-type": "application/json" });
  await written(response, halfOf(answer.body));
  response.socket?.end();
}

async function stall({ response, fetch }: Exchange, { after }: FaultOf<"stall">): Promise<void> {
  const answer = await fetch();
  sendHeaders(response, answer);
  if (after === "half") await written(response, halfOf(answer.body));
}

async function drip({ response, fetch }: Exchange, { bytes, intervalMs }: FaultOf<"drip">): Promise<void> {
  const answer = await fetch();
  sendHeaders(response, answer);
  for (let at = 0; at < answer.body.length && !response.destroyed; at += bytes) {
    response.write(answer.body.subarray(at, at + bytes));
    await wait(intervalMs);
  }
  response.end();
}

async function sendHuge({ response }: Exchange, { bytes }: FaultOf<"huge">): Promise<void> {
  const piece = Buffer.alloc(65_536, "x");
  response.writeHead(200, { "content-type": "application/json" });
  response.write(
    '{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"huge","annotations":{"text":"',
  );
  for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length)
    await written(response, piece);
  response.end('"}}}]}');
}

/** Writes and waits until the bytes left, or the client did. */
async function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    response.write(bytes, () => {
      response.off("close", resolve);
      resolve();
    });
  });
}
