/**
 * Shows that renders start no process and open no socket: renders the whole corpus, refusals included, under strace
 * and counts the calls. Without strace it skips and says so.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { argv, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const self = fileURLToPath(import.meta.url);
const corpus = fileURLToPath(new URL("../test/corpus", import.meta.url));
const artefactFolder = fileURLToPath(new URL("../kustomize", import.meta.url));
const calls = ["execve", "connect", "socket"];

/** @param {string} folder */
function checkoutOf(folder) {
  const root = join(folder, "tree");
  /** @type {Map<string, import("../src/ports/source.ts").TreeEntry>} */
  const tree = new Map();
  /** @type {Map<string, Uint8Array>} */
  const blobs = new Map();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const oid = createHash("sha256").update(bytes).digest("hex");
    blobs.set(oid, bytes);
    tree.set(relative(root, path), { type: "file", oid });
  }
  return {
    repository: "corpus",
    revision: "main",
    revisionType: /** @type {const} */ ("branch"),
    commit: { sha: "", author: "", date: "", subject: "" },
    tree,
    /** @param {readonly string[]} oids */
    readBlobs: (oids) => Promise.resolve(oids.map((oid) => blobs.get(oid) ?? new Uint8Array())),
    lastCommits: () => Promise.resolve(new Map()),
    commitsTouching: () => Promise.resolve([]),
    isAncestor: () => Promise.resolve(undefined),
    blame: () => Promise.resolve(new Map()),
    close: () => Promise.resolve(),
  };
}

/** @param {string} built */
async function renderAll(built) {
  /** @type {typeof import("../src/adapters/kustomize/renderer.ts")} */
  const { createRenderer } = await import(built);
  const renderer = createRenderer({ artefactFolder });
  const outcomes = { rendered: 0, failed: 0 };
  for (const kind of ["trees", "refusals"]) {
    for (const name of readdirSync(join(corpus, kind))) {
      const folder = join(corpus, kind, name);
      const { overlay } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
      outcomes[(await renderer.render({ checkout: checkoutOf(folder), overlay })).type]++;
    }
  }
  await renderer.close();
  console.log(`${outcomes.rendered} overlays rendered, ${outcomes.failed} refused or failed`);
}

async function trace() {
  const folder = mkdtempSync(join(tmpdir(), "drift-strace-"));
  try {
    await bundle({ renderer: "src/adapters/kustomize/renderer.ts" }, folder);
    const log = join(folder, "calls");
    const args = [
      "-f",
      "-e",
      `trace=${calls.join(",")}`,
      "-o",
      log,
      execPath,
      self,
      join(folder, "renderer.mjs"),
    ];
    const { error, status } = spawnSync("strace", args, { stdio: "inherit" });
    if (error !== undefined) {
      console.log("skipped: no strace");
      return;
    }
    if (status !== 0) throw new Error(`the traced renders ended with code ${status}`);
    const lines = readFileSync(log, "utf8").split("\n");
    const counts = calls.map((name) => lines.filter((line) => line.includes(`${name}(`)).length);
    console.log(calls.map((name, i) => `${name} ${counts[i]}`).join(", "), "(one execve is node itself)");
    if (counts.join() !== "1,0,0") process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , built] = argv;
await (built === undefined ? trace() : renderAll(built));
