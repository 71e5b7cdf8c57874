import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { DriftError } from "../../lib/errors.ts";

/** What is known about the renderer before it is loaded (kustomize/artefact.json). */
export interface Artefact {
  /** The folder that holds it. */
  readonly folder: string;
  /** Version of the Kustomize command line it stands for: "5.8.2". */
  readonly version: string;
  /** SHA-256 of the module, lower-case hex. */
  readonly sha256: string;
}

/** A module that is ready to run. */
export interface LoadedModule {
  readonly module: WebAssembly.Module;
  /** Ends well once the bytes have the right digest, else with RENDERER_DAMAGED. No answer may be used before. */
  readonly verified: Promise<void>;
}

const hint = "Run `npm run build`; if that does not help, install the package again.";

/** The folder `kustomize` beside `src` or `dist`. */
export function defaultArtefactFolder(): string {
  return fileURLToPath(new URL("../../../kustomize", import.meta.url));
}

/** Reads the description. Throws RENDERER_DAMAGED. */
export function readArtefact(folder: string): Artefact {
  const path = join(folder, "artefact.json");
  try {
    // Our own file, written by scripts/build-kustomize.mjs; both fields are checked below.
    const { kustomize, sha256 } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    if (typeof kustomize === "string" && typeof sha256 === "string") {
      return { folder, version: kustomize, sha256 };
    }
  } catch (cause) {
    throw new DriftError("RENDERER_DAMAGED", `The description of the renderer cannot be read: ${path}`, {
      hint,
      cause,
    });
  }
  throw new DriftError("RENDERER_DAMAGED", `The description of the renderer is incomplete: ${path}`, { hint });
}

/**
 * Reads and compiles the module; its digest is computed beside that, off the main thread. Throws RENDERER_DAMAGED
 * where it is missing or is not WebAssembly.
 */
export async function loadModule(artefact: Artefact): Promise<LoadedModule> {
  // Optimising code in the background costs the first hundred renders more than it gives to later ones, so only the
  // hottest functions are. Flags count for the whole process, and only before the first module is compiled.
  setFlagsFromString("--wasm-num-compilation-tasks=1");
  setFlagsFromString("--wasm-tiering-budget=200000000");
  const path = join(artefact.folder, "build", "kustomize.wasm");
  try {
    const bytes = new Uint8Array(await readFile(path));
    const verified = verify(bytes, artefact, path);
    verified.catch(() => undefined); // whoever takes an answer waits for it
    return { module: await WebAssembly.compile(bytes), verified };
  } catch (cause) {
    throw new DriftError("RENDERER_DAMAGED", `The renderer cannot be loaded: ${path}`, { hint, cause });
  }
}

async function verify(bytes: Uint8Array<ArrayBuffer>, artefact: Artefact, path: string): Promise<void> {
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  if (digest === artefact.sha256) return;
  throw new DriftError("RENDERER_DAMAGED", `The renderer is not the one that was built: ${path}`, {
    hint,
    details: [`expected SHA-256 ${artefact.sha256}`, `found    SHA-256 ${digest}`],
  });
}
