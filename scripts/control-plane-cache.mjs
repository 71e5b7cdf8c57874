import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder } from "./test-cache.mjs";

/** The Go source of the test control plane. */
export const controlPlaneSource = fileURLToPath(new URL("../test/control-plane", import.meta.url));

/**
 * Where what is built from exactly this source lies, or would lie. It is there as a whole or not at all, and holds
 *
 * - `control-plane`, the program;
 * - `crds/*.yaml`, the definitions that it loads;
 * - `kubectl`, where that was asked for.
 */
export function controlPlaneFolder() {
  return cachedFolder("control-plane", controlPlaneSource);
}

/** @returns {string | undefined} the built program; undefined where it was not built */
export function builtControlPlane() {
  const file = path.join(controlPlaneFolder(), "control-plane");
  return existsSync(file) ? file : undefined;
}
