/**
 * Unpacks the renderer, which is kept compressed in Git, so that no run has to: part of `npm run build`. Does nothing
 * where the right bytes are there already.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Writes build/kustomize.wasm in the folder from kustomize.wasm.br. Throws where the bytes have another digest than
 * artefact.json says.
 *
 * @param {string} folder
 */
export function unpackKustomize(folder) {
  const { sha256: expected } = JSON.parse(readFileSync(join(folder, "artefact.json"), "utf8"));
  const output = join(folder, "build", "kustomize.wasm");
  if (existsSync(output) && sha256(readFileSync(output)) === expected) return;
  const bytes = brotliDecompressSync(readFileSync(join(folder, "kustomize.wasm.br")));
  const found = sha256(bytes);
  if (found !== expected) {
    throw new Error(`kustomize/kustomize.wasm.br has SHA-256 ${found}, artefact.json says ${expected}`);
  }
  mkdirSync(join(folder, "build"), { recursive: true });
  writeFileSync(`${output}.tmp`, bytes);
  renameSync(`${output}.tmp`, output);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    unpackKustomize(fileURLToPath(new URL("../kustomize", import.meta.url)));
  } catch (error) {
    console.error(
      `The renderer cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    );
    console.error("Restore the folder kustomize/ from Git, or build it with `npm run build:kustomize`.");
    process.exitCode = 1;
  }
}
