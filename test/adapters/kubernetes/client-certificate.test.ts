import { expect, it } from "vitest";
import { createApiReader } from "../../../src/adapters/kubernetes/api-reader.ts";
import { brokenBy } from "../../../src/adapters/kubernetes/broken.ts";
import { Deadlines } from "../../../src/adapters/kubernetes/deadlines.ts";
import { blameCertificate, explainBroken, explainStatus } from "../../../src/adapters/kubernetes/failure.ts";
import { generous, testTiming } from "./api-server.ts";
import { createAuthority } from "./connect/test-authority.ts";
import { startServer } from "./connect/test-servers.ts";
import { base64, createWorkspace } from "./connect/test-workspace.ts";

const endsMs = Date.parse("2026-01-01T00:00:00Z");
const expired = "the client certificate expired at 2026-01-01T00:00:00.000Z";
const cut = explainBroken("cut", "the connection broke (ECONNRESET)");

it.for<readonly [code: string, detail: string]>([
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "the server demands a client certificate"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "the server says that the client certificate has expired"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED", "the server says that the client certificate was revoked"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "the server does not know the authority of the client certificate"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "the server does not take the client certificate"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN", "the server does not take the client certificate"],
])("is what a server means by %s", ([code, detail]) => {
  const error = Object.assign(new Error("alert"), { code });
  expect(brokenBy(error, new Deadlines())).toEqual({ type: "broken", cause: "client-certificate", detail });
});

it.for([
  ["401", explainStatus(401), "UNAUTHORIZED", `${expired} (the server answered 401)`],
  ["a reset", cut, "CLIENT_CERTIFICATE_REFUSED", `${expired} (the connection broke (ECONNRESET))`],
] as const)("is what is behind %s once it has expired", ([, failure, code, reason]) => {
  const hint = "Check the client certificate of the user in the kubeconfig: renew it, or log in again.";
  expect(blameCertificate(failure, endsMs, endsMs)).toEqual({ ...failure, code, reason, hint });
});

it.for([
  ["it has not expired", cut, endsMs + 1],
  ["there is none", cut, undefined],
  ["something else is wrong", explainStatus(403), endsMs],
] as const)("is not to blame where %s", ([, failure, until]) => {
  expect(blameCertificate(failure, until, endsMs)).toBe(failure);
});

it("is demanded, and its end is known where it is there", async () => {
  const authority = createAuthority();
  const clients = createAuthority("clients");
  const server = await startServer(authority, ["127.0.0.1"], clients);
  const cluster = {
    server: `https://127.0.0.1:${String(server.port)}`,
    "certificate-authority-data": base64(authority.cert),
  };
  const { cert, key } = clients.issue("jane");
  const user = { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
  const bare = await createWorkspace().openWith({ cluster });
  const read = createApiReader(bare, generous, testTiming(), new AbortController().signal);
  expect(await read({ path: "/apis", accept: "application/json" }, () => 180_000)).toMatchObject({
    code: "CLIENT_CERTIFICATE_REFUSED",
    reason: "the server demands a client certificate",
  });
  const { certificateEndsMs } = await (await createWorkspace().openWith({ cluster, user })).credentials();
  expect(certificateEndsMs).toBe(Date.parse("2049-12-31T23:59:59Z"));
});
