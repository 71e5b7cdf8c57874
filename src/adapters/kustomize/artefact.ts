import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
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

const hint = "Run `npm run build`; if that does not help, install the package again.";

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
    throw new DriftError("RENDERER_DAMAGED", `the description of the renderer cannot be read: ${path}`, {
      hint,
      cause,
    });
  }
  throw new DriftError("RENDERER_DAMAGED", `the description of the renderer is incomplete: ${path}`, { hint });
}

/**
 * Reads the module; nobody has checked it yet. At once, because a thread waits for it: an asynchronous read takes its
 * turn with all else that a scan does at its start. Throws RENDERER_DAMAGED where the module is missing.
 */
export function readModule({ folder }: Artefact): Uint8Array<ArrayBuffer> {
  const path = modulePath(folder);
  try {
    const file = openSync(path, "r");
    try {
      // Its own memory, not a shared pool: it is handed over to a thread.
      const bytes = new Uint8Array(fstatSync(file).size);
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DriftError("RENDERER_DAMAGED", `the renderer cannot be read: ${path}`, { hint, cause });
  }
}

/** The error for a module that is there and is not what was built. */
export function damagedModule({ folder }: Artefact, details: readonly string[]): DriftError {
  const message = `the renderer is not the one that was built: ${modulePath(folder)}`;
  return new DriftError("RENDERER_DAMAGED", message, { hint, details });
}

function modulePath(folder: string): string {
  return join(folder, "build", "kustomize.wasm");
}
