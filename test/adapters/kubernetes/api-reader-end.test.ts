import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createApiReader, type ReadApi } from "../../../src/adapters/kubernetes/api-reader.ts";
import type { Connection } from "../../../src/adapters/kubernetes/connect/access.ts";
import type { GetLimits } from "../../../src/adapters/kubernetes/get.ts";
import { countdown, type Timing } from "../../../src/adapters/kubernetes/timing.ts";
import { connectionTo, generous, sendJson, startApiServer, testTiming } from "./api-server.ts";

const request = { path: "/apis", accept: "application/json" };
const deadline = () => 180_000;

function reader(connection: Connection, limits: GetLimits, timing: Timing): ReadApi {
  return createApiReader(connection, limits, timing, new AbortController().signal);
}

const ok = (index: number) => ({ type: "json", value: { index }, bytes: expect.any(Number) as number });

describe("a server that went silent", () => {
  const silent = { ...generous, headersTimeoutMs: 40 };

  it("is given up on after four requests in a row, and everything else fails at once", async () => {
    const server = await startApiServer(() => undefined);
    const read = reader(connectionTo(server), silent, testTiming());
    const ends = await Promise.all(Array.from({ length: 30 }, () => read(request, deadline)));
    expect(new Set(ends.map((end) => end.type === "failed" && end.code))).toEqual(
      new Set(["REQUEST_TIMEOUT"]),
    );
    // Those that follow the first three of the four are on their way already.
    expect(server.requests.length).toBeLessThanOrEqual(7);
  });

  it("is told as such of what was never asked", async () => {
    const server = await startApiServer(() => undefined);
    const read = reader(connectionTo(server), silent, testTiming());
    const ends = await Promise.all(Array.from({ length: 12 }, () => read(request, deadline)));
    const reasons = ends.map((end) => (end.type === "failed" ? end.reason : ""));
    expect(reasons.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => "no answer within 0.04 s"));
    expect(new Set(reasons.slice(7))).toEqual(new Set(["not asked: the server had stopped answering"]));
  });

  it("is not one where four things hang, and all others are answered", async () => {
    const server = await startApiServer(({ url }, response, index) => {
      if (url?.startsWith("/hangs") !== true) sendJson(response, { index });
    });
    const limits = { ...generous, headersTimeoutMs: 150 };
    const read = reader(connectionTo(server), limits, testTiming());
    const paths = Array.from({ length: 27 }, (_, index) => (index < 4 ? "/hangs" : "/apis"));
    const ends = await Promise.all(paths.map((path) => read({ ...request, path }, deadline)));
    expect(ends.map(({ type }) => type)).toEqual(paths.map((path) => (path === "/apis" ? "json" : "failed")));
    // Nothing but what hangs was asked for long.
    expect((await read(request, deadline)).type).toBe("json");
  });

  it("is not given up on while it answers one of four", async () => {
    const server = await startApiServer((_, response, index) => {
      if (index % 4 === 3) sendJson(response, { index });
    });
    const read = reader(connectionTo(server), silent, testTiming());
    for (let count = 0; count < 4; count++) {
      expect(await read(request, deadline)).toEqual(ok(4 * count + 3));
    }
  });

  it("is not one that answers too slowly to be done in time", async () => {
    const server = await startApiServer((_, response, index) => {
      if (index >= 16) sendJson(response, { index });
      else response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    });
    const read = reader(connectionTo(server), { ...generous, idleTimeoutMs: 30 }, testTiming());
    await Promise.all([1, 2, 3, 4].map(() => read(request, deadline)));
    expect(await read(request, deadline)).toEqual(ok(16));
  });

  it("is not one that refuses connections for a moment", async () => {
    const server = await startApiServer((_, response, index) => {
      sendJson(response, { index });
    });
    const away = { ...server, url: new URL("http://127.0.0.1:1") };
    const connection = connectionTo(away);
    let sends = 0;
    const flaky = {
      ...connection,
      // What a load balancer does that drops a server and takes it back.
      get server() {
        return ++sends <= 4 ? away.url : server.url;
      },
    };
    const read = reader(flaky, generous, testTiming());
    const ends = await Promise.all([1, 2, 3, 4].map(() => read(request, deadline)));
    expect(ends.map(({ type }) => type)).toEqual(["json", "json", "json", "json"]);
  });
});

describe("the time for a list", () => {
  it("begins when its first request is sent, not while it waits for others", async () => {
    let nowMs = 0;
    const timing = { ...testTiming(), now: () => nowMs };
    const server = await startApiServer(async (_, response, index) => {
      // The four that came before take longer than a list may.
      if (index < 4) nowMs += 5_000;
      await wait(20);
      sendJson(response, { index });
    });
    const read = reader(connectionTo(server), generous, timing);
    const ends = Array.from({ length: 5 }, () => read(request, countdown(10_000, timing)));
    expect((await Promise.all(ends)).map(({ type }) => type)).toEqual(
      Array.from({ length: 5 }, () => "json"),
    );
  });

  it("is over without a request where it was over before", async () => {
    const server = await startApiServer((_, response, index) => {
      sendJson(response, { index });
    });
    const read = reader(connectionTo(server), generous, testTiming());
    expect(await read(request, () => 0)).toMatchObject({
      code: "REQUEST_TIMEOUT",
      reason: "not asked: there was no time left for it",
    });
    expect(server.requests).toEqual([]);
    expect(await read(request, deadline)).toEqual(ok(0));
  });
});

describe("a reader that is ended", () => {
  it("sends nothing any more, and does not wait until it may", async () => {
    const server = await startApiServer((_, response) => {
      sendJson(response, {}, 429, { "retry-after": "120" });
    });
    const ending = new AbortController();
    let waits = 0;
    const timing: Timing = {
      ...testTiming(),
      sleep: (_, signal) =>
        new Promise((resolve) => {
          waits++;
          signal.addEventListener("abort", () => {
            resolve();
          });
        }),
    };
    const read = createApiReader(connectionTo(server), generous, timing, ending.signal);
    const reading = read(request, deadline);
    await expect.poll(() => waits).toBe(1);
    ending.abort();
    expect(await reading).toMatchObject({ type: "failed", reason: "the run was told to end" });
    expect(server.requests).toHaveLength(1);
  });
});
