import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** Go, for what the tests build from Go. It is optional: see `goVersion`. */

/** @returns {string | undefined} "1.26.8"; undefined without Go */
export function goVersion() {
  try {
    const env = { ...process.env, GOTOOLCHAIN: "local" };
    const version = execFileSync("go", ["env", "GOVERSION"], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return version.trim().replace(/^go/, "");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} version
 * @param {string} wanted
 */
function isOlder(version, wanted) {
  const [have, need] = [version, wanted].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  const i = (need ?? []).findIndex((part, at) => part !== (have?.[at] ?? 0));
  return i !== -1 && (have?.[i] ?? 0) < (need?.[i] ?? 0);
}

/**
 * A Go that is too old may fetch a newer one; otherwise the one that is here builds.
 *
 * @param {string} folder
 */
function toolchain(folder) {
  const wanted = /^go (\S+)$/m.exec(readFileSync(path.join(folder, "go.mod"), "utf8"))?.[1];
  if (wanted === undefined) throw new Error(`${path.join(folder, "go.mod")} names no version of Go`);
  return isOlder(goVersion() ?? "", wanted) ? "auto" : "local";
}

/**
 * Runs `go` on a module, with exactly what its go.sum names. Throws with what it wrote to its standard error.
 *
 * @param {string} folder the module's
 * @param {string[]} args
 * @returns {string} its standard output
 */
export function runGo(folder, args) {
  return execFileSync("go", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: toolchain(folder) },
  }).trim();
}
