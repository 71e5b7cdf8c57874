import { ProxyFailure } from "./connect/proxy-failure.ts";
import type { Deadlines } from "./deadlines.ts";

/**
 * Why a request brought no answer. "silent": nothing came at all in the time it had; "timeout": not all of it;
 * "client-certificate": the server does not take ours; "proxy" and "proxy-refused": the proxy does not let us through,
 * for the moment or for good.
 */
export type BrokenCause =
  | "unreachable"
  | "silent"
  | "cut"
  | "timeout"
  | "certificate"
  | "client-certificate"
  | "proxy"
  | "proxy-refused"
  | "protocol"
  | "redirect"
  | "too-large";

/** A request that brought no answer. */
export interface Broken {
  readonly type: "broken";
  readonly cause: BrokenCause;
  readonly detail: string;
}

/** Node's words for what TLS refuses, by their codes. Source: Node.js documentation, "X509 certificate error codes". */
const certificateReasons: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CERT_HAS_EXPIRED: "its certificate has expired",
    CERT_NOT_YET_VALID: "its certificate is not valid yet",
    DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed, and not among the trusted ones",
    SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_GET_ISSUER_CERT: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from an authority that is not trusted",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an authority that is not trusted",
    CERT_SIGNATURE_FAILURE: "its certificate is not signed by the authority that it names",
    CERT_UNTRUSTED: "its certificate is not trusted",
    CERT_REJECTED: "its certificate is not meant for servers",
    CERT_REVOKED: "its certificate was revoked",
    ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  }),
);

const tlsFailure = /^(?:ERR_TLS|ERR_SSL|EPROTO$)/;

/**
 * What a server says of our certificate: the alerts that only the side sends that checks a certificate.
 * Source: RFC 8446, section 6.2; the names are OpenSSL's.
 */
const clientReasons: readonly (readonly [alert: RegExp, reason: string])[] = [
  [/ALERT_CERTIFICATE_REQUIRED$/, "the server demands a client certificate"],
  [/ALERT_CERTIFICATE_EXPIRED$/, "the server says that the client certificate has expired"],
  [/ALERT_CERTIFICATE_REVOKED$/, "the server says that the client certificate was revoked"],
  [/ALERT_UNKNOWN_CA$/, "the server does not know the authority of the client certificate"],
  [
    /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_UNKNOWN)$/,
    "the server does not take the client certificate",
  ],
];

const unreachableReasons: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ECONNREFUSED: "the connection was refused",
    ENOTFOUND: "the name of the host is not known",
    EAI_AGAIN: "the name of the host could not be looked up",
    EHOSTUNREACH: "there is no way to the host",
    ENETUNREACH: "there is no way to the network",
    ETIMEDOUT: "the host does not answer",
  }),
);

/** What an error of a request means, or the deadline that was passed. */
export function brokenBy(error: unknown, { missed, isAnswered }: Deadlines): Broken {
  if (missed !== undefined) return broken(isAnswered ? "timeout" : "silent", missed);
  if (error instanceof ProxyFailure) return byProxy(error);
  const code = codeOf(error);
  const client = clientReasons.find(([alert]) => alert.test(code))?.[1];
  if (client !== undefined) return broken("client-certificate", client);
  const certificate = tlsReason(code);
  if (certificate !== undefined) return broken("certificate", certificate);
  const unreachable = unreachableReasons.get(code);
  if (unreachable !== undefined) return broken("unreachable", unreachable);
  return broken("cut", cutReason(code));
}

function broken(cause: BrokenCause, detail: string): Broken {
  return { type: "broken", cause, detail };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function tlsReason(code: string): string | undefined {
  return certificateReasons.get(code) ?? (tlsFailure.test(code) ? `TLS failed (${code})` : undefined);
}

const proxyCauses: Readonly<Record<ProxyFailure["why"], BrokenCause>> = {
  failed: "proxy",
  refused: "proxy-refused",
  silent: "silent",
};

function byProxy({ proxy, why, message, code }: ProxyFailure): Broken {
  const tls = tlsReason(code);
  const reason = message === "" ? (tls ?? unreachableReasons.get(code) ?? cutReason(code)) : message;
  return broken(tls === undefined ? proxyCauses[why] : "proxy-refused", `the proxy ${proxy}: ${reason}`);
}

/** A reset, a packed body that ends early, what is no HTTP: part of an answer at most. */
function cutReason(code: string): string {
  if (code.startsWith("Z_")) return "the packed answer is damaged, or not all of it";
  return `the connection broke${code === "" ? "" : ` (${code})`}`;
}
