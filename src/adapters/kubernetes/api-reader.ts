import { parseWrittenJson } from "../../core/manifest/written-json.ts";
import { type Json, textField } from "../../core/model/json.ts";
import type { BrokenCause } from "./broken.ts";
import type { Connection, Credentials } from "./connect/access.ts";
import {
  type ApiFailure,
  blameCertificate,
  explainBroken,
  explainInvalid,
  explainStatus,
} from "./failure.ts";
import type { GetEnd, GetLimits, GetRequest } from "./get.ts";
import { Sender, type Sent } from "./sender.ts";
import { hideSent } from "./sent-secrets.ts";
import { backoffMs, type Deadline, retryAfterMs, type Timing } from "./timing.ts";

/** An answer of the API server that can be used, with the length of its text, or why there is none. */
export type ApiEnd =
  | { readonly type: "json"; readonly value: Json; readonly bytes: number; readonly date?: string }
  | ApiFailure;

/**
 * Reads JSON from one API server. `deadline` is when the caller does not want to wait any longer; its time begins when
 * the first request that it is given for is sent. Never throws for what the server does; throws CREDENTIALS_FAILED.
 */
export type ReadApi = (request: GetRequest, deadline: Deadline) => Promise<ApiEnd>;

/** The first try and three more. */
const maxAttempts = 4;

/**
 * Gives the one function by which an API server is read: GET only. Requests that fail for a moment are sent again:
 * after a reset, a server error or a cut body with a growing random delay, after 429 when the server says, after 401
 * with new credentials, once. With `signal` nothing is sent any more; who closes the connection ends what is under way.
 */
export function createApiReader(
  connection: Connection,
  limits: GetLimits,
  timing: Timing,
  signal: AbortSignal,
): ReadApi {
  const sender = new Sender(connection, limits, timing, signal);
  return (request, deadline) => new Asking(connection, sender, timing).ask(request, deadline);
}

/** One request, sent until it is answered or there is no point in that any more. */
class Asking {
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #timing: Timing;
  /** Credentials that the server did not take. */
  #rejected: Credentials | undefined;
  /** What became of it so far. */
  #before: ApiFailure | undefined;

  constructor(connection: Connection, sender: Sender, timing: Timing) {
    this.#connection = connection;
    this.#sender = sender;
    this.#timing = timing;
  }

  async ask(request: GetRequest, deadline: Deadline): Promise<ApiEnd> {
    for (let attempt = 1; ; attempt++) {
      const rejected = this.#rejected;
      const credentials = await this.#connection.credentials(rejected && { rejected });
      // There are no other credentials: what the server said before holds.
      if (credentials === rejected) return this.#before ?? explainStatus(401);
      const sent = await this.#sender.send(request, { deadline, credentials, isFirst: attempt === 1 });
      if (sent.type === "unsent") return this.#explain(sent);
      const outcome = judge(sent.end, credentials, this.#timing.now());
      if (outcome.type === "json") return outcome;
      this.#before = outcome;
      if (outcome.status === 401 && rejected === undefined) {
        this.#rejected = credentials;
        continue;
      }
      const delayMs = retryDelay(sent.end, outcome, attempt, this.#timing);
      if (!(await this.#sender.pause(delayMs, deadline))) return outcome;
    }
  }

  /** What to say of a request that was not sent. */
  #explain({ why, isFinal }: Extract<Sent, { readonly type: "unsent" }>): ApiFailure {
    return isFinal ? why : (this.#before ?? why);
  }
}

function judge(end: GetEnd, credentials: Credentials, nowMs: number): ApiEnd {
  const outcome = readEnd(end, credentials);
  return outcome.type === "json" ? outcome : blameCertificate(outcome, credentials.certificateEndsMs, nowMs);
}

function readEnd(end: GetEnd, credentials: Credentials): ApiEnd {
  if (end.type === "broken") return explainBroken(end.cause, end.detail);
  const isJson = /^application\/json\b/i.test(end.contentType);
  const value = isJson ? parseWrittenJson(end.body) : undefined;
  if (end.status !== 200)
    return explainStatus(end.status, hideSent(textField(value, "message"), credentials));
  if (!isJson) {
    const type = hideSent(end.contentType, credentials).slice(0, 100);
    return explainInvalid(
      `the server answered with ${type === "" ? "something without a type" : type} instead of JSON`,
    );
  }
  if (value === undefined) return explainInvalid("the server's answer is no JSON, or not all of it");
  const { date } = end;
  return { type: "json", value, bytes: end.body.length, ...(date !== undefined && { date }) };
}

const lasting: ReadonlySet<BrokenCause> = new Set([
  "certificate",
  "client-certificate",
  "proxy-refused",
  "protocol",
  "redirect",
  "too-large",
]);

/** How long to wait before the request is sent again; undefined where that would be in vain. */
function retryDelay(end: GetEnd, failure: ApiFailure, attempt: number, timing: Timing): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  if (end.type === "broken") {
    return lasting.has(end.cause) ? undefined : backoffMs(attempt, timing);
  }
  const told = retryAfterMs(end.retryAfter, timing.now());
  if (failure.status === 429 || failure.status === 503) return told ?? backoffMs(attempt, timing);
  const isPassing = end.status >= 500 || end.status === 200;
  return isPassing ? backoffMs(attempt, timing) : undefined;
}
