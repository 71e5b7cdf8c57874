import type { Agent } from "node:http";

/** A proxy that does not let us through to the server. Holds no login: its words are ours, and codes of Node. */
export class ProxyFailure extends Error {
  /** Host and port. */
  readonly proxy: string;
  /** Whether that may pass, will stay, or the proxy said nothing at all. */
  readonly why: "failed" | "refused" | "silent";
  /** Of Node, as every error of a socket has it; "" where the proxy itself said no, which the message tells. */
  readonly code: string;

  constructor(proxy: URL, cause: Error) {
    const { why, message } = explain(cause.message);
    super(message, { cause });
    this.proxy = proxy.host;
    this.why = why;
    this.code = message === "" ? codeOf(cause) : "";
  }
}

/** The library for SOCKS passes on the message of an error without its code: "connect ECONNREFUSED 127.0.0.1:1080". */
function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : (/\bE[A-Z_]{4,}\b/.exec(error.message)?.[0] ?? "");
}

const otherLogin = "it wants another login";

/**
 * What the libraries for proxies say, for people; "" where it is not the proxy that says something. Source: their code
 * (hpagent 1.2, socks 2.8).
 */
function explain(message: string): Pick<ProxyFailure, "why" | "message"> {
  const status = /^Bad response: (\d{3})$/.exec(message)?.[1];
  if (status === "407") return { why: "refused", message: `it answered 407: ${otherLogin}` };
  if (status !== undefined) {
    return { why: status.startsWith("4") ? "refused" : "failed", message: `it answered ${status}` };
  }
  if (/^Proxy (?:timeout|connection timed out)$/.test(message)) {
    return { why: "silent", message: "it does not answer" };
  }
  if (/authentication (?:failed|type)/i.test(message)) return { why: "refused", message: otherLogin };
  const rejection = /^Socks5 proxy rejected connection - (\w+)$/.exec(message)?.[1];
  if (rejection === undefined) return { why: "failed", message: "" };
  return {
    why: rejection === "NotAllowed" ? "refused" : "failed",
    message: `it does not reach the server (${rejection})`,
  };
}

type Connect = (request: unknown, options: unknown) => Promise<unknown>;
type Create = (options: unknown, callback: (error: Error | null, socket?: unknown) => void) => unknown;

/** Makes what fails on the way through a proxy tell that it was the proxy. Each library has one place for that. */
export function blameProxy(agent: Agent, proxy: URL): void {
  // The agent for SOCKS is one of agent-base, where this gives a promise; the others are as every agent of Node is.
  const known = agent as Agent & { connect?: Connect; createConnection: Create };
  if (known.connect === undefined) {
    const create = known.createConnection.bind(agent);
    Object.assign(agent, { createConnection: blamingCreate(create, proxy) });
  } else Object.assign(agent, { connect: blamingConnect(known.connect.bind(agent), proxy) });
}

function blamingConnect(connect: Connect, proxy: URL): Connect {
  return async (request, options) => {
    try {
      return await connect(request, options);
    } catch (error) {
      throw error instanceof Error ? new ProxyFailure(proxy, error) : error;
    }
  };
}

function blamingCreate(create: Create, proxy: URL): Create {
  return (options, callback) =>
    create(options, (error, socket) => {
      callback(error === null ? null : new ProxyFailure(proxy, error), socket);
    });
}
