import { stat } from "node:fs/promises";
import path from "node:path";

import { DriftError } from "../../lib/errors.ts";
import { redact } from "../../lib/redact.ts";
import { runGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";

/**
 * Throws REPOSITORY_NOT_FOUND unless `folder` is a repository or the top of a work tree. Git itself would also take a
 * bundle file, and "<folder>.git" where there is no "<folder>".
 */
export async function requireRepository(folder: string): Promise<void> {
  if (await isRepository(folder)) return;
  const found = await stat(folder).catch(() => undefined);
  const enclosing = await enclosingRepository(folder);
  const shown = redact(folder);
  throw new DriftError(
    "REPOSITORY_NOT_FOUND",
    found === undefined ? `the repository ${shown} does not exist` : `${shown} is no Git repository`,
    {
      hint:
        enclosing === undefined
          ? "Check the path; it must be the top folder of a clone, or a bare repository."
          : `Name the top folder of the repository that it lies in: ${redact(enclosing)}`,
    },
  );
}

async function isRepository(folder: string): Promise<boolean> {
  return (
    (await exists(path.join(folder, ".git"))) ||
    ((await exists(path.join(folder, "HEAD"))) && (await exists(path.join(folder, "objects"))))
  );
}

async function enclosingRepository(folder: string): Promise<string | undefined> {
  const parent = path.dirname(folder);
  if (parent === folder) return undefined;
  return (await exists(path.join(parent, ".git"))) ? parent : enclosingRepository(parent);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Whether Git holds back from `folder` because it belongs to somebody else (CVE-2022-24765, CVE-2024-32004). */
export async function belongsToAnotherUser(folder: string): Promise<boolean> {
  const { uid } = await stat(folder);
  const inner = await stat(path.join(folder, ".git")).catch(() => undefined);
  const us = process.geteuid?.();
  return us !== undefined && (uid !== us || (inner !== undefined && inner.uid !== us));
}

/**
 * Whether the user allowed `folder` by `safe.directory` in ~/.gitconfig or /etc/gitconfig. This one value is read from
 * there: it is the user's own decision about this machine, and the only way Git offers to say it.
 */
export async function isAllowedByUser(folder: string, settings: GitSettings): Promise<boolean> {
  const env: Record<string, string> = { LC_ALL: "C" };
  for (const name of ["PATH", "HOME", "XDG_CONFIG_HOME"]) {
    const value = settings.parentEnv[name];
    if (value !== undefined) env[name] = value;
  }
  const { stdout } = await runGit(
    ["--git-dir=/dev/null", "config", "--null", "--get-all", "safe.directory"],
    { env, timeoutMs: settings.timeoutMs, maxOutputBytes: 1_000_000 },
  );
  let allowed = false;
  for (const value of stdout.toString("utf8").split("\0").slice(0, -1)) {
    // An empty value takes back what was allowed before it.
    if (value === "") allowed = false;
    else if (covers(value, folder)) allowed = true;
  }
  return allowed;
}

function covers(value: string, folder: string): boolean {
  if (value === "*") return true;
  if (value.endsWith("/*")) return folder.startsWith(value.slice(0, -1));
  return value === folder || value === path.join(folder, ".git");
}

/** A configuration file that allows exactly this repository. */
export function safeDirectoryConfig(folder: string): string {
  const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  return `[safe]\n\tdirectory = ${quote(folder)}\n\tdirectory = ${quote(path.join(folder, ".git"))}\n`;
}
