import https from "node:https";
import net from "node:net";
import { expect, it } from "vitest";
import { createKubernetesLive } from "../../../src/adapters/kubernetes/kubernetes-live.ts";
import { testTiming } from "./api-server.ts";
import { createAuthority } from "./connect/test-authority.ts";
import { listen } from "./connect/test-servers.ts";
import { createWorkspace } from "./connect/test-workspace.ts";

const discovery = { kind: "APIGroupDiscoveryList", items: [{ metadata: { name: "apps" }, versions: [] }] };

/** Starts a server that takes its time before it speaks TLS. */
async function startSlowHandshake(cert: ReturnType<ReturnType<typeof createAuthority>["issue"]>) {
  const server = https.createServer(cert, (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(discovery));
  });
  const port = await listen(
    net.createServer({ pauseOnConnect: true }, (socket) => {
      setTimeout(() => server.emit("connection", socket), 120);
    }),
  );
  return `https://127.0.0.1:${String(port)}`;
}

it.for<readonly [requestTimeoutMs: number | undefined, outcome: string]>([
  [undefined, "no connection within 0.06 s"],
  [5_000, "read"],
])("of %s ms is also the time for a connection: %s", async ([requestTimeoutMs, outcome]) => {
  const authority = createAuthority();
  const server = await startSlowHandshake(authority.issue("api", ["127.0.0.1"]));
  const { options, write } = createWorkspace();
  const live = createKubernetesLive({
    access: { type: "server", server, caFile: write("ca.crt", authority.cert) },
    connect: options,
    limits: { connectTimeoutMs: 60 },
    timing: testTiming(),
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
  const reading = live.read({ kinds: [], now: new Date(0), namespacesOf: () => Promise.resolve([]) });
  const ended = await reading.then(
    () => "read",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
  live.close();
  expect(ended).toContain(outcome);
});
