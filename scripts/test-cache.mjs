import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { digestOf } from "./digest-of.mjs";

/**
 * Where what is built from exactly this Go source lies, or would lie: the same for every clone and every run.
 *
 * @param {string} name
 * @param {string} source a folder of Go, without folders in it
 */
export function cachedFolder(name, source) {
  const names = readdirSync(source).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file));
  const cache = process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache");
  return path.join(cache, "mesh-drift-test", `${name}-${digestOf(source, names).slice(0, 16)}`);
}
