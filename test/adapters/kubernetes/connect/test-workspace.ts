import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import type {
  ClusterAccess,
  ConnectOptions,
  Connection,
  Credentials,
} from "../../../../src/adapters/kubernetes/connect/access.ts";
import { openConnection } from "../../../../src/adapters/kubernetes/connect/open-connection.ts";
import { DriftError } from "../../../../src/lib/errors.ts";

/** A folder of the test's own, with what happened meanwhile. */
export interface Workspace {
  readonly folder: string;
  readonly warnings: string[];
  readonly options: ConnectOptions;
  /** Moves the clock on. */
  readonly pass: (ms: number) => void;
  /** Writes a file and gives its path. */
  readonly write: (name: string, content: string) => string;
  /** Writes a program for Node that can be run by its path. */
  readonly program: (name: string, source: string) => string;
  readonly open: (access: ClusterAccess, options?: Partial<ConnectOptions>) => Promise<Connection>;
  /** Opens the current context of a kubeconfig made of these parts. */
  readonly openWith: (parts: KubeconfigParts, options?: Partial<ConnectOptions>) => Promise<Connection>;
}

/** The one cluster, user and context of a kubeconfig. */
export interface KubeconfigParts {
  readonly cluster: object;
  readonly user?: object;
  readonly context?: object;
}

/** A kubeconfig, in JSON. */
export function kubeconfig({ cluster, user, context }: KubeconfigParts, name = "test"): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster }],
    users: user === undefined ? [] : [{ name, user }],
    contexts: [
      { name, context: { cluster: name, ...(user === undefined ? {} : { user: name }), ...context } },
    ],
  });
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Makes a workspace that is gone when the test ends; its clock stands still. */
export function createWorkspace(): Workspace {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-connect-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const warnings: string[] = [];
  let nowMs = Date.parse("2026-03-01T12:00:00Z");
  const options: ConnectOptions = {
    env: { PATH: process.env["PATH"] },
    homeFolder: () => folder,
    now: () => new Date(nowMs),
    allowInsecure: false,
    execPlugins: "all",
    execTimeoutMs: 20_000,
    onWarning: (message) => warnings.push(message),
    serviceAccountFolder: path.join(folder, "serviceaccount"),
  };
  const write = (name: string, content: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const open: Workspace["open"] = async (access, changed = {}) => {
    const connection = await openConnection(access, { ...options, ...changed });
    onTestFinished(connection.close);
    return connection;
  };
  return {
    folder,
    warnings,
    options,
    pass: (ms) => {
      nowMs += ms;
    },
    write,
    program: (name, source) => {
      const file = write(name, `#!${process.execPath}\n${source}\n`);
      chmodSync(file, 0o755);
      return file;
    },
    open,
    openWith: (parts, changed) =>
      open({ type: "context", context: "", kubeconfig: write("config", kubeconfig(parts)) }, changed),
  };
}

/** Sends a GET with these credentials. Rejects with the error of the network. */
export async function send(
  connection: Connection,
  credentials: Credentials,
  target = "/version",
): Promise<number> {
  const url = new URL(connection.server);
  url.pathname = `${url.pathname.replace(/\/$/, "")}${target}`;
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    request(url, { agent: credentials.agent, headers: { ...credentials.headers } }, (response) => {
      response.resume().on("end", () => {
        resolve(response.statusCode ?? 0);
      });
    })
      .on("error", reject)
      .end();
  });
}

/** Sends a GET with the connection's credentials of the moment. */
export async function get(connection: Connection, target?: string): Promise<number> {
  return send(connection, await connection.credentials(), target);
}

/** The DriftError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<DriftError> {
  const outcome: unknown = await promise.then(
    () => "no failure",
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(DriftError);
  // Just proved.
  return outcome as DriftError;
}

/** Everything of an error that a person may come to see. */
export function shown(error: DriftError): string {
  return inspect(error, { depth: 20 });
}
