import { isIP } from "node:net";
import { DriftError } from "../../../lib/errors.ts";
import type { ConnectOptions } from "./access.ts";
import { readAuthorities } from "./certificates.ts";
import { type Entry, readFlag, readText, requireText } from "./entry-reader.ts";

/** Where an API server is and how it proves that it is the right one. */
export interface Endpoint {
  readonly server: URL;
  /** PEM. Without it those that Node trusts. */
  readonly authorities?: string;
  /** Whether any certificate will do. */
  readonly skipsVerify: boolean;
  /** The name that the certificate must have instead of the server's. */
  readonly tlsServerName?: string;
  /** The proxy that the kubeconfig names; it may hold a password. */
  readonly proxyUrl?: string;
}

type Policy = Pick<ConnectOptions, "allowInsecure" | "onWarning">;

/** Reads a cluster of a kubeconfig. Throws CLUSTER_ACCESS_REFUSED, KUBECONFIG_INVALID or CREDENTIALS_FAILED. */
export async function readEndpoint(cluster: Entry, policy: Policy): Promise<Endpoint> {
  const where = `${cluster.file}: ${cluster.path}`;
  const server = parseServer(requireText(cluster, "server"), `${where}.server`, policy);
  const skipsVerify = server.protocol === "https:" && readFlag(cluster, "insecure-skip-tls-verify");
  if (skipsVerify) allowSkip(`${where}.insecure-skip-tls-verify`, server, policy);
  const authorities = skipsVerify ? undefined : await readAuthorities(cluster);
  const tlsServerName = readText(cluster, "tls-server-name");
  const proxyUrl = readText(cluster, "proxy-url");
  return {
    server,
    skipsVerify,
    ...(authorities === undefined ? {} : { authorities }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  };
}

/** The URL of a server without a slash at its end. `where` names its place. Throws CLUSTER_ACCESS_REFUSED. */
export function parseServer(text: string, where: string, policy: Policy): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol)) {
    throw refused(`${where} is no URL that starts with https://`, "Write it as https://host:6443.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused(`${where} holds a user name or password`, "Put credentials into a user of a kubeconfig.");
  }
  if (url.search !== "" || url.hash !== "") {
    throw refused(`${where} has a part behind ? or #`, "Remove that part of the URL.");
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  if (url.protocol === "http:" && !isLoopback(url.hostname)) allowPlainHttp(where, url, policy);
  return url;
}

function allowPlainHttp(where: string, url: URL, { allowInsecure, onWarning }: Policy): void {
  if (!allowInsecure) {
    throw refused(`${where} is plain http to ${url.host}`, "Use https, or give --insecure-skip-tls-verify.");
  }
  onWarning(`requests to ${url.host} are not encrypted: anybody on the way can change the answers`);
}

function allowSkip(where: string, url: URL, { allowInsecure, onWarning }: Policy): void {
  if (!allowInsecure) {
    const hint = "Give the cluster a certificate-authority, or give --insecure-skip-tls-verify.";
    throw refused(`${where} turns off the check of the certificate of ${url.host}`, hint);
  }
  onWarning(`the certificate of ${url.host} is not checked: anybody on the way can change the answers`);
}

/** Whether a host name of a URL can only be this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."))
  );
}

/** The error for access that is not allowed. */
export function refused(message: string, hint: string): DriftError {
  return new DriftError("CLUSTER_ACCESS_REFUSED", message, { hint });
}
