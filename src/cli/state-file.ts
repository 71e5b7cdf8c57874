import path from "node:path";
import type { Config } from "../config/config.ts";
import { sha256 } from "../core/model/digest.ts";
import type { Shell } from "./shell.ts";

/**
 * Where what runs knew is kept: the flag, `state.file` of the configuration, or a file of its own for each configuration
 * in mesh-drift of the user's state folder (XDG base directories: a relative XDG_STATE_HOME does not count). The home
 * folder is asked for only where nothing else says it.
 */
export function stateFile(flag: string | undefined, config: Config, shell: Shell): string {
  if (flag !== undefined) return path.resolve(shell.cwd, flag);
  if (config.judging.stateFile !== undefined) return config.judging.stateFile;
  const xdg = shell.env["XDG_STATE_HOME"];
  const base =
    xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(shell.homeFolder, ".local", "state");
  return path.join(base, "mesh-drift", `${sha256(config.path).slice(0, 16)}.json`);
}
