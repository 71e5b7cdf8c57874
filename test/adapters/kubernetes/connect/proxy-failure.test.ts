import http from "node:http";
import net, { type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createApiReader } from "../../../../src/adapters/kubernetes/api-reader.ts";
import type { Connection } from "../../../../src/adapters/kubernetes/connect/access.ts";
import { generous, testTiming } from "../api-server.ts";
import { createAuthority } from "./test-authority.ts";
import { listen, startProxy, startServer } from "./test-servers.ts";
import { base64, createWorkspace, get } from "./test-workspace.ts";

const authority = createAuthority();
const ca = { "certificate-authority-data": base64(authority.cert) };
const deadline = () => 180_000;

async function read(connection: Connection, connectTimeoutMs = 5_000) {
  const limits = { ...generous, connectTimeoutMs };
  const reader = createApiReader(connection, limits, testTiming(), new AbortController().signal);
  return reader({ path: "/apis", accept: "application/json" }, deadline);
}

/** A proxy that answers each CONNECT with this; "" is nothing at all. */
async function startRefusing(answer: string) {
  const asked: (string | undefined)[] = [];
  const server = http.createServer();
  server.on("connect", (request: http.IncomingMessage, socket: Socket) => {
    asked.push(request.headers["proxy-authorization"]);
    socket.on("error", () => undefined);
    if (answer !== "") socket.end(answer);
  });
  return { host: `127.0.0.1:${String(await listen(server))}`, asked };
}

/** A SOCKS proxy that takes any greeting without a login and answers a request with this code (RFC 1928). */
async function startSocks(method: number, code: number) {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(Buffer.from([5, method]));
      socket.once("data", () => socket.end(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])));
    });
  });
  return `127.0.0.1:${String(await listen(server))}`;
}

function openThrough(proxyUrl: string, more: object = {}) {
  const cluster = { server: "https://api.example.com", ...ca, "proxy-url": proxyUrl };
  return createWorkspace().openWith({ cluster }, more);
}

// Node warns once in a process: this comes first.
it("gives no address for a name of a proxy, of which Node would warn", async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const server = await startServer(authority, ["api.example.com"]);
  const proxy = await startProxy(authority);
  const cluster = { server: `https://api.example.com:${String(server.port)}`, ...ca, "proxy-url": proxy.url };
  expect(await get(await createWorkspace().openWith({ cluster }))).toBe(200);
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

it.for<readonly [status: string, reason: string, asked: number]>([
  ["407 Login", "it answered 407: it wants another login", 1],
  ["403 No", "it answered 403", 1],
  ["502 Bad Gateway", "it answered 502", 4],
])("tells of a proxy that answers $0, and sends its login no more often than that may help", async (row) => {
  const [status, reason, asked] = row;
  const proxy = await startRefusing(`HTTP/1.1 ${status}\r\n\r\n`);
  const end = await read(await openThrough(`http://jane:s3cret@${proxy.host}`));
  expect(end).toMatchObject({ code: "PROXY_FAILED", reason: `the proxy ${proxy.host}: ${reason}` });
  expect(proxy.asked).toEqual(Array.from({ length: asked }, () => `Basic ${base64("jane:s3cret")}`));
});

it.for<readonly [name: string, method: number, code: number, reason: string]>([
  ["wants a login", 255, 0, "it wants another login"],
  ["does not allow it", 0, 2, "it does not reach the server (NotAllowed)"],
  ["finds nobody", 0, 4, "it does not reach the server (HostUnreachable)"],
])("tells of a SOCKS proxy that $0", async ([, method, code, reason]) => {
  const host = await startSocks(method, code);
  const end = await read(await openThrough(`socks5://${host}`));
  expect(end).toMatchObject({ code: "PROXY_FAILED", reason: `the proxy ${host}: ${reason}` });
});

it.for(["http", "https", "socks5"])(
  "tells that nobody listens where the %s proxy should be",
  async (scheme) => {
    const end = await read(await openThrough(`${scheme}://127.0.0.1:1`));
    expect(end).toMatchObject({
      code: "PROXY_FAILED",
      reason: "the proxy 127.0.0.1:1: the connection was refused",
    });
  },
);

it("tells of a proxy that says nothing, before the time for a connection is over", async () => {
  const { host } = await startRefusing("");
  const end = await read(await openThrough(`http://${host}`, { connectTimeoutMs: 300 }), 300);
  expect(end).toMatchObject({ code: "REQUEST_TIMEOUT", reason: `the proxy ${host}: it does not answer` });
});

it("tells of a proxy that is not to be trusted once", async () => {
  const proxy = await startProxy(createAuthority("another"));
  const end = await read(await openThrough(proxy.url));
  expect(end).toMatchObject({
    code: "PROXY_FAILED",
    reason: `the proxy ${proxy.url.slice("https://".length)}: its certificate comes from an authority that is not trusted`,
  });
});
