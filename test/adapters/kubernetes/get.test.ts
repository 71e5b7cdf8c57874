import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { sendGet } from "../../../src/adapters/kubernetes/get.ts";
import { type TlsFault, startTlsServer } from "../../support/tls-server.ts";
import { readFileSync } from "node:fs";
import { type Answer, credentialsFor, generous, sendJson, serverAt, startApiServer } from "./api-server.ts";
import { ask, begin, request } from "./ask-get.ts";

describe("sendGet", () => {
  it("sends one GET with the credentials and brings the answer as it is", async () => {
    const seen: unknown[] = [];
    const end = await ask(({ method, url, headers }, response) => {
      seen.push([method, url, headers.authorization, headers["user-agent"], headers.accept]);
      sendJson(response, { kind: "Status" }, 429, {
        "retry-after": "7",
        date: "Mon, 20 Jul 2026 10:00:00 GMT",
      });
    });
    expect(seen).toEqual([["GET", "/apis?limit=5", "Bearer token", "mesh-drift", "application/json"]]);
    expect(end).toEqual({
      type: "answered",
      status: 429,
      contentType: "application/json",
      retryAfter: "7",
      date: "Mon, 20 Jul 2026 10:00:00 GMT",
      body: '{"kind":"Status"}',
    });
  });

  it.for([
    ["/clusters/a", "/clusters/a/apis?limit=5"],
    ["/clusters/a/", "/clusters/a/apis?limit=5"],
  ] as const)("asks below the path %s of a server", async ([prefix, path]) => {
    const server = await startApiServer((_, response) => {
      sendJson(response, {});
    });
    await sendGet(new URL(prefix, server.url), request, credentialsFor(server), generous);
    expect(server.requests).toEqual([`GET ${path}`]);
  });

  it("unpacks what is packed", async () => {
    const end = await ask(({ headers }, response) => {
      expect(headers["accept-encoding"]).toBe("gzip");
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello"));
    });
    expect(end).toMatchObject({ type: "answered", body: "hello" });
  });

  it("brings text outside of ASCII whole, wherever the pieces end", async () => {
    const text = Buffer.from('{"a":"é€😀"}');
    const end = await ask(async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (const byte of text) {
        response.write(Buffer.of(byte));
        await wait(1);
      }
      response.end();
    });
    expect(end).toMatchObject({ body: text.toString() });
  });

  it("follows no redirect", async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    const end = await sendGet(server.url, request, credentialsFor(server), generous);
    expect(end).toEqual({ type: "broken", cause: "redirect", detail: "the server answered 302, a redirect" });
    expect(server.requests).toHaveLength(1);
  });

  it("uses one connection for requests that follow each other", async () => {
    const sockets = new Set<unknown>();
    const server = await startApiServer(({ socket }, response) => {
      sockets.add(socket);
      sendJson(response, {});
    }, "https");
    const credentials = credentialsFor(server);
    for (let count = 0; count < 3; count++) await sendGet(server.url, request, credentials, generous);
    expect(sockets.size).toBe(1);
  });
});

describe("an answer that is not whole", () => {
  const half = gzipSync(JSON.stringify({ text: "x".repeat(1000) })).subarray(0, 20);
  const cases: readonly (readonly [string, Answer, RegExp])[] = [
    [
      "ends before its length",
      (_, response) => {
        begin(response, '{"a"');
        setTimeout(() => response.socket?.end(), 10);
      },
      /connection/,
    ],
    [
      "ends before its last chunk",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).write("{}");
        setTimeout(() => response.socket?.end(), 10);
      },
      /connection/,
    ],
    [
      "is reset in the middle",
      (_, response) => {
        begin(response, '{"a"');
        setTimeout(() => response.socket?.resetAndDestroy(), 10);
      },
      /connection/,
    ],
    [
      "is reset before its first byte",
      (_, response) => {
        response.socket?.resetAndDestroy();
      },
      /ECONNRESET/,
    ],
    [
      "ends inside its packed body",
      (_, response) => {
        response.writeHead(200, { "content-encoding": "gzip" }).end(half);
      },
      /packed/,
    ],
    [
      "ends inside its packed body together with the connection",
      (_, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "content-length": 500 }).write(half);
        setTimeout(() => response.socket?.end(), 10);
      },
      /connection/,
    ],
    [
      "says that it is packed and is not",
      (_, response) => {
        response.writeHead(200, { "content-encoding": "gzip" }).end("{}");
      },
      /packed/,
    ],
  ];

  it.for(cases)("is none where it %s", async ([, answer, detail]) => {
    const end = await ask(answer);
    expect(end).toMatchObject({ type: "broken", cause: "cut" });
    expect(end).toHaveProperty("detail", expect.stringMatching(detail));
  });

  it("is none where it is no HTTP", async () => {
    const server = net.createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo; // A server that listens on TCP.
    const url = new URL(`http://127.0.0.1:${String(port)}`);
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), generous);
    expect(end).toMatchObject({ type: "broken", cause: "cut" });
  });
});

describe("a server that is not the right one", () => {
  const faults: readonly (readonly [TlsFault, string, string])[] = [
    ["refused", "unreachable", "the connection was refused"],
    ["wrong-ca", "certificate", "its certificate is self-signed, and not among the trusted ones"],
    ["wrong-name", "certificate", "its certificate is for another name"],
    ["expired", "certificate", "its certificate has expired"],
  ];

  it.for(faults)("gets no request where it is %s", async ([fault, cause, detail]) => {
    const server = await startTlsServer(fault);
    onTestFinished(() => server.stop());
    const url = new URL(server.server);
    const credentials = credentialsFor(serverAt(url, readFileSync(server.caFile, "utf8")));
    const end = await sendGet(url, request, credentials, generous);
    expect(end).toEqual({ type: "broken", cause, detail });
    expect(server.requests()).toBe(0);
  });

  it("gets no request where it speaks no TLS", async () => {
    const server = await startApiServer((_, response) => {
      sendJson(response, {});
    });
    const url = new URL(server.url.href.replace("http:", "https:"));
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), generous);
    expect(end).toMatchObject({ type: "broken", cause: "certificate" });
    expect(server.requests).toEqual([]);
  });

  it("is not found where its name is not known", async () => {
    const url = new URL("https://drift.invalid");
    const end = await sendGet(url, request, credentialsFor(serverAt(url)), generous);
    expect(end).toMatchObject({ type: "broken", cause: "unreachable" });
  });
});
