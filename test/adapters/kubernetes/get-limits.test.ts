import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { sendGet } from "../../../src/adapters/kubernetes/get.ts";
import { type Answer, credentialsFor, generous, sendJson, serverAt } from "./api-server.ts";
import { ask, begin, request } from "./ask-get.ts";

const shortMs = 60;

describe("the limits of a request", () => {
  it("end it where no connection comes about", async () => {
    // It accepts connections and never says a word of TLS.
    const server = net.createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const sockets: net.Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo; // A server that listens on TCP.
    const url = new URL(`https://127.0.0.1:${String(port)}`);
    const limits = { ...generous, connectTimeoutMs: shortMs };
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), limits);
    expect(end).toEqual({ type: "broken", cause: "silent", detail: "no connection within 0.06 s" });
  });

  it("end it where no answer comes", async () => {
    const end = await ask(() => undefined, { headersTimeoutMs: shortMs });
    expect(end).toEqual({ type: "broken", cause: "silent", detail: "no answer within 0.06 s" });
  });

  it.for(["http", "https"])("take a connection for made by %s as soon as it is", async (scheme) => {
    const answer: Answer = async (_, response) => {
      await wait(4 * shortMs);
      sendJson(response, {});
    };
    const end = await ask(
      answer,
      { connectTimeoutMs: 2 * shortMs },
      scheme === "https" ? "https" : undefined,
    );
    expect(end).toMatchObject({ type: "answered" });
  });

  it.for(["", "{"])("end it where the body stands still behind %j", async (body) => {
    const answer: Answer = (_, response) => {
      begin(response, body);
    };
    const end = await ask(answer, { idleTimeoutMs: shortMs });
    expect(end).toEqual({
      type: "broken",
      cause: "timeout",
      detail: "the answer came to a standstill within 0.06 s",
    });
  });

  const drip: Answer = async (_, response) => {
    begin(response, "");
    for (let count = 0; count < 10 && !response.destroyed; count++) {
      await wait(shortMs / 2);
      response.write(" ");
    }
  };

  it("let a body drip while it does not stand still", async () => {
    expect(await ask(drip, { idleTimeoutMs: 4 * shortMs })).toMatchObject({ type: "answered" });
  });

  it("end a body that drips for too long", async () => {
    expect(await ask(drip, { totalTimeoutMs: shortMs })).toEqual({
      type: "broken",
      cause: "timeout",
      detail: "no complete answer within 0.06 s",
    });
  });

  it.for([
    ["", undefined],
    [" unpacked", "gzip"],
  ] as const)("refuse a body that is too large%s, before its end", async ([, encoding]) => {
    let wasCut = false;
    const end = await ask(
      async (_, response) => {
        response.on("close", () => {
          wasCut = !response.writableEnded;
        });
        const piece = "x".repeat(100_000);
        if (encoding === "gzip") {
          response.writeHead(200, { "content-encoding": "gzip" });
          response.write(gzipSync(piece.repeat(50)));
          return;
        }
        while (!response.destroyed) {
          response.write(piece);
          await wait(1);
        }
      },
      { maxBodyBytes: 1024 * 1024 },
    );
    expect(end).toEqual({ type: "broken", cause: "too-large", detail: "the answer is larger than 1 MiB" });
    await expect.poll(() => wasCut).toBe(true);
  });
});
