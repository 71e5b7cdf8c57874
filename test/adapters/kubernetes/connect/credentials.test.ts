import { rmSync } from "node:fs";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { Connection } from "../../../../src/adapters/kubernetes/connect/access.ts";
import { createAuthority } from "./test-authority.ts";
import { startServer } from "./test-servers.ts";
import { base64, createWorkspace, failureOf, send, shown } from "./test-workspace.ts";

const cluster = { server: "https://api.example.com" };

async function authorizationOf(connection: Connection): Promise<unknown> {
  return (await connection.credentials()).headers["Authorization"];
}

it("sends a password as kubectl does", async () => {
  const { openWith } = createWorkspace();
  const connection = await openWith({ cluster, user: { username: "jane", password: "pä:ss" } });
  expect(await authorizationOf(connection)).toBe(`Basic ${base64("jane:pä:ss")}`);
});

it("reads a token file again after a minute and keeps the old token while the file cannot be read", async () => {
  const { openWith, pass, warnings, write } = createWorkspace();
  const file = write("token", "one\n");
  const connection = await openWith({ cluster, user: { tokenFile: "token" } });
  expect(await authorizationOf(connection)).toBe("Bearer one");
  write("token", "two");
  pass(59_000);
  expect(await authorizationOf(connection)).toBe("Bearer one");
  pass(1_000);
  expect(await authorizationOf(connection)).toBe("Bearer two");
  rmSync(file);
  for (let i = 0; i < 3; i++) {
    pass(60_000);
    expect(await authorizationOf(connection)).toBe("Bearer two");
  }
  expect(warnings).toEqual([expect.stringContaining("is still used")]);
  const rejected = await connection.credentials();
  expect((await failureOf(connection.credentials({ rejected }))).message).toContain("there is no such file");
});

it("sends the token of a user whose token file cannot be read, and that of the file once it can", async () => {
  const { openWith, pass, warnings, write } = createWorkspace();
  const connection = await openWith({ cluster, user: { tokenFile: "token", token: "own" } });
  expect(await authorizationOf(connection)).toBe("Bearer own");
  const rejected = await connection.credentials();
  expect(await connection.credentials({ rejected })).toBe(rejected);
  expect(warnings).toEqual([expect.stringContaining("there is no such file; the token beside it is used")]);
  write("token", "from-file");
  pass(60_000);
  expect(await authorizationOf(connection)).toBe("Bearer from-file");
});

it("reads a token file again after a 401 and keeps the connections", async () => {
  const authority = createAuthority();
  const server = await startServer(authority);
  const { open, write } = createWorkspace();
  const connection = await open({
    type: "server",
    server: `https://127.0.0.1:${String(server.port)}`,
    caFile: write("ca.crt", authority.cert),
    tokenFile: write("token", "old"),
  });
  server.accepted.add("Bearer new");
  const rejected = await connection.credentials();
  expect(await send(connection, rejected)).toBe(401);
  write("token", "new");
  const renewed = await connection.credentials({ rejected });
  expect(renewed).not.toBe(rejected);
  expect(renewed.agent).toBe(rejected.agent);
  expect(await send(connection, renewed)).toBe(200);
  expect(server.handshakes).toBe(1);
});

it("gives the same credentials back after a 401 where nothing new is to be had", async () => {
  const { openWith } = createWorkspace();
  for (const user of [{ token: "t0ken" }, undefined]) {
    const connection = await openWith({ cluster, ...(user === undefined ? {} : { user }) });
    const rejected = await connection.credentials();
    expect(await connection.credentials({ rejected })).toBe(rejected);
  }
});

it.for([
  ["is empty", "\n"],
  ["has line breaks", "s3cret\ns3cret\n"],
  ["has characters", "s3cret \u001b[31m"],
  ["there is no such file", undefined],
] as const)("says that a token file %s, without showing it", async ([reason, content]) => {
  const { openWith, write } = createWorkspace();
  if (content !== undefined) write("token", content);
  const connection = await openWith({ cluster, user: { tokenFile: "token" } });
  const failure = await failureOf(connection.credentials());
  expect(failure.code).toBe("CREDENTIALS_FAILED");
  expect(failure.message).toContain(reason);
  expect(shown(failure)).not.toContain("s3cret");
});

it("refuses certificates that are missing, unreadable or do not fit their key", async () => {
  const authority = createAuthority();
  const { openWith, write } = createWorkspace();
  const one = authority.issue("one");
  write("one.crt", one.cert);
  write("other.key", authority.issue("other").key);
  write("broken.crt", "-----BEGIN CERTIFICATE-----\nczNjcmV0\n-----END CERTIFICATE-----\n");
  const reasonOf = async (user: object, more: object = {}) => {
    const opened = openWith({ cluster: { ...cluster, ...more }, user }).then((it) => it.credentials());
    const failure = await failureOf(opened);
    expect(failure.code).toBe("CREDENTIALS_FAILED");
    return failure.message;
  };
  expect(await reasonOf({ "client-certificate": "gone.crt", "client-key": "other.key" })).toContain(
    "gone.crt cannot be read: there is no such file",
  );
  expect(await reasonOf({ "client-certificate": "one.crt", "client-key": "other.key" })).toContain(
    "mismatch",
  );
  expect(await reasonOf({ "client-certificate": "broken.crt", "client-key": "other.key" })).toContain(
    "cannot be used",
  );
  expect(await reasonOf({}, { "certificate-authority": "gone.crt" })).toContain("gone.crt cannot be read");
  expect(await reasonOf({}, { "certificate-authority": "other.key" })).toContain("no certificate authority");
  expect(await reasonOf({}, { "certificate-authority-data": base64("s3cret") })).toContain(
    "no certificate authority",
  );
});

it("uses an OIDC token until it expires", async () => {
  const { openWith, pass } = createWorkspace();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ exp: Date.parse("2026-03-01T13:00:00Z") / 1000 })}.c2ln`;
  const user = {
    "auth-provider": { name: "oidc", config: { "id-token": token, "refresh-token": "s3cret" } },
  };
  const connection = await openWith({ cluster, user });
  expect(await authorizationOf(connection)).toBe(`Bearer ${token}`);
  pass(3_600_000);
  const failure = await failureOf(connection.credentials());
  expect(failure.message).toContain("the OIDC token expired at 2026-03-01T13:00:00.000Z");
  expect(failure.hint).toContain("kubectl");
});

it.for([
  ["10.96.0.1", "10.96.0.1"],
  ["fd00::1", "[fd00::1]"],
] as const)("reaches the cluster of a Pod at %s", async ([host, shownHost]) => {
  const { open, write } = createWorkspace();
  write("serviceaccount/ca.crt", createAuthority().cert);
  write("serviceaccount/token", "pod-token");
  const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: "6443" };
  for (const access of [{ type: "in-cluster" }, { type: "context", context: "" }] as const) {
    const connection = await open(access, { env });
    expect(connection.label).toBe(`in-cluster (https://${shownHost}:6443)`);
    expect(await authorizationOf(connection)).toBe("Bearer pod-token");
  }
  const named = await failureOf(open({ type: "context", context: "prod" }, { env }));
  expect(named.code).toBe("KUBECONFIG_NOT_FOUND");
});

it("says that this is no Pod", async () => {
  const { open } = createWorkspace();
  const failure = await failureOf(open({ type: "in-cluster" }));
  expect(failure).toMatchObject({ code: "KUBECONFIG_NOT_FOUND" });
  expect(failure.message).toContain("this is no Pod");
});

it("shows no credential of a connection that is printed or turned into JSON", async () => {
  const { openWith } = createWorkspace();
  const { cert, key } = createAuthority().issue("jane");
  const user = { token: "s3cret", "client-certificate-data": base64(cert), "client-key-data": base64(key) };
  const connection = await openWith({ cluster, user });
  const credentials = await connection.credentials();
  const { agent, headers } = credentials;
  const values = [connection, credentials, agent, headers, { deep: { credentials, agent, headers } }];
  const texts = values.flatMap((value) => [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- what a template literal would show
    String(value),
  ]);
  const body = key.split("\n")[1] ?? "";
  for (const text of texts) {
    expect(text).not.toContain("s3cret");
    expect(text).not.toContain(body);
  }
  expect({ ...headers }).toEqual({ Authorization: "Bearer s3cret" });
});
