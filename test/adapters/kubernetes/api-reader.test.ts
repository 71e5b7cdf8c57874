import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createApiReader, type ReadApi } from "../../../src/adapters/kubernetes/api-reader.ts";
import type { Connection } from "../../../src/adapters/kubernetes/connect/access.ts";
import type { GetLimits } from "../../../src/adapters/kubernetes/get.ts";
import type { Timing } from "../../../src/adapters/kubernetes/timing.ts";
import {
  type Answer,
  connectionTo,
  credentialsFor,
  generous,
  sendJson,
  startApiServer,
  type TestTiming,
  testTiming,
} from "./api-server.ts";

/** A reader that nobody ends. */
function reader(connection: Connection, limits: GetLimits, timing: Timing): ReadApi {
  return createApiReader(connection, limits, timing, new AbortController().signal);
}

const request = { path: "/apis", accept: "application/json" };
const startMs = Date.parse("2026-01-02T00:00:00Z");
/** In three minutes, as for a list. */
const deadline = () => startMs + 180_000;

interface Reading {
  readonly end: unknown;
  readonly requests: readonly string[];
  readonly slept: TestTiming["slept"];
}

/** Reads once from a server that answers as given. */
async function readFrom(answer: Answer, limits: Partial<GetLimits> = {}): Promise<Reading> {
  const server = await startApiServer(answer);
  const timing = testTiming(startMs);
  const read = reader(connectionTo(server), { ...generous, ...limits }, timing);
  return { end: await read(request, deadline), requests: server.requests, slept: timing.slept };
}

type Step = number | "ok" | "reset" | "cut" | readonly [status: number, retryAfter: string];

/** A server that goes through the steps, and stays with the last one. */
function steps(...all: readonly Step[]): Answer {
  return (_, response, index) => {
    const step = all[Math.min(index, all.length - 1)] ?? "ok";
    if (step === "ok") sendJson(response, { index });
    else if (step === "reset") response.socket?.resetAndDestroy();
    else if (step === "cut") cut(response);
    else if (typeof step === "number") sendJson(response, { message: "no" }, step);
    else sendJson(response, {}, step[0], { "retry-after": step[1] });
  };
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": 10 }).write("{");
  setTimeout(() => response.socket?.end(), 5);
}

const ok = (index: number) => ({ type: "json", value: { index }, bytes: expect.any(Number) as number });

describe("createApiReader", () => {
  it("brings the JSON of an answer, with numbers as they are written", async () => {
    const { end, requests } = await readFrom((_, response) => {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end('{"a":[1,80.5]}');
    });
    expect(end).toEqual({ type: "json", value: { a: [1, 80.5] }, bytes: 14 });
    expect(requests).toEqual(["GET /apis"]);
  });

  it.for<readonly [name: string, steps: readonly Step[], slept: readonly number[]]>([
    ["one 500", [500, "ok"], [250]],
    ["one 502", [502, "ok"], [250]],
    ["one 503", [503, "ok"], [250]],
    ["one 504", [504, "ok"], [250]],
    ["three 500 in a row", [500, 500, 500, "ok"], [250, 500, 1000]],
    ["a reset", ["reset", "ok"], [250]],
    ["a body that was cut off", ["cut", "ok"], [250]],
    ["a reset, a cut and a 500", ["reset", "cut", 500, "ok"], [250, 500, 1000]],
    ["503 that tells when to come back", [[503, "3"], "ok"], [3000]],
    ["429 that tells seconds", [[429, "1"], "ok"], [1000]],
    ["429 that tells two minutes", [[429, "120"], "ok"], [120_000]],
    ["429 that tells a date", [[429, "Fri, 02 Jan 2026 00:00:30 GMT"], "ok"], [30_000]],
    ["429 that tells a date in the past", [[429, "Thu, 01 Jan 2026 00:00:00 GMT"], "ok"], [0]],
    ["429 that tells nothing that makes sense", [[429, "soon"], "ok"], [250]],
    ["429 that tells less than nothing", [[429, "-5"], "ok"], [250]],
    ["429 that tells nothing", [429, "ok"], [250]],
  ])("asks again after %s", async ([, all, slept]) => {
    const reading = await readFrom(steps(...all));
    expect(reading.end).toEqual(ok(all.length - 1));
    expect(reading.slept).toEqual(slept);
  });

  it.for<readonly [name: string, step: Step, code: string, requests: number]>([
    ["500", 500, "SERVER_ERROR", 4],
    ["503", 503, "SERVER_ERROR", 4],
    ["429", 429, "THROTTLED", 4],
    ["resets", "reset", "ANSWER_CUT_OFF", 4],
    ["cut bodies", "cut", "ANSWER_CUT_OFF", 4],
    ["429 until two minutes from then", [429, "120"], "THROTTLED", 2],
    ["429 until later than anybody waits", [429, "181"], "THROTTLED", 1],
    ["401", 401, "UNAUTHORIZED", 1],
    ["403", 403, "FORBIDDEN", 1],
    ["404", 404, "NOT_FOUND", 1],
    ["410", 410, "LIST_EXPIRED", 1],
    ["400", 400, "ANSWER_INVALID", 1],
  ])("gives up on nothing but %s", async ([, step, code, requests]) => {
    const reading = await readFrom(steps(step));
    expect(reading.end).toMatchObject({ type: "failed", code });
    expect(reading.requests).toHaveLength(requests);
  });

  it.for<readonly [name: string, type: string, body: string, reason: RegExp, requests: number]>([
    ["a page of HTML", "text/html", "<html>", /text\/html instead of JSON/, 4],
    ["a body without a type", "", "{}", /something without a type instead of JSON/, 4],
    ["half of a JSON text", "application/json", '{"a":', /no JSON, or not all of it/, 4],
  ])("gives up on %s with status 200", async ([, type, body, reason, requests]) => {
    const reading = await readFrom((_, response) => {
      response.writeHead(200, type === "" ? {} : { "content-type": type }).end(body);
    });
    expect(reading.end).toMatchObject({
      code: "ANSWER_INVALID",
      reason: expect.stringMatching(reason) as string,
    });
    expect(reading.requests).toHaveLength(requests);
  });

  it("does not ask again where it was led elsewhere, or the answer is too large", async () => {
    const led = await readFrom((_, response) => {
      response.writeHead(307, { location: "https://example.com/" }).end();
    });
    const large = await readFrom(
      (_, response) => {
        sendJson(response, "x".repeat(2000));
      },
      {
        maxBodyBytes: 1000,
      },
    );
    expect([led.end, large.end]).toMatchObject([{ code: "ANSWER_INVALID" }, { code: "ANSWER_TOO_LARGE" }]);
    expect([led.requests.length, large.requests.length]).toEqual([1, 1]);
  });

  it("never waits past the deadline", async () => {
    const server = await startApiServer(steps(500));
    const timing = testTiming(startMs);
    const read = reader(connectionTo(server), generous, timing);
    await read(request, () => startMs + 700);
    expect(timing.slept).toEqual([250]);
  });

  it("cuts what a request may take down to what is left until the deadline", async () => {
    const server = await startApiServer(() => undefined);
    const read = reader(connectionTo(server), generous, testTiming(startMs));
    expect(await read(request, () => startMs + 50)).toMatchObject({
      code: "REQUEST_TIMEOUT",
      reason: "no complete answer within 0.05 s",
    });
  });

  it("keeps at most four requests in flight", async () => {
    const server = await startApiServer(async (_, response, index) => {
      await wait(5);
      sendJson(response, { index });
    });
    const read = reader(connectionTo(server), generous, testTiming(startMs));
    const ends = await Promise.all(Array.from({ length: 20 }, () => read(request, deadline)));
    expect(ends.every(({ type }) => type === "json")).toBe(true);
    expect(server.mostInFlight()).toBe(4);
  });

  it("lets others ask while one waits to ask again", async () => {
    const server = await startApiServer((_, response, index) => {
      sendJson(response, { index }, index < 4 ? 429 : 200, { "retry-after": "9" });
    });
    const release: (() => void)[] = [];
    const timing = {
      ...testTiming(startMs),
      sleep: () => new Promise<void>((resolve) => release.push(resolve)),
    };
    const read = reader(connectionTo(server), generous, timing);
    const waiting = Promise.all([1, 2, 3, 4].map(() => read(request, deadline)));
    await expect.poll(() => release.length).toBe(4);
    expect(await read(request, deadline)).toEqual(ok(4));
    for (const go of release) go();
    await waiting;
  });

  it("asks for nothing but GET, whatever happens", async () => {
    const { requests } = await readFrom(steps(401, 500, "reset", 429, "ok"));
    expect(requests.filter((line) => !line.startsWith("GET "))).toEqual([]);
  });
});

describe("credentials that the server does not take", () => {
  it("are got anew once, and the request is sent again", async () => {
    const server = await startApiServer(({ headers }, response, index) => {
      sendJson(response, { index }, headers.authorization === "Bearer new" ? 200 : 401);
    });
    const timing = testTiming(startMs);
    const connection = connectionTo(server, () => credentialsFor(server, "new"));
    const read = reader(connection, generous, timing);
    expect(await read(request, deadline)).toEqual(ok(1));
    expect(await read(request, deadline)).toEqual(ok(2));
    expect(timing.slept).toEqual([]);
  });

  it("are not got anew for ever", async () => {
    const server = await startApiServer(steps(401));
    let renewals = 0;
    const connection = connectionTo(server, () => credentialsFor(server, String(++renewals)));
    const read = reader(connection, generous, testTiming(startMs));
    expect(await read(request, deadline)).toMatchObject({ code: "UNAUTHORIZED", status: 401 });
    expect([server.requests.length, renewals]).toEqual([2, 1]);
  });

  it("leave what the server said where there are no others", async () => {
    const { end } = await readFrom(steps(401));
    expect(end).toMatchObject({ code: "UNAUTHORIZED", reason: "the server answered 401: no" });
  });

  it("are got anew also behind other failures", async () => {
    const server = await startApiServer((one, response, index) => {
      if (index === 0) response.socket?.resetAndDestroy();
      else
        sendJson(
          response,
          { index },
          one.headers.authorization === "Bearer new" ? (index === 2 ? 503 : 200) : 401,
        );
    });
    const connection = connectionTo(server, () => credentialsFor(server, "new"));
    const read = reader(connection, generous, testTiming(startMs));
    expect(await read(request, deadline)).toEqual(ok(3));
  });
});
