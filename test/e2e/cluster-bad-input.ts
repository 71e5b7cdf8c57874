import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";
import { field, isList, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import type { ControlPlane } from "../support/control-plane.ts";
import type { ChooseFault } from "../support/fault.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { startTlsServer, type TlsFault } from "../support/tls-server.ts";
import { virtualService } from "./cluster-objects.ts";
import { makeWorld } from "./cluster-world.ts";

/** What a run told, fit for a table: no folder, no port. */
export interface Told {
  readonly name: string;
  readonly exitCode: number;
  readonly code: string;
  readonly told: string;
  readonly verdict: string;
  readonly stderr: string;
}

/** How the cluster is named, and the flags of the run. */
interface Run {
  readonly cluster: JsonObject;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One thing that is wrong with a cluster. `make` gets a folder of its own. */
export interface BadInput {
  readonly name: string;
  readonly make: (folder: string) => Run | Promise<Run>;
}

const main = fileURLToPath(new URL("../../dist/main.mjs", import.meta.url));
const byContext = (kubeconfig: string): Run => ({ cluster: { context: "reader", kubeconfig } });

/** Writes a kubeconfig with one context "reader"; the server does not exist. */
function kubeconfig(folder: string, cluster: JsonObject, user: JsonObject = { token: "t" }): string {
  const file = path.join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "reader", context: { cluster: "c", user: "u" } }],
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

/** A server that is not the right one, behind the reader's kubeconfig. */
function tlsFault(name: string, fault: TlsFault): BadInput {
  return {
    name,
    make: async (folder) => {
      const server = await startTlsServer(fault);
      onTestFinished(() => server.stop());
      return byContext(await server.rewriteKubeconfig(kubeconfig(folder, {})));
    },
  };
}

/** What goes wrong before any API server is asked. */
export const withoutServer: readonly BadInput[] = [
  {
    name: "context missing",
    make: (folder) => ({ cluster: { context: "raeder", kubeconfig: kubeconfig(folder, {}) } }),
  },
  { name: "no kubeconfig", make: (folder) => ({ cluster: { context: "reader" }, env: { HOME: folder } }) },
  { name: "kubeconfig missing", make: (folder) => byContext(path.join(folder, "nowhere")) },
  {
    name: "kubeconfig broken",
    make: (folder) => {
      writeFileSync(path.join(folder, "kubeconfig"), "clusters: [{name: c\n");
      return byContext(path.join(folder, "kubeconfig"));
    },
  },
  {
    name: "--kubeconfig missing",
    make: (folder) => ({
      cluster: { context: "reader" },
      args: ["--kubeconfig", path.join(folder, "nowhere")],
    }),
  },
  {
    name: "token file missing",
    make: (folder) => ({
      cluster: { server: "https://127.0.0.1:1", tokenFile: path.join(folder, "token") },
    }),
  },
  {
    name: "CA file missing",
    make: (folder) => ({ cluster: { server: "https://127.0.0.1:1", caFile: path.join(folder, "ca.crt") } }),
  },
  {
    name: "plain http to another machine",
    make: () => ({ cluster: { server: "http://api.example.com:6443" } }),
  },
  {
    name: "exec plugin missing",
    make: (folder) => {
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "no-such-plugin",
        interactiveMode: "Never",
      };
      return byContext(kubeconfig(folder, {}, { exec }));
    },
  },
  {
    name: "insecure-skip-tls-verify without the flag",
    make: (folder) => byContext(kubeconfig(folder, { "insecure-skip-tls-verify": true })),
  },
  { name: "in-cluster outside of a cluster", make: () => ({ cluster: { inCluster: true } }) },
  tlsFault("server refusing", "refused"),
  tlsFault("wrong CA", "wrong-ca"),
  tlsFault("wrong name", "wrong-name"),
  tlsFault("expired certificate", "expired"),
];

/** What goes wrong with a real API server, most of it by a proxy in front of it. */
export function withServer(plane: ControlPlane): readonly BadInput[] {
  const faulty = (name: string, choose: ChooseFault, ...args: readonly string[]): BadInput => ({
    name,
    make: async () => {
      const proxy = await startFaultProxy({ upstream: plane.server, upstreamCaFile: plane.caFile });
      onTestFinished(() => proxy.stop());
      proxy.setFault(choose);
      return { ...byContext(await proxy.rewriteKubeconfig(plane.kubeconfig("reader"))), args };
    },
  });
  return [
    {
      name: "token that nobody knows",
      make: (folder) => {
        const authority = readFileSync(plane.caFile).toString("base64");
        return byContext(
          kubeconfig(folder, { server: plane.server, "certificate-authority-data": authority }),
        );
      },
    },
    {
      name: "user that may list nothing",
      make: () => ({ cluster: { context: "nobody", kubeconfig: plane.kubeconfig("nobody") } }),
    },
    faulty("token expired in the middle", ({ continued }) =>
      continued ? { type: "answer", code: 401 } : undefined,
    ),
    faulty("CRD gone in the middle of a list", ({ continued, path: asked, attempt }) => {
      if (continued) return { type: "answer", code: 404 };
      const isDiscovery = asked === "/apis" ? attempt > 1 : /^\/apis\/[^/]+\/[^/]+$/.test(asked);
      return isDiscovery ? { type: "edit", edit: withoutVirtualServices } : undefined;
    }),
    faulty("list that always expires", ({ continued }) =>
      continued ? { type: "expired", freshToken: true } : undefined,
    ),
    faulty("list of a load balancer", ({ resource }) =>
      resource === "virtualservices" ? { type: "answer", code: 200, body: "<html>Log in</html>" } : undefined,
    ),
    faulty("list that is forbidden", ({ resource }) =>
      resource === "virtualservices" ? { type: "answer", code: 403 } : undefined,
    ),
    faulty("list that breaks off", ({ continued }) =>
      continued ? { type: "cut", encoding: "length" } : undefined,
    ),
    faulty("page that is no list", ({ continued }) =>
      continued ? { type: "answer", code: 200, body: {} } : undefined,
    ),
    faulty("server too busy", ({ resource }) =>
      resource === "virtualservices"
        ? { type: "answer", code: 429, headers: { "retry-after": "600" } }
        : undefined,
    ),
    faulty("server that leads elsewhere", () => ({ type: "redirect", location: "https://example.com/" })),
    faulty("server that says nothing", () => ({ type: "hang" }), "--request-timeout", "200ms"),
  ];
}

function withoutVirtualServices(discovery: Json): Json {
  const text = JSON.stringify(discovery).replaceAll('"VirtualService"', '"Gone"');
  return JSON.parse(text) as Json; // It was JSON before.
}

/** The objects of Git; the live side has them all, but for one namespace that is gone. */
export const objects: readonly JsonObject[] = Array.from({ length: 501 }, (_, index) =>
  virtualService(`shop/vs-${String(index).padStart(3, "0")}`, "5s"),
);

/** Runs the built command with one thing wrong. */
export async function runBadInput(
  { name, make }: BadInput,
  desired: readonly JsonObject[] = objects.slice(0, 1),
): Promise<Told> {
  const folders = makeWorld(desired, {}).folder;
  const own = path.join(folders, "own");
  mkdirSync(own);
  const { cluster, args = [], env = {} } = await make(own);
  const file = path.join(folders, "drift.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("c: {}", `c: ${JSON.stringify(cluster)}`));
  const { exitCode, stdout, stderr } = await run(
    ["scan", "-c", file, "--cache-dir", path.join(folders, "cache"), "-o", "json", ...args],
    env,
  );
  const plain = (text: string) =>
    text
      .replaceAll(folders, "")
      .replaceAll(/\/\S*\/((?:reader|nobody)\.kubeconfig|kubeconfig)\b/g, "/$1")
      .replaceAll(/127\.0\.0\.1:\d{2,}/g, "127.0.0.1:<port>");
  return { name, exitCode, ...outcome(JSON.parse(plain(stdout)) as Json), stderr: plain(stderr) };
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const all = { ...process.env, npm_command: undefined, KUBECONFIG: "", ...env };
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: all, maxBuffer: 1 << 28 },
      (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

function outcome(document: Json): Pick<Told, "code" | "told" | "verdict"> {
  const error = field(document, "error");
  if (error !== undefined) {
    const details = listOf(error, "details").map((one) => (typeof one === "string" ? one : ""));
    const told = [textField(error, "message"), ...details, textField(error, "hint")].join(" · ");
    return { code: textField(error, "code"), told, verdict: "-" };
  }
  const [target] = listOf(document, "targets");
  const verdict = textField(target, "verdict");
  const unchecked = listOf(target, "unchecked");
  const [first] = unchecked;
  if (first !== undefined) {
    const told = unchecked.map(
      (one) => `${textField(one, "what")}: ${textField(one, "reason")} · ${textField(one, "hint")}`,
    );
    return { code: textField(first, "code"), told: told.join(" ; "), verdict };
  }
  const findings = listOf(target, "findings").map(
    (one) =>
      `${textField(one, "type")} ${textField(field(one, "key"), "kind")} ${textField(field(one, "key"), "name")}`,
  );
  return { code: verdict, told: findings.join(", "), verdict };
}

function listOf(value: Json | undefined, name: string): readonly Json[] {
  const found = field(value, name);
  return isList(found) ? found : [];
}
