import path from "node:path";
import { fileURLToPath } from "node:url";

import { DriftError } from "../../lib/errors.ts";
import { redactPasswords } from "../../lib/redact.ts";
import type { RepositoryAccess } from "../../core/model/repository-access.ts";
import type { Transport } from "./environment.ts";

/** Where a repository is, and what opens it. */
export interface RepositoryAddress {
  readonly transport: Transport;
  /** What Git gets. Absolute where `transport` is "file". */
  readonly url: string;
  /** What people see: `url` without what may be a user and a password, which a mistyped URL can leave in a path. */
  readonly shown: string;
  /** Fits the transport. */
  readonly access?: RepositoryAccess;
}

const accepted = "Give a local path, https://host/path, ssh://user@host/path or user@host:path.";
const noCredentials =
  "Take the credential out of the URL: use a token file, an ssh key, or a local clone that you keep up to date.";

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** The names of schemes are no hosts: "https:/host" and "ssh:host" are URLs that lack a slash. */
const schemeName = /^(?:https?|ftps?|ssh|sftp|git|file|git\+(?:ssh|https?)|ssh\+git)$/i;

/** The user, host and path of "user@host:path" and "host:path". */
const scpLike = /^(?:([^@/:]+)@)?(\[[\da-f:.]+\]|[^@/:[\]]+):(?!\/\/)(.+)$/i;

/** The transport that each kind of access is for. */
const transportOf: Readonly<Record<RepositoryAccess["type"], Transport>> = {
  token: "https",
  "ssh-key": "ssh",
};

/**
 * Reads a repository as people write it, with the access that was configured for it. Throws REPOSITORY_URL_REFUSED also
 * where the two do not fit: a token is for https, a key for ssh.
 */
export function parseAddress(repository: string, access: RepositoryAccess | undefined): RepositoryAddress {
  const address = parseRepository(repository);
  if (access === undefined) return address;
  const needed = transportOf[access.type];
  if (address.transport === needed) return { ...address, access };
  const what = access.type === "token" ? "a token" : "an ssh key";
  throw refused(
    repository,
    `${what} is for ${needed} only`,
    `Give the ${needed} address of the repository, or take the ${access.type} away.`,
  );
}

/**
 * Reads a repository as people write it. Throws REPOSITORY_URL_REFUSED for what would carry a credential, run a
 * program (`ext::`), travel unprotected (`http://`, `git://`) or be taken for an option, and for a URL without its
 * slashes; the message never repeats what stands before an "@".
 */
export function parseRepository(repository: string): RepositoryAddress {
  if (repository === "" || controlCharacter.test(repository)) {
    throw refused(repository, "it is empty or holds a control character", accepted);
  }
  if (repository.startsWith("-")) {
    throw refused(repository, "Git would take it for an option", "Put ./ before the name of a folder.");
  }
  if (/^[\w.+-]+::/.test(repository)) {
    throw refused(repository, "remote helpers can run any program", accepted);
  }
  if (/^[a-z][\w.+-]*:\/\//i.test(repository)) return parseUrl(repository);
  if (/^(?:\/\/+[^/]*|\/[^/]*:[^/]*)@/.test(repository)) {
    throw refused(repository, "it looks like a URL without its scheme, with a credential", accepted);
  }
  if (path.isAbsolute(repository) || /^\.{0,2}\//.test(repository)) return localPath(repository);
  return parseScpLike(repository) ?? localPath(repository);
}

function parseUrl(text: string): RepositoryAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol === "ssh:" && url.hostname === "")) {
    throw refused(text, "it is no valid URL", accepted);
  }
  if (url.password !== "") throw refused(text, "it holds a password", noCredentials);
  switch (url.protocol) {
    case "file:":
      return parseFileUrl(text, url);
    case "https:":
      return parseHttps(text, url);
    case "ssh:":
      return addressOf("ssh", checkSsh(url.href, [url.username, url.hostname, url.pathname]));
    default:
      throw refused(text, `${url.protocol}// is not protected or not supported`, accepted);
  }
}

function parseFileUrl(text: string, url: URL): RepositoryAddress {
  if (url.host !== "" || /%(?:[01]|2f|7f)/i.test(url.pathname)) {
    throw refused(text, "file:// takes no host, no %2F and no control character", accepted);
  }
  return localPath(fileURLToPath(url));
}

function parseHttps(text: string, url: URL): RepositoryAddress {
  if (url.username !== "") {
    throw refused(text, "a user name in an https URL is often a token", noCredentials);
  }
  if (url.search !== "" || url.hash !== "") {
    throw refused(text, "it goes on with ? or #, which may hold a token", noCredentials);
  }
  return addressOf("https", url.href);
}

function parseScpLike(text: string): RepositoryAddress | undefined {
  const match = scpLike.exec(text);
  if (match === null) {
    if (/^[^/]*:[^/]*@/.test(text)) throw refused(text, "it holds a password", noCredentials);
    return undefined;
  }
  const [, user = "", host = "", place = ""] = match;
  if (/^\/*[^/]*@/.test(place)) throw refused(text, "it holds a password", noCredentials);
  if (schemeName.test(host)) throw refused(text, `${host}: is no host; a URL has :// there`, accepted);
  return addressOf("ssh", checkSsh(text, [user, host, place]));
}

/** ssh reads its own options out of a user, host or path that begins with "-" (CVE-2017-1000117). */
function checkSsh(text: string, parts: readonly string[]): string {
  if (parts.some((part) => /^\/?(?:-|%2d)/i.test(part))) {
    throw refused(text, "user, host and path may not begin with -", accepted);
  }
  return text;
}

function localPath(text: string): RepositoryAddress {
  return addressOf("file", path.resolve(text));
}

function addressOf(transport: Transport, url: string): RepositoryAddress {
  return { transport, url, shown: redactPasswords(url) };
}

/** The text is what somebody typed: all of it up to the last "@", and what follows "?" or "#", may be a credential. */
function refused(text: string, reason: string, hint: string): DriftError {
  const shown = text.replace(/^([a-z][\w.+-]*:\/\/)?.*@/is, "$1***@").replace(/[?#].*$/s, "");
  return new DriftError(
    "REPOSITORY_URL_REFUSED",
    `the repository ${JSON.stringify(shown)} is refused: ${reason}`,
    { hint },
  );
}
