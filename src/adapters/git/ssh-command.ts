import type { RepositoryAccess } from "../../core/model/repository-access.ts";
import { sshCommand } from "./environment.ts";

type SshKey = Extract<RepositoryAccess, { type: "ssh-key" }>;

/** Why ssh could not be given this path, or undefined where it can. `ssh` has no way to write these as they are. */
export function pathProblem(file: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(file)) return "holds a control character";
  return file.includes("${") ? "holds ${, in which ssh would look for a variable" : undefined;
}

/**
 * The value of GIT_SSH_COMMAND that offers this key and those of the user's ssh configuration, but nothing else of the
 * agent. With a file of known hosts, only a host that it (or the machine's) names is spoken to.
 *
 * The key is an option of the configuration kind: `-i` looks for its file before it turns "%%" into "%".
 */
export function sshCommandWith({ keyFile, knownHostsFile }: SshKey): string {
  const options = [`IdentityFile=${configPath(keyFile)}`, "IdentitiesOnly=yes"];
  if (knownHostsFile !== undefined) {
    options.push(`UserKnownHostsFile=${configPath(knownHostsFile)}`, "StrictHostKeyChecking=yes");
  }
  return [sshCommand, ...options.map((option) => `-o ${shellWord(option)}`)].join(" ");
}

/** A path as one word of ssh_config(5), where "%" begins a token. */
function configPath(file: string): string {
  return `"${file.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/** Git hands GIT_SSH_COMMAND to a shell. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
