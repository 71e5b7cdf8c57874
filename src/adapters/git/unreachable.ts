import { DriftError } from "../../lib/errors.ts";
import type { CommandResult } from "../../lib/run-command.ts";
import type { RepositoryAddress } from "./address.ts";
import { gitError, stderrLines } from "./git-command.ts";

/** REPOSITORY_UNREACHABLE for a remote that answered: it does not let this token or key in. */
export class AccessRefused extends DriftError {
  constructor(message: string, hint: string, details: readonly string[]) {
    super("REPOSITORY_UNREACHABLE", message, { hint, details });
    this.name = "AccessRefused";
  }
}

/** The error for a remote that did not answer as a repository does. */
export function unreachable(
  address: RepositoryAddress,
  result: CommandResult,
  timeoutMs: number,
): DriftError {
  if (result.type !== "exited") {
    return gitError(`reaching ${address.shown}`, result, timeoutMs);
  }
  const { shown, access } = address;
  const details = stderrLines(result.stderrTail);
  if (access !== undefined && details.some((line) => refusal.test(line))) {
    return access.type === "token"
      ? new AccessRefused(
          `the repository ${shown} does not accept the token`,
          `Look at the token in ${access.tokenFile}: it may have expired, or may not be allowed to read this repository.`,
          details,
        )
      : new AccessRefused(
          `the repository ${shown} does not accept the ssh key`,
          `Look at the key ${access.keyFile}: its host must know the public half and let it read this repository.`,
          details,
        );
  }
  return new DriftError("REPOSITORY_UNREACHABLE", `the repository ${shown} could not be reached`, {
    hint: hintFor(address, details),
    details,
  });
}

/** How Git (http.c, remote-curl.c) and ssh say that a login failed; what a server adds in its own words is not looked at. */
const refusal =
  /^fatal: (?:Authentication failed for |unable to access .*The requested URL returned error: 40[13]\b)|^\S+: Permission denied \(/;
/** How Git (credential.c) says that it got no answer to its question. */
const unanswered = /^fatal: could not read (?:Username|Password) for /;

function hintFor({ transport, access }: RepositoryAddress, details: readonly string[]): string {
  if (details.some((line) => unanswered.test(line))) {
    return access?.type === "token"
      ? `Git could not ask for the token: check that ${access.tokenFile} is there and that programs may be started in the cache folder.`
      : "The repository needs a login: give a token file, or reach it by ssh.";
  }
  if (transport === "ssh") {
    return access === undefined
      ? `Try "ssh -o BatchMode=yes" to the host: its key must be known and yours must be in the agent.`
      : `Try "ssh -o BatchMode=yes" to the host with the same key: the key must have no passphrase, and the host's own key must be known.`;
  }
  const login =
    access === undefined
      ? "a repository that needs a login needs a token file or ssh"
      : "for what a token may not read, some hosts say that there is no such repository";
  return `Check the address (redirects are not followed: some hosts want .git at its end), the network and the proxy; ${login}.`;
}
