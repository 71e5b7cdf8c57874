import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { field, type Json, textField } from "../../src/core/model/json.ts";
import { askOnce, endOfConnection, jsonOf, type Outcome } from "./ask-once.ts";
import type { Fault } from "./fault.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { lists, type ListServer, pageFor, startListServer, tokenOf } from "./list-server.ts";

let upstream: ListServer;
let proxy: FaultProxy;
let agent: Agent;

beforeEach(async () => {
  upstream = await startListServer();
  proxy = await startFaultProxy({ upstream: upstream.server, upstreamCaFile: upstream.caFile });
  agent = new Agent({ keepAlive: true, ca: readFileSync(proxy.caFile) });
});

afterEach(async () => {
  agent.destroy();
  await proxy.stop();
  await upstream.stop();
});

function ask(url = lists): Promise<Outcome> {
  return askOnce(proxy.server + url, agent);
}

async function askWith(fault: Fault, url = lists): Promise<Outcome> {
  proxy.setFault(() => fault);
  return ask(url);
}

const whole = JSON.stringify(pageFor(null));
const half = Math.ceil(whole.length / 2);

describe("a fault in what is answered", () => {
  it.for([401, 403, 404, 500, 502, 503, 504])("answers %i with a Status", async (code) => {
    const outcome = await askWith({ type: "answer", code });
    expect(outcome).toMatchObject({ status: code, error: undefined });
    expect(jsonOf(outcome)).toMatchObject({ kind: "Status", status: "Failure", code });
    expect(upstream.requests).toEqual([]);
  });

  it("answers 429 with any Retry-After", async () => {
    const outcome = await askWith({ type: "answer", code: 429, headers: { "retry-after": "soon" } });
    expect(outcome).toMatchObject({ status: 429, headers: { "retry-after": "soon" } });
  });

  it("answers HTML with 200", async () => {
    const outcome = await askWith({ type: "answer", code: 200, body: "<html>Log in</html>" });
    expect(outcome).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(outcome.body.toString()).toBe("<html>Log in</html>");
  });

  it.for<Json>([{ kind: "Status" }, { items: null }, { items: [{}] }])(
    "answers the JSON %j",
    async (body) => {
      const outcome = await askWith({ type: "answer", code: 200, body });
      expect(outcome.headers["content-type"]).toBe("application/json");
      expect(jsonOf(outcome)).toEqual(body);
    },
  );

  it("answers 410 without a token that goes on", async () => {
    const outcome = await askWith({ type: "expired", freshToken: false }, `${lists}?continue=${tokenOf(2)}`);
    expect(jsonOf(outcome)).toMatchObject({ code: 410, reason: "Expired", metadata: {} });
    expect(field(field(jsonOf(outcome), "metadata"), "continue")).toBeUndefined();
  });

  it("answers 410 with a token that goes on at the same place in the newest snapshot", async () => {
    const outcome = await askWith({ type: "expired", freshToken: true }, `${lists}?continue=${tokenOf(2)}`);
    const token = textField(field(jsonOf(outcome), "metadata"), "continue");
    expect(outcome.status).toBe(410);
    expect(JSON.parse(Buffer.from(token, "base64url").toString())).toEqual({
      v: "meta.k8s.io/v1",
      rv: -1,
      start: "2\u0000",
    });
  });

  it("redirects to another host", async () => {
    const location = "https://api.example.com/";
    expect(await askWith({ type: "redirect", location })).toMatchObject({
      status: 302,
      headers: { location },
    });
  });

  it("changes the body of the server behind", async () => {
    const outcome = await askWith({ type: "edit", edit: (body) => ({ was: field(body, "kind") ?? null }) });
    expect(jsonOf(outcome)).toEqual({ was: "VirtualServiceList" });
  });

  it("makes a list older than it is", async () => {
    const outcome = await askWith({ type: "stale", resourceVersion: "3" });
    expect(jsonOf(outcome)).toEqual({
      ...pageFor(null),
      metadata: { resourceVersion: "3", continue: tokenOf(2) },
    });
  });

  it("answers with an earlier body", async () => {
    const recorder = await startFaultProxy({
      upstream: upstream.server,
      upstreamCaFile: upstream.caFile,
      recordBodies: true,
    });
    const careful = new Agent({ ca: readFileSync(recorder.caFile) });
    try {
      const first = await askOnce(recorder.server + lists, careful);
      recorder.setFault(() => ({ type: "replay", index: 0 }));
      const second = await askOnce(`${recorder.server}${lists}?continue=${tokenOf(2)}`, careful);
      expect([first, second].map(({ body }) => body.toString())).toEqual([whole, whole]);
    } finally {
      careful.destroy();
      await recorder.stop();
    }
  });

  it("repeats the continue token", async () => {
    proxy.setFault(() => ({ type: "repeat-token" }));
    const nextOf = (outcome: Outcome) => field(field(jsonOf(outcome), "metadata"), "continue");
    expect(nextOf(await ask())).toBe(tokenOf(2));
    expect(nextOf(await ask(`${lists}?continue=${tokenOf(2)}`))).toBe(tokenOf(2));
  });

  it("gives empty pages with ever new tokens", async () => {
    const first = await askWith({ type: "empty-page" });
    const second = await ask(`${lists}?continue=page-after-0`);
    expect(jsonOf(first)).toMatchObject({ items: [], metadata: { continue: "page-after-0" } });
    expect(jsonOf(second)).toMatchObject({ items: [], metadata: { continue: "page-after-1" } });
    expect(upstream.requests.map(({ url }) => url)).toEqual([`${lists}?limit=1`, `${lists}?limit=1`]);
  });

  it("gives a huge body that is a list", async () => {
    const outcome = await askWith({ type: "huge", bytes: 3_000_000 });
    expect(outcome.body.length).toBeGreaterThan(3_000_000);
    expect(jsonOf(outcome)).toMatchObject({ kind: "List", items: [{ metadata: { name: "huge" } }] });
  });
});

describe("a fault in how it is answered", () => {
  it("resets the connection before the headers", async () => {
    expect(await askWith({ type: "reset", after: "nothing" })).toMatchObject({
      status: undefined,
      error: "ECONNRESET",
    });
  });

  it("resets the connection in the middle of the body", async () => {
    const outcome = await askWith({ type: "reset", after: "half" });
    expect(outcome).toMatchObject({ status: 200, error: "ECONNRESET" });
    expect(outcome.body.toString()).toBe(whole.slice(0, half));
  });

  it.for(["length", "chunked"] as const)("ends the connection early in a body with %s", async (encoding) => {
    const outcome = await askWith({ type: "cut", encoding });
    expect(outcome.body.toString()).toBe(whole.slice(0, half));
    // Node's HTTP client gives this code to an early end as well as to a reset.
    expect(outcome).toMatchObject({ status: 200, error: "ECONNRESET" });
    expect(outcome.headers["content-length"]).toBe(encoding === "length" ? String(whole.length) : undefined);
    expect(outcome.headers["transfer-encoding"]).toBe(encoding === "chunked" ? "chunked" : undefined);
  });

  it.for<readonly [Fault, end: string]>([
    [{ type: "cut", encoding: "length" }, "FIN"],
    [{ type: "cut", encoding: "chunked" }, "FIN"],
    [{ type: "reset", after: "half" }, "ECONNRESET"],
    [{ type: "reset", after: "nothing" }, "ECONNRESET"],
  ])("ends the connection of %j with %s", async ([fault, end]) => {
    proxy.setFault(() => fault);
    expect(await endOfConnection(proxy.server + lists, proxy.caFile)).toBe(end);
  });

  it("ends a gzip stream early in a whole answer", async () => {
    const outcome = await askWith({ type: "cut", encoding: "gzip" });
    expect(outcome).toMatchObject({ status: 200, error: undefined, headers: { "content-encoding": "gzip" } });
    expect(() => gunzipSync(outcome.body)).toThrow("unexpected end of file");
  });

  it("sends nothing", async () => {
    expect(await askWith({ type: "hang" })).toMatchObject({ status: undefined, error: "SILENT" });
  });

  it.for([
    ["headers", 0],
    ["half", half],
  ] as const)("sends nothing after %s", async ([after, bytes]) => {
    const outcome = await askWith({ type: "stall", after });
    expect(outcome).toMatchObject({ status: 200, error: "SILENT" });
    expect(outcome.body.length).toBe(bytes);
  });

  it("drips", async () => {
    const started = performance.now();
    const outcome = await askWith({ type: "drip", bytes: 100, intervalMs: 20 });
    expect(outcome.error).toBeUndefined();
    expect(outcome.body.toString()).toBe(whole);
    expect(performance.now() - started).toBeGreaterThan(Math.floor(whole.length / 100) * 20 - 5);
  });
});
