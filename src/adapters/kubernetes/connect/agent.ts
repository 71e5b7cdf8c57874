import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { type ClientCertificate, createContext } from "./certificates.ts";
import type { Endpoint } from "./endpoint.ts";
import { hide } from "./hide.ts";
import { blameProxy } from "./proxy-failure.ts";

/** Connections to one server; the reader itself asks four things at a time. */
const maxSockets = 8;
/** A proxy that says nothing is to be told as such, before the time for the whole connection is over. */
const proxyShare = 0.9;

/** A proxy, and what ends the attempts to get through it. */
export interface ProxyUse {
  readonly url: URL;
  readonly signal: AbortSignal;
  /** How long the whole connection may take. */
  readonly connectTimeoutMs: number;
}

/**
 * The connections to an endpoint: kept open between requests, TLS 1.2 or newer, the certificate always checked against
 * the server's name whatever NODE_TLS_REJECT_UNAUTHORIZED says. Printing the agent shows none of its keys.
 */
export async function createAgent(
  endpoint: Endpoint,
  client: ClientCertificate | undefined,
  proxy: ProxyUse | undefined,
): Promise<http.Agent> {
  const common = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets };
  const options =
    endpoint.server.protocol === "https:" ? { ...common, ...tlsOptions(endpoint, client) } : common;
  if (proxy !== undefined) return hide(await createProxyAgent(endpoint, proxy, options), "Agent");
  const agent = endpoint.server.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  return hide(agent, "Agent");
}

function tlsOptions(endpoint: Endpoint, client: ClientCertificate | undefined): https.AgentOptions {
  const name = endpoint.tlsServerName ?? endpoint.server.hostname.replace(/^\[|\]$/g, "");
  return {
    // One context for all connections: certificates are parsed once and keys stand in no option.
    secureContext: createContext(endpoint.authorities, client),
    rejectUnauthorized: !endpoint.skipsVerify,
    // SNI has no addresses (RFC 6066, section 3).
    servername: isIP(name) === 0 ? name : "",
    // Node would ask for "localhost" where an address is reached through a SOCKS proxy.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  };
}

async function createProxyAgent(
  endpoint: Endpoint,
  proxy: ProxyUse,
  options: https.AgentOptions,
): Promise<http.Agent> {
  // One file of the library: all of it takes three times as long to load.
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  const isHttp = endpoint.server.protocol === "http:";
  config.loadFromClusterAndUser(
    // The library refuses plain http otherwise; whether it is allowed was decided before.
    { name: "", server: endpoint.server.href, skipTLSVerify: isHttp, proxyUrl: libraryUrl(proxy.url) },
    { name: "" },
  );
  const request: https.RequestOptions = {};
  await config.applyToHTTPSOptions(request);
  const { agent } = request;
  if (!(agent instanceof http.Agent)) throw new TypeError("the library made no agent");
  blameProxy(agent, proxy.url);
  return configure(agent, endpoint, options, proxy);
}

/** kubectl leaves looking up names to a SOCKS proxy; the library has another scheme for that. */
function libraryUrl(proxy: URL): string {
  return proxy.href.replace(/^socks5:/, "socks5h:");
}

/** The library has no way to pass options on to its agents. */
function configure(
  agent: http.Agent,
  endpoint: Endpoint,
  options: https.AgentOptions,
  { url, signal, connectTimeoutMs }: ProxyUse,
): http.Agent {
  const { keepAlive, maxFreeSockets } = options;
  Object.assign(agent, { keepAlive, maxSockets, maxFreeSockets });
  // Every agent of Node keeps the options of its constructor there and merges them into those of each request.
  const kept: unknown = Reflect.get(agent, "options");
  if (typeof kept !== "object" || kept === null)
    throw new TypeError("the agent of the library has no options");
  Object.assign(kept, options);
  if (!("proxyRequestOptions" in agent)) return agent;
  Object.assign(agent, proxyOptions(endpoint, url, signal));
  Object.assign(kept, { timeout: connectTimeoutMs * proxyShare });
  return agent;
}

/** How hpagent reaches a proxy. One that is itself reached by https is trusted as the server is: kubectl does so, too. */
function proxyOptions({ authorities, skipsVerify }: Endpoint, url: URL, signal: AbortSignal): object {
  const { port, username, password, protocol } = url;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const isAddress = isIP(hostname) !== 0;
  return {
    // It takes any scheme but http for TLS, and puts the host of an https URL into SNI, which has no addresses.
    proxy: {
      hostname,
      port,
      username,
      password,
      protocol: isAddress && protocol === "https:" ? "tls:" : protocol,
    },
    proxyRequestOptions: {
      rejectUnauthorized: !skipsVerify,
      ...(authorities === undefined ? {} : { ca: authorities }),
      ...(isAddress && { servername: "" }),
      signal,
    },
  };
}
