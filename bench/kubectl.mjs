// The kubectl that is measured beside us.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { controlPlaneFolder } from "../scripts/control-plane-cache.mjs";

/** @typedef {{ file: string, version: string }} Kubectl */

/** The one that was built with the test control plane, else that of PATH. @returns {Kubectl | undefined} */
export function findKubectl() {
  const built = path.join(controlPlaneFolder(), "kubectl");
  const file = existsSync(built) ? built : "kubectl";
  const { status, stdout } = spawnSync(file, ["version", "--client"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const version = (/** @type {string} */ name) =>
    new RegExp(`${name} Version: v(\\S+)`).exec(stdout)?.[1] ?? "unknown";
  return { file, version: `kubectl ${version("Client")} (Kustomize ${version("Kustomize")})` };
}
