/**
 * Runs a WebAssembly module's start-up once and writes memory and globals back as a new module, which starts where
 * the old one had got to. Only for modules with one memory and with i32 and i64 globals, as Go makes them.
 */
import { instantiate } from "../src/adapters/kustomize/wasm-host.mjs";

const SECTION = { memory: 5, global: 6, export: 7, data: 11, dataCount: 12 };
const PAGE = 65536;
const I32 = 0x7f;
const I64 = 0x7e;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const END = 0x0b;
/** A run of zeros shorter than this stays inside a data segment. V8 takes at most 100,000 segments. */
const GAP_WORDS = 16;
/** Exports that only the start-up needs. */
const startup = new Set(["_initialize", "warm"]);

/** @param {number} value */
function unsigned(value) {
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 128 : low);
  } while (value > 0);
  return Buffer.from(bytes);
}

/** @param {bigint} value */
function signed(value) {
  const bytes = [];
  for (;;) {
    const low = Number(value & 127n);
    value >>= 7n;
    const done = (value === 0n && (low & 64) === 0) || (value === -1n && (low & 64) !== 0);
    bytes.push(done ? low : low | 128);
    if (done) return Buffer.from(bytes);
  }
}

/** Reads a module front to back. */
class Reader {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  byte() {
    const value = this.bytes[this.at];
    if (value === undefined) throw new Error("the module ends too early");
    this.at++;
    return value;
  }

  unsigned() {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  }

  /** @param {number} length */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** @typedef {{ id: number, body: Buffer }} Section */

/**
 * @param {Buffer} module
 * @returns {Section[]}
 */
function readSections(module) {
  const reader = new Reader(module);
  reader.take(8);
  const sections = [];
  while (reader.at < module.length) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.unsigned()) });
  }
  return sections;
}

/**
 * @param {Buffer} module the magic number and version are taken from it
 * @param {Section[]} sections
 */
function writeSections(module, sections) {
  return Buffer.concat([
    module.subarray(0, 8),
    ...sections.flatMap(({ id, body }) => [Buffer.from([id]), unsigned(body.length), body]),
  ]);
}

/**
 * @param {Section[]} sections
 * @param {number} id
 */
function bodyOf(sections, id) {
  const found = sections.find((section) => section.id === id);
  if (found === undefined) throw new Error(`the module has no section ${id}`);
  return found.body;
}

/** @param {Buffer} body */
function readGlobals(body) {
  const reader = new Reader(body);
  const globals = [];
  for (let count = reader.unsigned(); count > 0; count--) {
    const global = { type: reader.byte(), mutable: reader.byte() };
    const instruction = reader.byte();
    if (instruction !== I32_CONST && instruction !== I64_CONST) throw new Error("a global is not a constant");
    while (reader.byte() >= 128);
    if (reader.byte() !== END) throw new Error("a global is not one constant");
    globals.push(global);
  }
  return globals;
}

/** @param {Buffer} body */
function readExports(body) {
  const reader = new Reader(body);
  const found = [];
  for (let count = reader.unsigned(); count > 0; count--) {
    const start = reader.at;
    const name = reader.take(reader.unsigned()).toString("utf8");
    reader.byte();
    reader.unsigned();
    found.push({ name, raw: body.subarray(start, reader.at) });
  }
  return found;
}

/** @param {Buffer[]} items */
function list(items) {
  return Buffer.concat([unsigned(items.length), ...items]);
}

/** @param {number} index */
function globalName(index) {
  return `global ${index}`;
}

/**
 * The module with every global exported, so that its value can be read.
 *
 * @param {Buffer} module
 * @param {Section[]} sections
 */
function exposeGlobals(module, sections) {
  const count = readGlobals(bodyOf(sections, SECTION.global)).length;
  const extra = Array.from({ length: count }, (_, index) => {
    const name = Buffer.from(globalName(index));
    return Buffer.concat([unsigned(name.length), name, Buffer.from([3]), unsigned(index)]);
  });
  const body = list([...readExports(bodyOf(sections, SECTION.export)).map(({ raw }) => raw), ...extra]);
  return writeSections(
    module,
    sections.map((section) => (section.id === SECTION.export ? { ...section, body } : section)),
  );
}

/**
 * @param {Buffer} body
 * @param {WebAssembly.Exports} exports
 */
function freezeGlobals(body, exports) {
  return list(
    readGlobals(body).map(({ type, mutable }, index) => {
      if (type !== I32 && type !== I64) throw new Error("a global is neither i32 nor i64");
      const { value } = /** @type {WebAssembly.Global} */ (exports[globalName(index)]);
      return Buffer.concat([
        Buffer.from([type, mutable, type === I32 ? I32_CONST : I64_CONST]),
        signed(BigInt(value)),
        Buffer.from([END]),
      ]);
    }),
  );
}

/** @param {ArrayBuffer} memory */
function freezeMemory(memory) {
  const words = new Uint32Array(memory);
  const segments = [];
  for (let from = 0; from < words.length;) {
    if (words[from] === 0) {
      from++;
      continue;
    }
    let zeros = 0;
    let to = from;
    while (to < words.length && zeros < GAP_WORDS) {
      zeros = words[to] === 0 ? zeros + 1 : 0;
      to++;
    }
    const bytes = Buffer.from(memory, from * 4, (to - zeros - from) * 4);
    const offset = signed(BigInt((from * 4) | 0));
    segments.push(
      Buffer.concat([Buffer.from([0, I32_CONST]), offset, Buffer.from([END]), unsigned(bytes.length), bytes]),
    );
    from = to;
  }
  return list(segments);
}

/**
 * The module as it is after `_initialize` and `warm`, with at most `maxPages` pages of memory.
 *
 * @param {Buffer} module
 * @param {number} maxPages
 */
export function snapshot(module, maxPages) {
  const sections = readSections(module);
  const compiled = new WebAssembly.Module(exposeGlobals(module, sections));
  const commits = {
    kind: () => 0,
    read: () => undefined,
    open: () => undefined,
  };
  const instance = instantiate(compiled, commits, { onLog: console.error, reproducible: true });
  instance.prepare();
  const memory = /** @type {WebAssembly.Memory} */ (instance.exports["memory"]).buffer;
  const limits = Buffer.concat([Buffer.from([1, 1]), unsigned(memory.byteLength / PAGE), unsigned(maxPages)]);
  const kept = readExports(bodyOf(sections, SECTION.export)).filter(({ name }) => !startup.has(name));
  /** @type {Map<number, Buffer>} */
  const changed = new Map([
    [SECTION.memory, limits],
    [SECTION.global, freezeGlobals(bodyOf(sections, SECTION.global), instance.exports)],
    [SECTION.export, list(kept.map(({ raw }) => raw))],
    [SECTION.data, freezeMemory(memory)],
  ]);
  return writeSections(
    module,
    sections
      .filter(({ id }) => id !== SECTION.dataCount)
      .map(({ id, body }) => ({ id, body: changed.get(id) ?? body })),
  );
}
