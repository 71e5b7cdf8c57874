// What the first overlay costs at least: Node, the renderer and one render, and nothing else. node alone.mjs WASM REPOSITORY OVERLAY
// Prints the milliseconds since the process started.
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { KIND } from "../src/adapters/kustomize/tree-lookup.mjs";
import { instantiate } from "../src/adapters/kustomize/wasm-host.mjs";

const [wasm = "", repository = "", overlay = ""] = process.argv.slice(2);
setFlagsFromString("--wasm-num-compilation-tasks=1");
setFlagsFromString("--wasm-tiering-budget=200000000");
setFlagsFromString("--wasm-lazy-validation");

const commit = {
  kind: (/** @type {string} */ file) => {
    const found = statSync(path.join(repository, file), { throwIfNoEntry: false });
    return found === undefined ? KIND.absent : found.isDirectory() ? KIND.folder : KIND.file;
  },
  read: (/** @type {string} */ file) => readFileSync(path.join(repository, file)),
  open: () => undefined,
};
const module = new WebAssembly.Module(readFileSync(wasm));
const renderer = instantiate(module, commit, { onLog: (line) => console.error(line) });
const answer = renderer.render(overlay, 2 ** 26);
if (answer?.includes('"resources"') !== true) throw new Error(`${overlay}: ${answer}`);
console.log(performance.now());
