import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";
import { builtControlPlane } from "../../scripts/control-plane-cache.mjs";
import { field, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import { type AuditEntry, readAudit } from "./audit-log.ts";
import { ApiClient, type ApiAnswer } from "./api-client.ts";

/**
 * Who can log in, each with a kubeconfig: `admin` may do everything; `reader` may get and list the kinds of the mesh,
 * namespaces, services and config maps; `nobody` may do nothing but discovery; so may `guest`, to whom tests bind what
 * they want. `certificate` is the reader by client certificate instead of a token.
 */
export type ControlPlaneUser = "admin" | "reader" | "nobody" | "guest" | "certificate";

/** The users that have a token. */
export type TokenUser = Exclude<ControlPlaneUser, "certificate">;

/**
 * A real API server with the definitions of Istio and Gateway API. It has no controllers: a deleted namespace stays
 * terminating, nothing is garbage-collected, and no route gets a status.
 */
export interface ControlPlane {
  /** "https://127.0.0.1:<port>" */
  readonly server: string;
  readonly caFile: string;
  readonly folder: string;
  /** The path of a user's kubeconfig. Its one context has the user's name, its cluster is "control-plane". */
  kubeconfig(user: ControlPlaneUser): string;
  token(user: TokenUser): string;
  /** All requests that were answered so far, in order of their answers. */
  audit(): Promise<readonly AuditEntry[]>;
  /** Asks the server itself. The path begins with "/". Never throws for a status. */
  request(method: string, path: string, body?: Json, user?: TokenUser): Promise<ApiAnswer>;
  /**
   * Creates objects or puts them in the place of what has their name, as the administrator; those without a namespace
   * first. Throws where one is refused.
   */
  apply(objects: readonly JsonObject[]): Promise<void>;
  /** Asks to create an object, as the administrator; `query`: "?dryRun=All". Never throws for a refusal. */
  create(object: JsonObject, query?: string): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** What may differ from one control plane to the next. */
export interface ControlPlaneOptions {
  /** Further flags of kube-apiserver: `--etcd-compaction-interval=10s`. */
  readonly apiServerFlags?: readonly string[];
}

let said = false;

/**
 * The program, or undefined where it was not built: then tests that need it are skipped, and one line says so.
 * `describe.skipIf(controlPlaneBinary() === undefined)`
 */
export function controlPlaneBinary(): string | undefined {
  const binary = builtControlPlane();
  if (binary === undefined && !said) {
    said = true;
    process.stderr.write(
      "*** skipped: the test control plane is not built, no test met a real API server; node scripts/build-control-plane.mjs builds it where Go is present ***\n",
    );
  }
  return binary;
}

/** Starts a control plane in a new folder. It ends with `stop`, and with this process. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binary = controlPlaneBinary();
  if (binary === undefined) throw new Error("the test control plane is not built");
  const folder = await mkdtemp(path.join(tmpdir(), "drift-control-plane-"));
  const args = ["-dir", folder, "-crds", definitionsBeside(binary), "--", ...(options.apiServerFlags ?? [])];
  // It ends with its standard input, so it never outlives this process.
  const program = spawn(binary, args, { stdio: ["pipe", "pipe", "pipe"] });
  try {
    return controlPlaneAt(folder, await serverOf(program), program);
  } catch (error) {
    await end(program, folder);
    throw error;
  }
}

function definitionsBeside(binary: string): string {
  const folder = path.join(path.dirname(binary), "crds");
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .join(",");
}

/** The address the program prints when it is ready. Throws with the end of its log where it ends before. */
async function serverOf(program: ChildProcess): Promise<string> {
  const { stdout, stderr } = program;
  if (stdout === null || stderr === null) throw new Error("the control plane has no standard output");
  let log = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4000);
  });
  for await (const line of createInterface({ input: stdout })) {
    const server = /^ready (\S+)$/.exec(line)?.[1];
    if (server !== undefined) return server;
  }
  throw new Error(`the control plane did not start:\n${log}`);
}

function controlPlaneAt(folder: string, server: string, program: ChildProcess): ControlPlane {
  const caFile = path.join(folder, "ca.crt");
  const kubeconfig = (user: ControlPlaneUser) => path.join(folder, `${user}.kubeconfig`);
  const token = (user: TokenUser) => tokenIn(kubeconfig(user));
  const client = new ApiClient(server, readFileSync(caFile));
  const admin = token("admin");
  return {
    server,
    caFile,
    folder,
    kubeconfig,
    token,
    audit: () => readAudit(path.join(folder, "audit.log"), client, admin),
    request: (method, path, body, user = "admin") =>
      client.request({ method, path, body, token: token(user) }),
    apply: (objects) => client.apply(objects, admin),
    create: (object, query) => client.create(object, admin, query),
    async stop() {
      client.close();
      await end(program, folder);
    },
  };
}

function tokenIn(file: string): string {
  const config = parse(readFileSync(file, "utf8")) as Json; // YAML without tags: what JSON can hold.
  const users = field(config, "users") as readonly Json[]; // Our own program writes one user.
  return textField(field(users[0], "user"), "token");
}

async function end(program: ChildProcess, folder: string): Promise<void> {
  if (program.exitCode === null && program.signalCode === null) {
    const exited = once(program, "exit");
    program.kill("SIGTERM");
    await exited;
  }
  await rm(folder, { recursive: true, force: true });
}
