import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { Deadlines } from "../../../src/adapters/kubernetes/deadlines.ts";
import { sendGet } from "../../../src/adapters/kubernetes/get.ts";
import { type Answer, credentialsFor, generous, sendJson, serverAt, startApiServer } from "./api-server.ts";

const request = { path: "/apis", accept: "application/json" };

/** Starts a server that answers each connection with these bytes, and tells of its end. */
async function startRaw(bytes: string) {
  const closed: Promise<unknown>[] = [];
  const server = net.createServer((socket) => {
    closed.push(once(socket, "close"));
    socket.on("error", () => undefined);
    socket.once("data", () => (bytes === "" ? socket.end() : socket.write(bytes)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // A server that listens on TCP.
  return { url: new URL(`http://127.0.0.1:${String(port)}`), closed };
}

describe("an answer that is none of HTTP any more", () => {
  const switching = "HTTP/1.1 101 Switching Protocols\r\n";

  it.for([
    ["with the new protocol", `${switching}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    ["without one", `${switching}\r\n`],
    ["with a body", `${switching}Content-Length: 5\r\n\r\nab`],
  ] as const)("ends the request and the connection: 101 $0", async ([, bytes]) => {
    const { url, closed } = await startRaw(bytes);
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), generous);
    expect(end).toEqual({
      type: "broken",
      cause: "protocol",
      detail: "the server answered 101, to speak another protocol",
    });
    await Promise.all(closed);
  });

  it("ends the request where the connection ends without one", async () => {
    const { url } = await startRaw("");
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), generous);
    expect(end).toMatchObject({ type: "broken", cause: "cut" });
  });
});

describe("what is left of an answer", () => {
  const packed = { "content-type": "application/json", "content-encoding": "gzip" };

  it.for<readonly [name: string, first: Buffer]>([
    ["is damaged", Buffer.from("no gzip at all")],
    ["is too large", gzipSync("x".repeat(2_000_000))],
  ])("is not waited for where it $0", async ([, first]) => {
    let ended: () => void = () => undefined;
    const isEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const answer: Answer = async (_, response) => {
      response.on("close", ended);
      response.writeHead(200, packed).write(first);
      while (!response.destroyed) {
        response.write("more");
        await wait(1);
      }
    };
    const server = await startApiServer(answer);
    const end = await sendGet(server.url, request, credentialsFor(server), generous);
    expect(end.type).toBe("broken");
    await isEnded;
  });

  it("sets no deadline any more once all are stopped", () => {
    const deadlines = new Deadlines();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    deadlines.stop();
    deadlines.set("idle", 60_000, "the answer came to a standstill");
    expect(timers()).toBe(before);
  });
});

describe("a deadline", () => {
  it("may be longer than a timer takes", async () => {
    const server = await startApiServer(async (_, response) => {
      await wait(20);
      sendJson(response, {});
    });
    const monthsMs = 1000 * 3_600_000;
    const limits = { ...generous, totalTimeoutMs: monthsMs, headersTimeoutMs: monthsMs };
    const end = await sendGet(server.url, request, credentialsFor(server), limits);
    expect(end).toMatchObject({ type: "answered", status: 200 });
  });

  it("for a connection is kept by one that stood before, as a proxy gives it", async () => {
    const server = await startApiServer(async (_, response) => {
      await wait(120);
      sendJson(response, {});
    });
    const agent = new http.Agent();
    Object.assign(agent, {
      createConnection: (_: unknown, callback: (error: null, socket: net.Socket) => void) => {
        const socket = net.connect(Number(server.url.port), "127.0.0.1", () => {
          callback(null, socket);
        });
      },
    });
    const limits = { ...generous, connectTimeoutMs: 60 };
    expect(await sendGet(server.url, request, { agent, headers: {} }, limits)).toMatchObject({ status: 200 });
  });
});
