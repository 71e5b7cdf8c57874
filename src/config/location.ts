/** How a path of the configuration is classed: what is checked about it differs. */
const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
/** `host:path` or `user@host:path`, as ssh and git take it: no slash before the colon. */
const scpLike = /^[^/\s:]+:[^\s]/;

/** Whether a repository is named by a URL (or the scp-like form), and not by a path. */
export function isUrl(repository: string): boolean {
  return scheme.test(repository) || scpLike.test(repository);
}

/** The scheme of a URL in lower case, "ssh" for the scp-like form; undefined for a path. */
export function schemeOf(repository: string): string | undefined {
  const name = scheme.exec(repository)?.[1]?.toLowerCase();
  return name ?? (scpLike.test(repository) ? "ssh" : undefined);
}

/**
 * Whether a URL carries what may be a password or token. The user of ssh ("git@") is none; any user part of http(s) may
 * be one, and so may what follows "?" or "#", which no URL of a repository needs.
 */
export function holdsCredentials(repository: string): boolean {
  if (isUrl(repository) && /[?#]/.test(repository)) return true;
  const name = scheme.exec(repository)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  const authority = repository.slice(name.length + 3).split("/", 1)[0] ?? "";
  const end = authority.lastIndexOf("@");
  if (end < 0) return false;
  return name === "http" || name === "https" || authority.slice(0, end).includes(":");
}

/** A folder of the repository without "." and empty parts: "overlays/prod/eu1", "" for the root; undefined where it is absolute or leaves the repository. */
export function normaliseOverlay(overlay: string): string | undefined {
  if (overlay.startsWith("/") || overlay.includes("\\")) return undefined;
  const parts = overlay.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

/**
 * The one form of all URLs of a repository: "https://host/path" or "ssh://user@host/path", host in lower case, without
 * ".git" and a slash at the end. Undefined where the path could lead elsewhere than it seems, or it is no URL.
 */
export function canonicalUrl(repository: string): string | undefined {
  const [, user = "", host, place = ""] = scheme.test(repository) ? [] : (scpParts.exec(repository) ?? []);
  const text = host === undefined ? repository : `ssh://${user}${host}/${place.replace(/^\//, "")}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (/%|\\|\/\.\.?(?:\/|$)|\/\//.test(text.slice(text.indexOf("://") + 3)) || url.search + url.hash !== "")
    return undefined;
  const path = url.pathname.replace(/\/+$/, "").replace(/\.git$/, "");
  const login = url.username === "" ? "" : `${url.username}@`;
  return `${url.protocol}//${login}${url.host.toLowerCase()}${path}`;
}

/**
 * Whether a text can name repositories that remote bases may come from: the URL of one, or of a folder with "/*" at its
 * end. A "*" elsewhere would match nothing.
 */
export function isBaseRule(text: string): boolean {
  const url = text.replace(/\/\*$/, "");
  if (url.includes("*") || scheme.test(url) !== scheme.test(text)) return false;
  return /^(?:https|ssh|file):/.test(canonicalUrl(url) ?? "");
}

const scpParts = /^([^@/:]+@)?([^@/:[\]]+):(?!\/\/)(.+)$/;
