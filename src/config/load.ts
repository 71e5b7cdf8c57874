import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { DriftError, messageOf } from "../lib/errors.ts";
import type { Config } from "./config.ts";
import { decodeConfig } from "./decode.ts";
import { maxConfigBytes } from "./limits.ts";
import { parseConfig } from "./parse.ts";
import { formatProblem } from "./problem.ts";

const names = ["drift.yaml", path.join(".drift", "config.yaml")];

/** More problems than these help nobody. */
const maxDetails = 100;

/** A checked configuration, and one line for each thing in it that is most likely a mistake. */
interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/**
 * Reads and checks the configuration: `file` (relative to `cwd`), or the first drift.yaml or .drift/config.yaml
 * found from `cwd` upward to the root of the Git repository.
 * Throws CONFIG_NOT_FOUND, or CONFIG_INVALID with one detail line for every problem.
 */
export async function loadConfig(cwd: string, file?: string): Promise<LoadedConfig> {
  const found = file === undefined ? await findConfig(cwd) : path.resolve(cwd, file);
  const shown = showPath(found, cwd);
  const outcome = parseConfig(await readConfig(found, shown), found);
  if (outcome.type === "valid") {
    return { config: outcome.config, warnings: outcome.warnings.map((w) => formatProblem(shown, w)) };
  }
  const { problems } = outcome;
  const details = problems.slice(0, maxDetails).map((problem) => formatProblem(shown, problem));
  if (problems.length > maxDetails) details.push(`and ${String(problems.length - maxDetails)} more`);
  throw new DriftError(
    "CONFIG_INVALID",
    `${shown} has ${problems.length === 1 ? "a problem" : `${String(problems.length)} problems`}`,
    { hint: "Mend the lines named above; schema/drift.schema.json gives editors help and checks.", details },
  );
}

async function findConfig(cwd: string): Promise<string> {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    for (const name of names) {
      const candidate = path.join(folder, name);
      if (await exists(candidate)) return candidate;
    }
    if ((await exists(path.join(folder, ".git"))) || folder === path.dirname(folder)) break;
  }
  throw new DriftError("CONFIG_NOT_FOUND", `no ${names.join(" or ")} in ${cwd} or above it`, {
    hint: "Name the file with --config, or run the command inside the repository that holds it.",
  });
}

async function readConfig(file: string, shown: string): Promise<string> {
  const read = await readSmallFile(file, shown);
  if (read === "not-a-file" || read === "too-large") {
    const reason = read === "not-a-file" ? "no file" : `larger than ${String(maxConfigBytes)} bytes`;
    throw new DriftError("CONFIG_INVALID", `${shown} is ${reason}`, {
      hint: "Check that the path given with --config names a configuration of drift.",
    });
  }
  const decoded = decodeConfig(read);
  if (decoded.type === "text") return decoded.text;
  throw new DriftError("CONFIG_INVALID", `${shown} is ${decoded.reason}`, {
    hint: "Save it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`).",
  });
}

/** The bytes of a file. A pipe or device is not read: paths in a configuration are relative to its folder. */
async function readSmallFile(file: string, shown: string): Promise<Uint8Array | "not-a-file" | "too-large"> {
  try {
    // A pipe must not be waited for: nobody may be writing into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile() && !stats.isDirectory()) return "not-a-file";
      return stats.size > maxConfigBytes ? "too-large" : await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new DriftError("CONFIG_NOT_FOUND", `cannot read ${shown}: ${reasonOf(error)}`, {
      hint: "Check the path given with --config.",
      cause: error,
    });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    // Absent, or below something that is no folder or may not be entered: not found either way.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The system's code tells why in a word that can be looked up; its message repeats the path. */
function reasonOf(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return typeof code === "string" ? code : messageOf(error);
}

function showPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === "" || relative.startsWith("..") ? file : relative;
}
