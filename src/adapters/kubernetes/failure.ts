import type { UnreadKind } from "../../core/model/finding.ts";
import type { BrokenCause } from "./broken.ts";

/** Why the API server gave no answer that can be used. */
export interface ApiFailure extends Pick<UnreadKind, "code" | "reason" | "hint"> {
  readonly type: "failed";
  /** The HTTP status, where the server answered. */
  readonly status?: number;
}

const broken: Readonly<Record<BrokenCause, { readonly code: string; readonly hint: string }>> = {
  unreachable: {
    code: "CLUSTER_UNREACHABLE",
    hint: "Check the server's address, the network and the proxy.",
  },
  cut: { code: "ANSWER_CUT_OFF", hint: "Scan again; look at what stands between drift and the API server." },
  silent: { code: "REQUEST_TIMEOUT", hint: "Scan again, or allow more with --request-timeout." },
  timeout: { code: "REQUEST_TIMEOUT", hint: "Scan again, or allow more with --request-timeout." },
  certificate: {
    code: "CERTIFICATE_REFUSED",
    hint: "Check the server's certificate, the authority that it is checked with (Node's own list and NODE_EXTRA_CA_CERTS, where the kubeconfig names none) and, where the name differs, tls-server-name in the kubeconfig.",
  },
  "client-certificate": {
    code: "CLIENT_CERTIFICATE_REFUSED",
    hint: "Check the client certificate of the user in the kubeconfig: renew it, or log in again.",
  },
  proxy: { code: "PROXY_FAILED", hint: "Check that the proxy runs, and that it reaches the server." },
  "proxy-refused": {
    code: "PROXY_FAILED",
    hint: "Check proxy-url in the kubeconfig, else HTTPS_PROXY and NO_PROXY: the login and what the proxy allows.",
  },
  protocol: {
    code: "ANSWER_INVALID",
    hint: "Check that the address is that of an API server, and what stands between drift and it.",
  },
  redirect: {
    code: "ANSWER_INVALID",
    hint: "Name the API server itself: redirects are not followed, they would take the credentials along.",
  },
  "too-large": { code: "ANSWER_TOO_LARGE", hint: "Look for objects of unusual size." },
};

/** A request that brought no answer, for people. */
export function explainBroken(cause: BrokenCause, detail: string): ApiFailure {
  return { type: "failed", reason: detail, ...broken[cause] };
}

/** Statuses that a person can do something about; the others are told as they are. */
const statuses: Readonly<Record<number, { readonly code: string; readonly hint: string }>> = {
  401: { code: "UNAUTHORIZED", hint: "Log in again, or renew the token: the server does not accept it." },
  403: { code: "FORBIDDEN", hint: "Allow get and list of this kind for the user that drift runs as." },
  404: { code: "NOT_FOUND", hint: "Check the address of the server." },
  410: { code: "LIST_EXPIRED", hint: "Scan again: the list changed faster than it could be read." },
  429: { code: "THROTTLED", hint: "Scan again later: the server has too much to do." },
};

const serverFault = {
  code: "SERVER_ERROR",
  hint: "Scan again; look at the logs of the API server if it stays.",
};

/** More of a server's message than this helps nobody. */
const maxMessage = 300;

/** The server's words for 403 name the kind and the place again, which are told already. */
const forbidden =
  /is forbidden: User ("[^"]*") cannot (list|get) resource "[^"]*" in API group "[^"]*"(?: at the cluster scope| in the namespace "[^"]*")$/;

/** An answer with a status that is no success, for people; `message` is what the server says of it, without secrets. */
export function explainStatus(status: number, message = ""): ApiFailure {
  const told = shorten(message).slice(0, maxMessage);
  const known =
    statuses[status] ??
    (status >= 500 ? serverFault : { code: "ANSWER_INVALID", hint: "Check the address of the server." });
  return {
    type: "failed",
    status,
    code: known.code,
    reason: `the server answered ${String(status)}${told === "" ? "" : `: ${told}`}`,
    hint: known.hint,
  };
}

function shorten(message: string): string {
  const [, user, verb] = forbidden.exec(message) ?? [];
  return user === undefined || verb === undefined ? message : `user ${user} may not ${verb} it`;
}

/** An answer that is no answer of an API server. */
export function explainInvalid(reason: string): ApiFailure {
  return {
    type: "failed",
    code: "ANSWER_INVALID",
    reason,
    hint: "Check that the address is that of an API server, and what stands between drift and it.",
  };
}

/** Failures that a client certificate past its end may be behind: a server need not say why it does not go on. */
const mayBeCertificate: ReadonlySet<string> = new Set([
  "UNAUTHORIZED",
  "ANSWER_CUT_OFF",
  "CLIENT_CERTIFICATE_REFUSED",
]);

/** The same failure, or that the client certificate which was sent (until `endsMs`) has expired, where that explains it. */
export function blameCertificate(failure: ApiFailure, endsMs: number | undefined, nowMs: number): ApiFailure {
  if (endsMs === undefined || endsMs > nowMs || !mayBeCertificate.has(failure.code)) return failure;
  const { code, hint } = broken["client-certificate"];
  const reason = `the client certificate expired at ${new Date(endsMs).toISOString()} (${failure.reason})`;
  return { ...failure, code: failure.code === "UNAUTHORIZED" ? failure.code : code, reason, hint };
}
