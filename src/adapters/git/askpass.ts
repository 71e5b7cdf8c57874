import { randomUUID } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import { sha256 } from "../../core/model/digest.ts";

/**
 * Answers what Git asks through GIT_ASKPASS, and only the two questions that its environment holds word for word. They
 * name the host, so that any other host gets nothing. The token goes from its file to Git through a pipe: it is never an
 * argument, and no variable holds it.
 */
const script = `#!/bin/sh
case $1 in
"$DRIFT_USERNAME_PROMPT") printf '%s\\n' "$DRIFT_USERNAME" ;;
"$DRIFT_PASSWORD_PROMPT" | "$DRIFT_ENCODED_PASSWORD_PROMPT") exec head -n 1 "$DRIFT_TOKEN_FILE" ;;
*) exit 1 ;;
esac
`;

/** Whom a token is for, and where it lies. */
export interface TokenOwner {
  /** With the port where it is not 443. */
  readonly host: string;
  /** Of letters, digits and ._~@+- only. */
  readonly username: string;
  /** An absolute path. */
  readonly tokenFile: string;
}

/**
 * The environment in which Git gets the token; writes the script that hands it over into `folder`, which must exist.
 * Since CVE-2024-50349 was mended (2.48.1 and older lines) Git percent-encodes the user name in a question.
 */
export async function askpassEnvironment(
  folder: string,
  { host, username, tokenFile }: TokenOwner,
): Promise<Record<string, string>> {
  return {
    GIT_ASKPASS: await writeScript(folder),
    DRIFT_USERNAME: username,
    DRIFT_TOKEN_FILE: tokenFile,
    DRIFT_USERNAME_PROMPT: `Username for 'https://${host}': `,
    DRIFT_PASSWORD_PROMPT: `Password for 'https://${username}@${host}': `,
    DRIFT_ENCODED_PASSWORD_PROMPT: `Password for 'https://${encodeURIComponent(username)}@${host}': `,
  };
}

/** Its name says what it holds: two versions of drift may share a cache folder. */
async function writeScript(folder: string): Promise<string> {
  const file = path.join(folder, `askpass-${sha256(script).slice(0, 12)}`);
  if (await isScript(file)) return file;
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, script, { mode: 0o700 });
  await rename(next, file);
  return file;
}

async function isScript(file: string): Promise<boolean> {
  try {
    const [{ mode }, content] = await Promise.all([stat(file), readFile(file, "utf8")]);
    return (mode & 0o777) === 0o700 && content === script;
  } catch {
    // Not there or not readable: in both cases it has to be written.
    return false;
  }
}
