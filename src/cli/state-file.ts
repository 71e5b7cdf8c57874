import path from "node:path";
import type { Config } from "../config/config.ts";
import { sha256 } from "../core/model/digest.ts";
import { DriftError } from "../lib/errors.ts";
import type { Shell } from "./shell.ts";

/**
 * Where what runs knew is kept: the flag, `state.file` of the configuration, or a file of its own for each configuration
 * in mesh-drift of the user's state folder (XDG base directories: a relative XDG_STATE_HOME does not count). Undefined
 * where nothing says it and the user has no home folder: then `warn` is told.
 */
export function stateFile(
  flag: string | undefined,
  config: Config,
  shell: Shell,
  warn: (text: string) => void,
): string | undefined {
  if (flag !== undefined) return path.resolve(shell.cwd, flag);
  if (config.judging.stateFile !== undefined) return config.judging.stateFile;
  const xdg = shell.env["XDG_STATE_HOME"];
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : homeBase(shell);
  if (base !== undefined) return path.join(base, "mesh-drift", `${sha256(config.path).slice(0, 16)}.json`);
  warn(
    "this run knows nothing of earlier ones: there is no home folder to keep it in; name a file with --state",
  );
  return undefined;
}

function homeBase(shell: Shell): string | undefined {
  try {
    return path.join(shell.homeFolder, ".local", "state");
  } catch (error) {
    if (error instanceof DriftError) return undefined;
    throw error;
  }
}
