// The API server of the tests, for the benchmark.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { builtControlPlane } from "../scripts/control-plane-cache.mjs";
import { ApiClient } from "./api-client.mjs";

/** A request that was answered. `resource` is "" for what is about none (/apis). @typedef {{ verb: string, user: string, resource: string, path: string, code: number }} Asked */

/** A control plane that runs. @typedef {Awaited<ReturnType<typeof startControlPlane>>} ControlPlane */

/** Starts one in a new folder. It ends with `stop`, and with this process. @param {string} folder @param {string} binary */
export async function startControlPlane(folder, binary = builtControlPlane() ?? "") {
  mkdirSync(folder, { recursive: true });
  const crds = path.join(path.dirname(binary), "crds");
  const definitions = readdirSync(crds).map((name) => path.join(crds, name));
  // A file, because nobody empties a pipe while a command is measured.
  const log = openSync(path.join(folder, "log"), "w");
  const program = spawn(binary, ["-dir", folder, "-crds", definitions.join(",")], {
    stdio: ["pipe", "pipe", log],
  });
  closeSync(log);
  await ready(program, path.join(folder, "log"));
  const kubeconfig = (/** @type {"admin" | "reader"} */ user) => path.join(folder, `${user}.kubeconfig`);
  const admin = new ApiClient(readFileSync(kubeconfig("admin"), "utf8"));
  const auditFile = path.join(folder, "audit.log");
  return {
    kubeconfig,
    admin,
    /** Runs something; gives what it gave, and what was asked of the server by a user meanwhile. */
    record: (/** @type {string} */ user, /** @type {() => Promise<import("./measure.mjs").Run>} */ work) =>
      record({ user, work, admin, auditFile }),
    async stop() {
      admin.close();
      if (program.exitCode !== null || program.signalCode !== null) return;
      const ended = once(program, "exit");
      program.kill("SIGTERM");
      await ended;
    },
  };
}

/** @param {import("node:child_process").ChildProcess} program @param {string} logFile */
async function ready({ stdout }, logFile) {
  if (stdout === null) throw new Error("the control plane has no standard output");
  for await (const line of createInterface({ input: stdout })) if (line.startsWith("ready ")) return;
  throw new Error(`the control plane did not start:\n${readFileSync(logFile, "utf8").slice(-2000)}`);
}

/** @param {{ user: string, work: () => Promise<import("./measure.mjs").Run>, admin: ApiClient, auditFile: string }} what */
async function record({ user, work, admin, auditFile }) {
  await waitForAudit(admin, auditFile, statSync(auditFile).size);
  const start = statSync(auditFile).size;
  const run = await work();
  const lines = await waitForAudit(admin, auditFile, start);
  const asked = lines.map(parseLine).filter((one) => one.user === user && !one.path.startsWith("/livez"));
  return { run, asked };
}

/**
 * The lines from a byte on. The server writes a line just after it answered, so a request of our own is made and
 * waited for.
 *
 * @param {ApiClient} admin @param {string} auditFile @param {number} start
 */
async function waitForAudit(admin, auditFile, start) {
  const marker = `/livez/ping?audit=${randomUUID()}`;
  await admin.request("GET", marker);
  for (let left = 1000; left > 0; left--) {
    const text = readFrom(auditFile, start);
    if (text.includes(marker)) return text.split("\n").slice(0, -1);
    await wait(10);
  }
  throw new Error(`${auditFile} does not get the requests that are made`);
}

/** @param {string} file @param {number} start */
function readFrom(file, start) {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, statSync(file).size - start));
    return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, bytes.length, start));
  } finally {
    closeSync(descriptor);
  }
}

/** @param {string} line @returns {Asked} */
function parseLine(line) {
  const { verb, user, objectRef, requestURI, responseStatus } = JSON.parse(line);
  const [place = ""] = requestURI.split("?");
  return {
    verb,
    user: user.username,
    resource: objectRef?.resource ?? "",
    path: place,
    code: responseStatus?.code ?? 0,
  };
}
