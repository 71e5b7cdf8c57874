import path from "node:path";
import type { Shell } from "./shell.ts";

/**
 * Where mirrors and renders are kept: the flag, DRIFT_CACHE_DIR, or mesh-drift in the user's cache folder (XDG base
 * directories: a relative XDG_CACHE_HOME does not count). The home folder is asked for only where nothing else says it.
 */
export function cacheFolder(flag: string | undefined, shell: Shell): string {
  const { env } = shell;
  const named = flag ?? env["DRIFT_CACHE_DIR"];
  if (named !== undefined && named !== "") return path.resolve(shell.cwd, named);
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(shell.homeFolder, ".cache");
  return path.join(base, "mesh-drift");
}
