import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Unpacks the renderer, which is kept compressed in Git, so that no run has to: writes build/kustomize.wasm in the
 * folder from kustomize.wasm.br. Does nothing where the right bytes are there already. Throws where they have another
 * digest than artefact.json says.
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
    throw new Error(
      `kustomize/kustomize.wasm.br has SHA-256 ${found}, artefact.json says ${expected}: restore the folder kustomize/ from Git, or run npm run build:kustomize`,
    );
  }
  mkdirSync(join(folder, "build"), { recursive: true });
  writeFileSync(`${output}.tmp`, bytes);
  renameSync(`${output}.tmp`, output);
}
