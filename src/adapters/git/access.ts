import { constants, type Stats } from "node:fs";
import { access as checkAccess, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { DriftError, messageOf } from "../../lib/errors.ts";
import type { RepositoryAccess } from "../../core/model/repository-access.ts";
import type { RepositoryAddress } from "./address.ts";
import { askpassEnvironment } from "./askpass.ts";
import { cleanLines } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { pathProblem, sshCommandWith } from "./ssh-command.ts";

type TokenAccess = Extract<RepositoryAccess, { type: "token" }>;
type SshKeyAccess = Extract<RepositoryAccess, { type: "ssh-key" }>;

/** What a command that speaks to the remote needs beyond the usual. */
export interface PreparedAccess {
  readonly env: Readonly<Record<string, string>>;
  /** Takes the secret out of what was said: a server may repeat what it was sent. */
  readonly hide: (text: string) => string;
}

/** What GitHub calls the owner of any token. */
const defaultUsername = "x-access-token";
const maxTokenFileBytes = 65_536;

/**
 * Checks the files of the configured access as they are now, and says how Git gets them. The folder of the mirrors must
 * exist. Throws REPOSITORY_ACCESS_FAILED, whose text names files and never what they hold.
 */
export async function prepareAccess(
  { url, access }: RepositoryAddress,
  settings: GitSettings,
): Promise<PreparedAccess> {
  if (access === undefined) return { env: {}, hide: (text) => text };
  if (access.type === "token") return prepareToken(url, access, settings);
  await checkKey(access);
  return { env: { GIT_SSH_COMMAND: sshCommandWith(access) }, hide: (text) => text };
}

async function prepareToken(
  url: string,
  { tokenFile, username = defaultUsername }: TokenAccess,
  settings: GitSettings,
): Promise<PreparedAccess> {
  const token = await readToken(tokenFile, settings);
  if (!/^[\w.~@+-]+$/.test(username)) {
    throw failed(
      `the user name for the token in ${tokenFile} holds more than letters, digits and ._~@+-`,
      `Leave it away for GitHub; other hosts say which one goes with a token, such as "oauth2".`,
    );
  }
  const folder = path.join(settings.cacheFolder, "git");
  const env = await askpassEnvironment(folder, { host: new URL(url).host, username, tokenFile });
  return { env, hide: hiderOf(token, username) };
}

/** Replaces the token, and the header that it is sent in, also where control characters were put in between. */
function hiderOf(token: string, username: string): (text: string) => string {
  const header = Buffer.from(`${username}:${token}`).toString("base64");
  const secrets = [header, token, encodeURIComponent(token)];
  return (text) => {
    let hidden = cleanLines(text).join("\n");
    for (const secret of secrets) hidden = hidden.replaceAll(secret, "***");
    return hidden;
  };
}

async function readToken(file: string, settings: GitSettings): Promise<string> {
  const { mode, size } = await requireFile("token file", file);
  if (size > maxTokenFileBytes) {
    throw failed(
      `the token file ${file} has ${String(size)} bytes`,
      "Name a file whose first line is the token.",
    );
  }
  if ((mode & 0o004) !== 0)
    settings.onWarning(`the token file ${file} can be read by everybody: chmod 600 it`);
  const [token = ""] = (await readFile(file, "utf8")).split("\n", 1);
  if (token === "") {
    throw failed(`the first line of the token file ${file} is empty`, "Write the token into its first line.");
  }
  if (!/^[!-~]+$/.test(token)) {
    throw failed(
      `the first line of the token file ${file} is no token: it holds a space, a control character or a letter beyond ASCII`,
      "Write the token alone into the first line, and end the line with a newline only.",
    );
  }
  return token;
}

/** ssh itself ignores a key of ours that others may read, and says so only among other things. */
async function checkKey({ keyFile, knownHostsFile }: SshKeyAccess): Promise<void> {
  const { mode, uid } = await requireFile("ssh key", keyFile);
  if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
    throw failed(
      `the ssh key ${keyFile} can be used by others (mode ${(mode & 0o777).toString(8)}), so ssh does not take it`,
      `Run: chmod 600 ${keyFile}`,
    );
  }
  if (knownHostsFile !== undefined) await requireFile("file of known hosts", knownHostsFile);
  for (const file of [keyFile, knownHostsFile ?? ""]) {
    const problem = pathProblem(file);
    if (problem !== undefined) {
      throw failed(`the path ${JSON.stringify(file)} ${problem}`, "Give the file another name.");
    }
  }
}

/** Throws unless it is an absolute path of a regular file that we may read: a pipe could be read only once. */
async function requireFile(what: string, file: string): Promise<Stats> {
  const shown = JSON.stringify(file);
  if (!path.isAbsolute(file)) {
    throw failed(
      `the path of the ${what} ${shown} is not absolute`,
      "Write it from the root: /run/secrets/name.",
    );
  }
  try {
    const found = await stat(file);
    await checkAccess(file, constants.R_OK);
    if (found.isFile()) return found;
  } catch (error) {
    throw failed(
      `the ${what} ${shown} cannot be read: ${messageOf(error)}`,
      "Check that it is there and that the user who runs drift may read it.",
    );
  }
  throw failed(`the ${what} ${shown} is no regular file`, "Name the file itself.");
}

function failed(message: string, hint: string): DriftError {
  return new DriftError("REPOSITORY_ACCESS_FAILED", message, { hint });
}
