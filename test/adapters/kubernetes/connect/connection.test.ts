import { once } from "node:events";
import http from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { createAuthority } from "./test-authority.ts";
import { listen, startProxy, startServer, startSocksProxy } from "./test-servers.ts";
import { base64, createWorkspace, failureOf, get, shown } from "./test-workspace.ts";

const authority = createAuthority();
const ca = { "certificate-authority-data": base64(authority.cert) };
const local = (port: number) => `https://127.0.0.1:${String(port)}`;

it("sends 20 requests one after another over one TLS connection", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority);
  const connection = await openWith({ cluster: { server: local(server.port), ...ca } });
  for (let i = 0; i < 20; i++) expect(await get(connection)).toBe(200);
  expect(server).toMatchObject({ handshakes: 1, seen: { length: 20 } });
});

it("keeps the path prefix of a server and names context and server in the label", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority);
  const connection = await openWith({
    cluster: { server: `${local(server.port)}/k8s/clusters/c-1/`, ...ca },
  });
  await get(connection);
  expect(server.seen[0]?.path).toBe("/k8s/clusters/c-1/version");
  expect(connection.server.pathname).toBe("/k8s/clusters/c-1");
  expect(connection.label).toBe(`context test (${local(server.port)}/k8s/clusters/c-1)`);
});

it("refuses a server whose certificate is of another authority, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(createAuthority("another"));
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const connection = await openWith({ cluster: { server: local(server.port), ...ca } });
  await expect(get(connection)).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  expect(server.seen).toEqual([]);
});

it("refuses a server whose certificate has another name, and takes it with tls-server-name", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority, ["api.example.com"]);
  const cluster = { server: local(server.port), ...ca };
  await expect(get(await openWith({ cluster }))).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
  const named = await openWith({ cluster: { ...cluster, "tls-server-name": "api.example.com" } });
  expect(await get(named)).toBe(200);
  const misnamed = await openWith({ cluster: { ...cluster, "tls-server-name": "other.example.com" } });
  await expect(get(misnamed)).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});

it("leaves the check of the certificate on unless that is allowed, and warns where it is off", async () => {
  const { openWith, warnings } = createWorkspace();
  const server = await startServer(createAuthority("another"), ["api.example.com"]);
  const parts = { cluster: { server: local(server.port), "insecure-skip-tls-verify": true } };
  const refused = await failureOf(openWith(parts));
  expect(refused.code).toBe("CLUSTER_ACCESS_REFUSED");
  expect(refused.message).toContain("clusters[0].cluster.insecure-skip-tls-verify");
  const connection = await openWith(parts, { allowInsecure: true });
  expect(await get(connection)).toBe(200);
  expect(await get(connection)).toBe(200);
  expect(warnings).toEqual([expect.stringContaining("is not checked")]);
  expect(connection.label).toBe(`context test (${local(server.port)}, certificate not checked)`);
  const plain = await openWith({ cluster: { server: "http://api.example.com" } }, { allowInsecure: true });
  expect(plain.label).toBe("context test (http://api.example.com, not encrypted)");
  const own = await openWith({ cluster: { server: "http://127.0.0.1:1" } });
  expect(own.label).toBe("context test (http://127.0.0.1:1)");
});

it("sends a client certificate from data or from files beside the kubeconfig", async () => {
  const { openWith, write } = createWorkspace();
  const clients = createAuthority("clients");
  const server = await startServer(authority, ["127.0.0.1"], clients);
  const { cert, key } = clients.issue("jane");
  const cluster = { server: local(server.port), ...ca };
  const user = { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
  expect(await get(await openWith({ cluster, user }))).toBe(200);
  write("pki/jane.crt", cert);
  write("pki/jane.key", key);
  const files = { "client-certificate": "pki/jane.crt", "client-key": "./pki/jane.key" };
  expect(await get(await openWith({ cluster, user: files }))).toBe(200);
  expect(server.seen.map(({ client }) => client)).toEqual(["jane", "jane"]);
  await expect(get(await openWith({ cluster }))).rejects.toThrow();
});

it("opens new connections after the client certificate in its file was replaced", async () => {
  const { openWith, write } = createWorkspace();
  const clients = createAuthority("clients");
  const server = await startServer(authority, ["127.0.0.1"], clients);
  const put = (name: string) => {
    const { cert, key } = clients.issue(name);
    write("client.crt", cert);
    write("client.key", key);
  };
  put("before");
  const connection = await openWith({
    cluster: { server: local(server.port), ...ca },
    user: { "client-certificate": "client.crt", "client-key": "client.key" },
  });
  const before = await connection.credentials();
  expect(await get(connection)).toBe(200);
  expect(await connection.credentials({ rejected: before })).toBe(before);
  put("after");
  const after = await connection.credentials({ rejected: before });
  expect(after.agent).not.toBe(before.agent);
  expect(await get(connection)).toBe(200);
  expect(server.seen.map(({ client }) => client)).toEqual(["before", "after"]);
});

it.for([
  ["http", {}],
  ["https", { authority }],
] as const)(
  "goes through the %s proxy of proxy-url over one tunnel, with its password",
  async ([, secure]) => {
    const { openWith } = createWorkspace();
    const server = await startServer(authority, ["api.example.com"]);
    const proxy = await startProxy("authority" in secure ? secure.authority : undefined);
    const proxyUrl = proxy.url.replace("://", "://jane:s%20cret@");
    const connection = await openWith({
      cluster: { server: `https://api.example.com:${String(server.port)}`, ...ca, "proxy-url": proxyUrl },
    });
    for (let i = 0; i < 5; i++) expect(await get(connection)).toBe(200);
    expect(proxy.asked).toEqual([`api.example.com:${String(server.port)}`]);
    expect(proxy.authorizations).toEqual([`Basic ${base64("jane:s cret")}`]);
    expect(server.handshakes).toBe(1);
  },
);

it("does not trust a proxy with a foreign certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
  const { openWith } = createWorkspace();
  const proxy = await startProxy(createAuthority("another"));
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const connection = await openWith({
    cluster: { server: "https://api.example.com", ...ca, "proxy-url": proxy.url },
  });
  await expect(get(connection)).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  expect(proxy.asked).toEqual([]);
});

it("leaves looking up the server's name to a SOCKS proxy and opens one connection through it", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority, ["api.example.com"]);
  const proxy = await startSocksProxy();
  const connection = await openWith({
    cluster: { server: `https://api.example.com:${String(server.port)}`, ...ca, "proxy-url": proxy.url },
  });
  for (let i = 0; i < 5; i++) expect(await get(connection)).toBe(200);
  expect(proxy.asked).toEqual(["api.example.com"]);
  expect(server.handshakes).toBe(1);
});

it("checks the certificate against the address of a server behind a SOCKS proxy", async () => {
  const { openWith } = createWorkspace();
  const proxy = await startSocksProxy();
  const right = await startServer(authority, ["127.0.0.1"]);
  const wrong = await startServer(authority, ["localhost"]);
  const openTo = (port: number) =>
    openWith({ cluster: { server: local(port), ...ca, "proxy-url": proxy.url } });
  expect(await get(await openTo(right.port))).toBe(200);
  await expect(get(await openTo(wrong.port))).rejects.toThrow();
  expect(wrong.seen).toEqual([]);
});

it("takes the proxy of HTTPS_PROXY unless NO_PROXY names the server", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority, ["api.example.com"]);
  const proxy = await startProxy();
  const cluster = { server: `https://api.example.com:${String(server.port)}`, ...ca };
  expect(await get(await openWith({ cluster }, { env: { HTTPS_PROXY: proxy.url } }))).toBe(200);
  expect(proxy.asked).toHaveLength(1);
  const env = { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1,127.0.0.2" };
  const direct = await openWith(
    { cluster: { ...cluster, server: local(server.port), "tls-server-name": "api.example.com" } },
    { env },
  );
  expect(await get(direct)).toBe(200);
  expect(proxy.asked).toHaveLength(1);
});

it("stops waiting for a mute proxy when the connection is closed", async () => {
  const { openWith } = createWorkspace();
  const proxy = http.createServer();
  const asked = once(proxy, "connect");
  const port = await listen(proxy);
  const connection = await openWith({
    cluster: { server: "https://api.example.com", ...ca, "proxy-url": `http://127.0.0.1:${String(port)}` },
  });
  const request = get(connection);
  const ended = expect(request).rejects.toThrow();
  await asked;
  connection.close();
  await ended;
});

it("reaches a server on this machine by plain http, without its credentials", async () => {
  const { openWith, warnings } = createWorkspace();
  const seen: http.IncomingHttpHeaders[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request.headers);
    response.end();
  });
  const port = await listen(server);
  const cluster = { server: `http://127.0.0.1:${String(port)}` };
  expect(await get(await openWith({ cluster }))).toBe(200);
  expect(warnings).toEqual([]);
  expect(await get(await openWith({ cluster, user: { token: "t0ken", as: "jane" } }))).toBe(200);
  expect(seen.map((headers) => headers.authorization ?? headers["impersonate-user"])).toEqual([
    undefined,
    undefined,
  ]);
  expect(warnings).toEqual([expect.stringContaining("are not sent")]);
});

it("acts as somebody else with one header line for each group", async () => {
  const { openWith } = createWorkspace();
  const server = await startServer(authority);
  const user = {
    token: "t0ken",
    as: "jürgen",
    "as-uid": "7",
    "as-groups": ["dev", "ops"],
    "as-user-extra": { "example.com/Reason": ["a", "b"] },
  };
  await get(await openWith({ cluster: { server: local(server.port), ...ca }, user }));
  const raw = server.seen[0]?.rawHeaders ?? [];
  const values = (name: string) => raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name);
  expect(values("impersonate-group")).toEqual(["dev", "ops"]);
  expect(values("impersonate-uid")).toEqual(["7"]);
  expect(values("impersonate-extra-example.com%2freason")).toEqual(["a", "b"]);
  expect(Buffer.from(values("impersonate-user")[0] ?? "", "latin1").toString("utf8")).toBe("jürgen");
  expect(values("authorization")).toEqual(["Bearer t0ken"]);
});

it.for([
  ["a user name in it", "https://jane:s3cret@api.example.com", "user name or password"],
  ["plain http to another machine", "http://api.example.com:8080", "plain http"],
  ["no scheme", "api.example.com:6443", "https://"],
  ["a query", "https://api.example.com?token=s3cret", "behind ?"],
] as const)(
  "refuses a server with %s and shows nothing of it that may be secret",
  async ([, server, reason]) => {
    const { open, openWith } = createWorkspace();
    const failures = [
      await failureOf(openWith({ cluster: { server } })),
      await failureOf(open({ type: "server", server })),
    ];
    for (const failure of failures) {
      expect(failure.code).toBe("CLUSTER_ACCESS_REFUSED");
      expect(failure.message).toContain(reason);
      expect(shown(failure)).not.toContain("s3cret");
    }
  },
);
