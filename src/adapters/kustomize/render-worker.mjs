/**
 * A worker thread that renders one overlay at a time. It holds nothing but the compiled module, the trees of commits
 * and the blobs it has asked for. A blob or a remote base is asked for in the middle of a render, so the thread stands
 * still until the main thread has answered.
 *
 * Plain JavaScript: Node 20 strips no types in worker threads.
 */
import { createHash } from "node:crypto";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { makeLookup, unpackTree } from "./tree-lookup.mjs";
import { instantiate } from "./wasm-host.mjs";

/**
 * @typedef {import("./messages.ts").ToWorker} ToWorker
 * @typedef {import("./messages.ts").FromWorker} FromWorker
 * @typedef {import("./messages.ts").BlobAnswer} BlobAnswer
 * @typedef {import("./messages.ts").BaseAnswer} BaseAnswer
 * @typedef {import("./messages.ts").NamedBase} NamedBase
 * @typedef {import("./messages.ts").BaseUse} BaseUse
 * @typedef {import("./messages.ts").WorkerSetup} WorkerSetup
 * @typedef {import("./messages.ts").Problem} Problem
 */

const parent = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const { signal, answerPort, maxAnswerBytes } = /** @type {WorkerSetup} */ (workerData);
const MAX_CACHED_BYTES = 64 * 1024 * 1024;
const MAX_LOG_LINES = 50;

/** @type {WebAssembly.Module | undefined} */
let module;
/** @type {import("./wasm-host.mjs").Instance | undefined} */
let instance;
/**
 * @typedef {object} Root The tree of a commit, and what stands before its paths where people read them.
 * @property {ReadonlyMap<string, import("./tree-lookup.mjs").Entry>} tree
 * @property {(path: string) => number} kindOf
 * @property {string} label
 */
/** @type {Root} */
let main = makeRoot("");
/** Trees of remote bases, by the id that the main thread gave. */
/** @type {Map<number, Root>} */
const knownTrees = new Map();

/** What the render in hand has looked at so far. */
const seen = {
  /** @type {Root[]} by number; 0 is the commit that is rendered */
  roots: [],
  /** @type {Map<string, number | undefined>} number of a base by repository and ref; undefined where it is refused */
  numbers: new Map(),
  /** @type {BaseUse[]} */
  bases: [],
  /** @type {Map<string, string>} path -> blob id */
  files: new Map(),
  /** @type {Map<string, number>} path -> kind */
  probes: new Map(),
  /** @type {string[]} */
  log: [],
  /** @type {Problem | undefined} */
  problem: undefined,
  /** The kustomization that was read last. */
  kustomization: "",
};

/** Blobs by id; what was read as plain data has not been checked for parsing. */
const blobs = {
  /** @type {Map<string, { bytes: Uint8Array, plain: boolean }>} */
  byOid: new Map(),
  size: 0,
};

/** @param {FromWorker} message */
function post(message) {
  parent.postMessage(message);
}

/** @param {string} packed */
function makeRoot(packed) {
  const tree = unpackTree(packed);
  return { tree, kindOf: makeLookup(tree), label: "" };
}

/**
 * Asks the main thread and waits.
 *
 * @param {FromWorker} message
 */
function ask(message) {
  Atomics.store(signal, 0, 0);
  post(message);
  for (;;) {
    Atomics.wait(signal, 0, 0);
    // Whoever answered last may wake us only now: after we saw that answer, and asked again.
    const received = receiveMessageOnPort(answerPort);
    if (received !== undefined) return received.message;
  }
}

/**
 * @param {string} path
 * @param {string} oid
 * @param {boolean} plain
 * @param {number} number
 */
function fetchBlob(path, oid, plain, number) {
  const answer = /** @type {BlobAnswer} */ (ask({ type: "read", path, oid, plain, number }));
  if (answer.type === "problem") {
    seen.problem ??= answer.problem;
    return undefined;
  }
  if (blobs.size > MAX_CACHED_BYTES) {
    blobs.byOid.clear();
    blobs.size = 0;
  }
  blobs.byOid.set(oid, { bytes: answer.bytes, plain });
  blobs.size += answer.bytes.length;
  return answer.bytes;
}

/** @param {NamedBase} base */
function openBase(base) {
  const answer = /** @type {BaseAnswer} */ (ask({ type: "base", base }));
  if (answer.type === "problem") {
    seen.problem ??= answer.problem;
    return undefined;
  }
  if (answer.forget) knownTrees.clear();
  if (answer.packed !== undefined) knownTrees.set(answer.treeId, makeRoot(answer.packed));
  const known = /** @type {Root} */ (knownTrees.get(answer.treeId));
  const { written, repository, ref, folder } = base;
  seen.bases.push({ written, repository, ref, folder, commit: answer.commit });
  return seen.roots.push({ ...known, label: base.label }) - 1;
}

/** @param {number} number */
function rootAt(number) {
  return /** @type {Root} */ (seen.roots[number]);
}

/** @type {import("./wasm-host.mjs").Commits} */
const commits = {
  kind: (path, number) => {
    const kind = rootAt(number).kindOf(path);
    if (number === 0) seen.probes.set(path, kind);
    return kind;
  },
  read: (path, plain, number) => {
    const { tree, label } = rootAt(number);
    const entry = tree.get(path);
    if (entry?.type !== "file") return undefined;
    if (number === 0) seen.files.set(path, entry.oid);
    if (/(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path)) seen.kustomization = label + path;
    const known = blobs.byOid.get(entry.oid);
    if (known !== undefined && (plain || !known.plain)) return known.bytes;
    return fetchBlob(label + path, entry.oid, plain, number);
  },
  open: (text) => {
    const base = /** @type {NamedBase} */ (JSON.parse(text));
    const key = `${base.repository}\n${base.ref}`;
    if (!seen.numbers.has(key)) seen.numbers.set(key, openBase(base));
    return seen.numbers.get(key);
  },
};

/** @param {string} line */
function onLog(line) {
  const warning = line.replace(/^#? ?(Warning: )?/, "").trim();
  const told = seen.kustomization === "" ? warning : `${seen.kustomization}: ${warning}`;
  if (warning !== "" && seen.log.length < MAX_LOG_LINES && !seen.log.includes(told)) seen.log.push(told);
}

/** @param {string} overlay */
function render(overlay) {
  seen.roots = [main];
  seen.numbers.clear();
  seen.bases = [];
  seen.files.clear();
  seen.probes.clear();
  seen.log = [];
  seen.problem = undefined;
  seen.kustomization = "";
  if (module === undefined) throw new Error("no module was sent");
  const used = instance ?? instantiateAgain(module);
  if (used === undefined) return;
  instance = used;
  try {
    const answer = used.render(overlay, maxAnswerBytes);
    // Set where the render left something behind that the next one would see (kustomize/internal/render, Answer).
    if (answer?.endsWith('"spent":true}') !== false) instance = undefined;
    for (const path of seen.files.keys()) seen.probes.delete(path);
    post({
      type: "rendered",
      answer,
      problem: seen.problem,
      warnings: seen.log,
      files: [...seen.files],
      probes: [...seen.probes],
      bases: seen.bases,
      memoryBytes: used.memoryBytes(),
    });
  } catch (error) {
    instance = undefined;
    post({ type: "died", cause: causeOf(error, seen.log.join("\n")) });
  }
}

/**
 * @param {unknown} error
 * @param {string} log What Go said when it gave up.
 */
function causeOf(error, log) {
  if (/out of memory|cannot allocate memory/.test(log)) return "memory";
  return error instanceof RangeError || log.includes("stack exceeds") ? "stack" : "trap";
}

/**
 * The last render left the instance unfit for another; where there is no memory for a new one, this render dies of it.
 *
 * @param {WebAssembly.Module} compiled
 */
function instantiateAgain(compiled) {
  try {
    return instantiate(compiled, commits, { onLog });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    post({ type: "died", cause: "memory" });
    return undefined;
  }
}

/**
 * Compiles the module once its digest is known to be right.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} sha256
 */
function compile(bytes, sha256) {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) {
    post({ type: "damaged", details: [`expected SHA-256 ${sha256}`, `found    SHA-256 ${found}`] });
    return;
  }
  start(() => new WebAssembly.Module(bytes));
}

/**
 * V8 throws a RangeError where it gets no memory; anything else is wrong with the module.
 *
 * @param {() => WebAssembly.Module} getModule
 */
function start(getModule) {
  try {
    module = getModule();
    instance = instantiate(module, commits, { onLog });
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    post(error instanceof RangeError ? { type: "no-memory", reason: told } : { type: "damaged", details: [told] });
    return;
  }
  post({ type: "ready", module });
}

parent.on("message", (/** @type {ToWorker} */ message) => {
  if (message.type === "bytes") {
    compile(message.bytes, message.sha256);
  } else if (message.type === "module") {
    start(() => message.module);
  } else if (message.type === "tree") {
    main = makeRoot(message.packed);
  } else {
    render(message.overlay);
  }
});

