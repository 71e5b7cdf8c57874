import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "./digest-of.mjs";

/** The Go source of the test control plane. */
export const controlPlaneSource = fileURLToPath(new URL("../test/control-plane", import.meta.url));

/**
 * Where what is built from exactly this source lies, or would lie: the same for every clone and every run. It is there
 * as a whole or not at all, and holds
 *
 * - `control-plane`, the program;
 * - `crds/*.yaml`, the definitions that it loads;
 * - `kubectl`, where that was asked for.
 */
export function controlPlaneFolder() {
  const names = readdirSync(controlPlaneSource).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
  const digest = digestOf(controlPlaneSource, names).slice(0, 16);
  const cache = process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache");
  return path.join(cache, "mesh-drift-test", `control-plane-${digest}`);
}

/** @returns {string | undefined} the built program; undefined where it was not built */
export function builtControlPlane() {
  const file = path.join(controlPlaneFolder(), "control-plane");
  return existsSync(file) ? file : undefined;
}
