/**
 * The host of the renderer's WebAssembly module: stubs and four questions about commits. The module gets no
 * file, no socket, no environment, no argument and no other process, because nothing here could give it one.
 *
 * Plain JavaScript: a worker thread and the build script load it as it is.
 */
import { randomFillSync } from "node:crypto";

/**
 * What the module may ask about commits. `number` tells which: 0 is the one that it renders, another one is a remote
 * base. Paths are relative to the root of the repository.
 *
 * @typedef {object} Commits
 * @property {(path: string, number: number) => number} kind What stands there: 0 nothing, 1 file, 2 folder, 3 symlink,
 *   4 submodule.
 * @property {(path: string, plain: boolean, number: number) => Uint8Array | undefined} read The bytes of a file;
 *   undefined refuses them. What is not plain data will be parsed.
 * @property {(base: string) => number | undefined} open The number of a remote base (JSON of kustomize/internal/tree,
 *   RemoteBase); undefined refuses it.
 */

/**
 * @typedef {object} HostOptions
 * @property {(line: string) => void} onLog Gets each line that the module logs.
 * @property {boolean} [reproducible] Counts instead of reading clocks, and gives fixed bytes as random ones: only for
 *   building the module, where two runs must leave the same memory.
 */

/**
 * @typedef {object} Instance
 * @property {(overlay: string, maxBytes: number) => string | undefined} render Renders the overlay; the answer is JSON
 *   text, undefined where it is larger than `maxBytes`. Throws where the module traps, overflows the stack or ends: the
 *   instance is dead then.
 * @property {() => void} prepare Initialises and warms up. Only a module that is being built has this.
 * @property {() => number} memoryBytes The size of its memory; it never shrinks.
 * @property {WebAssembly.Exports} exports
 */

const BAD_DESCRIPTOR = 8;
const INVALID = 28;
const NOT_SUPPORTED = 52;
const NANOSECONDS = 1_000_000n;
const SNAPSHOT_TIME = 1_000_000_000n;
/** The clock of a snapshot stands far before this, and may only go on. */
const START_TIME = 3_600_000_000_000n;

/** @param {boolean} reproducible */
function makeClocks(reproducible) {
  let ticks = 0n;
  const start = process.hrtime.bigint();
  const monotonic = () =>
    reproducible ? SNAPSHOT_TIME + (ticks += 1000n) : START_TIME + process.hrtime.bigint() - start;
  const real = () => (reproducible ? monotonic() : BigInt(Date.now()) * NANOSECONDS);
  return { monotonic, real };
}

/**
 * Writing: only to standard output and error, which both are the log.
 *
 * @param {() => WebAssembly.Memory} memory
 * @param {(line: string) => void} onLog
 * @returns {(descriptor: number, vectors: number, count: number, out: number) => number}
 */
function makeWrite(memory, onLog) {
  let log = "";
  return (descriptor, vectors, count, out) => {
    if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR;
    const view = new DataView(memory().buffer);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = view.getUint32(vectors + 8 * i, true);
      const length = view.getUint32(vectors + 8 * i + 4, true);
      log += Buffer.from(memory().buffer, at, length).toString("utf8");
      total += length;
    }
    const lines = log.split("\n");
    log = (lines.pop() ?? "").slice(-4096);
    for (const line of lines) onLog(line);
    view.setUint32(out, total, true);
    return 0;
  };
}

/**
 * @param {() => WebAssembly.Memory} memory
 * @param {HostOptions} options
 * @returns {Record<string, (...args: any[]) => number>}
 */
function makeWasi(memory, options) {
  const bytes = () => new Uint8Array(memory().buffer);
  const view = () => new DataView(memory().buffer);
  const clocks = makeClocks(options.reproducible === true);

  /** @type {(count: number, size: number) => number} */
  const none = (count, size) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return 0;
  };

  return {
    args_sizes_get: none,
    environ_sizes_get: none,
    args_get: () => 0,
    environ_get: () => 0,
    sched_yield: () => 0,
    fd_prestat_get: () => BAD_DESCRIPTOR, // no folder is open
    clock_time_get: (id, _precision, out) => {
      view().setBigUint64(out, id === 0 ? clocks.real() : clocks.monotonic(), true);
      return 0;
    },
    random_get: (at, length) => {
      if (options.reproducible === true) bytes().fill(0x5a, at, at + length);
      else randomFillSync(bytes(), at, length);
      return 0;
    },
    fd_write: makeWrite(memory, options.onLog),
    // Only Go's idle scheduler polls, always for one clock: a wait of any length ends at once.
    poll_oneoff: (subscriptions, events, count, out) => {
      if (count !== 1 || bytes()[subscriptions + 8] !== 0) return INVALID;
      bytes().copyWithin(events, subscriptions, subscriptions + 8);
      bytes().fill(0, events + 8, events + 32);
      view().setUint32(out, 1, true);
      return 0;
    },
    proc_exit: (code) => {
      throw new Error(`the renderer ended with code ${code}`);
    },
  };
}

/**
 * @param {() => WebAssembly.Memory} memory
 * @param {Commits} commits
 */
function makeQuestions(memory, commits) {
  /** @type {Uint8Array} */
  let taken = new Uint8Array();
  /** @type {(at: number, length: number) => string} */
  const text = (at, length) => Buffer.from(memory().buffer, at, length).toString("utf8");
  return {
    /** @type {(at: number, length: number, number: number) => number} */
    kind: (at, length, number) => commits.kind(text(at, length), number),
    /** @type {(at: number, length: number) => number} */
    base: (at, length) => commits.open(text(at, length)) ?? -1,
    /** @type {(at: number, length: number, plain: number, number: number) => number} */
    read: (at, length, plain, number) => {
      const content = commits.read(text(at, length), plain !== 0, number);
      if (content === undefined) return -1;
      taken = content;
      return content.length;
    },
    /** @type {(at: number) => void} */
    take: (at) => {
      new Uint8Array(memory().buffer).set(taken, at);
    },
  };
}

/**
 * Makes an instance of the renderer. Throws where the module wants anything but stubs and the questions.
 *
 * @param {WebAssembly.Module} module
 * @param {Commits} commits
 * @param {HostOptions} options
 * @returns {Instance}
 */
export function instantiate(module, commits, options) {
  /** @type {WebAssembly.Exports} */
  let exports = {};
  const memory = () => /** @type {WebAssembly.Memory} */ (exports["memory"]);
  /** @type {Record<string, Record<string, Function>>} */
  const offered = { wasi_snapshot_preview1: makeWasi(memory, options), drift: makeQuestions(memory, commits) };
  /** @type {Record<string, Record<string, any>>} */
  const imports = { wasi_snapshot_preview1: {}, drift: {} };
  for (const wanted of WebAssembly.Module.imports(module)) {
    const room = imports[wanted.module];
    const given = offered[wanted.module]?.[wanted.name];
    if (room === undefined || wanted.kind !== "function" || (given === undefined && wanted.module === "drift")) {
      throw new Error(`the renderer wants ${wanted.module}.${wanted.name}, which it does not get`);
    }
    room[wanted.name] =
      given ?? (wanted.name.startsWith("fd_") ? () => BAD_DESCRIPTOR : () => NOT_SUPPORTED);
  }
  exports = new WebAssembly.Instance(module, imports).exports;

  /** @type {(name: string) => (...args: any[]) => any} */
  const call = (name) => /** @type {(...args: any[]) => any} */ (exports[name]);
  return {
    exports,
    memoryBytes: () => memory().buffer.byteLength,
    prepare: () => {
      call("_initialize")();
      call("warm")();
    },
    render: (overlay, maxBytes) => {
      const path = Buffer.from(overlay, "utf8");
      const at = call("alloc")(path.length) >>> 0;
      new Uint8Array(memory().buffer).set(path, at);
      const answer = BigInt.asUintN(64, call("render")(path.length));
      const length = Number(answer & 0xffffffffn);
      if (length > maxBytes) return undefined;
      return Buffer.from(memory().buffer, Number(answer >> 32n), length).toString("utf8");
    },
  };
}
