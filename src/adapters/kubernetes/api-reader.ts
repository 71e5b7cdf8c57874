import { parseWrittenJson } from "../../core/manifest/written-json.ts";
import type { Json } from "../../core/model/json.ts";
import type { Connection, Credentials } from "./connect/access.ts";
import { type ApiFailure, explainBroken, explainInvalid, explainStatus } from "./failure.ts";
import { type GetEnd, type GetLimits, type GetRequest, sendGet } from "./get.ts";
import { createLimiter } from "../../lib/limiter.ts";
import { backoffMs, retryAfterMs, type Timing } from "./timing.ts";

/** An answer of the API server that can be used, or why there is none. */
export type ApiEnd = { readonly type: "json"; readonly value: Json } | ApiFailure;

/**
 * Reads JSON from one API server. `deadline` (milliseconds since the epoch) is when the caller does not want to wait
 * any longer. Never throws for what the server does; throws CREDENTIALS_FAILED.
 */
export type ReadApi = (request: GetRequest, deadline: number) => Promise<ApiEnd>;

/** At most so many requests at the same time: an API server shares itself out among its users (priority and fairness). */
const maxInFlight = 4;
/** The first try and three more. */
const maxAttempts = 4;
/** When so many requests in a row get no answer at all, the server is taken for gone, and is asked no more. */
const maxSilent = 4;

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
  return async (request, deadline) => {
    let refused: Refused | undefined;
    for (let attempt = 1; ; attempt++) {
      const { end, credentials } = await sender.send(request, deadline, refused?.credentials);
      // There are no other credentials: what the server said before holds.
      if (end === undefined) return refused?.outcome ?? explainStatus(401, undefined);
      const outcome = judge(end);
      if (outcome.type === "json") return outcome;
      if (outcome.status === 401 && refused === undefined) {
        refused = { credentials, outcome };
        continue;
      }
      const isPaused = await sender.pause(retryDelay(end, outcome, attempt, timing), deadline);
      if (!isPaused) return outcome;
    }
  };
}

/** Credentials that the server did not take, and what it said. */
interface Refused {
  readonly credentials: Credentials;
  readonly outcome: ApiFailure;
}

const ended: GetEnd = { type: "broken", cause: "cut", detail: "the run was told to end" };

/** Sends requests, a few at a time, until the server has been silent for too long. */
class Sender {
  readonly #connection: Connection;
  readonly #limits: GetLimits;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #limit = createLimiter(maxInFlight);
  /** How many requests in a row got no answer at all, and what became of the last of them. */
  #silent = 0;
  #lastEnd: GetEnd | undefined;

  constructor(connection: Connection, limits: GetLimits, timing: Timing, signal: AbortSignal) {
    this.#connection = connection;
    this.#limits = limits;
    this.#timing = timing;
    this.#signal = signal;
  }

  /** Waits until a request may be sent again; false where that would be too late, or in vain. */
  async pause(delayMs: number | undefined, deadline: number): Promise<boolean> {
    if (delayMs === undefined || this.#signal.aborted || this.#isGone) return false;
    if (this.#timing.now() + delayMs > deadline) return false;
    await this.#timing.sleep(delayMs, this.#signal);
    return true;
  }

  async send(request: GetRequest, deadline: number, rejected?: Credentials): Promise<Sent> {
    const credentials = await this.#connection.credentials(rejected && { rejected });
    if (rejected === credentials) return { end: undefined, credentials };
    const end = await this.#limit(async () => {
      if (this.#signal.aborted) return ended;
      if (this.#lastEnd !== undefined && this.#isGone) return this.#lastEnd;
      const leftMs = Math.max(1, deadline - this.#timing.now());
      const totalTimeoutMs = Math.min(this.#limits.totalTimeoutMs ?? leftMs, leftMs);
      const limits = { ...this.#limits, totalTimeoutMs };
      this.#lastEnd = await sendGet(this.#connection.server, request, credentials, limits);
      this.#silent = isSilent(this.#lastEnd) ? this.#silent + 1 : 0;
      return this.#lastEnd;
    });
    return { end, credentials };
  }

  get #isGone(): boolean {
    return this.#silent >= maxSilent;
  }
}

interface Sent {
  /** Undefined where there were no other credentials to send the request with. */
  readonly end: GetEnd | undefined;
  readonly credentials: Credentials;
}

/** A server that refuses connections costs no time, and may be back in a moment; one that says nothing costs a lot. */
function isSilent(end: GetEnd): boolean {
  return end.type === "broken" && end.cause === "silent";
}

function judge(end: GetEnd): ApiEnd {
  if (end.type === "broken") return explainBroken(end.cause, end.detail);
  const isJson = /^application\/json\b/i.test(end.contentType);
  const value = isJson ? parseWrittenJson(end.body) : undefined;
  if (end.status !== 200) return explainStatus(end.status, value);
  if (!isJson) {
    const got = end.contentType === "" ? "something without a type" : end.contentType.slice(0, 100);
    return explainInvalid(`the server answered with ${got} instead of JSON`);
  }
  if (value === undefined) return explainInvalid("the server's answer is no JSON, or not all of it");
  return { type: "json", value };
}

/** How long to wait before the request is sent again; undefined where that would be in vain. */
function retryDelay(end: GetEnd, failure: ApiFailure, attempt: number, timing: Timing): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  if (end.type === "broken") {
    const isLasting = ["certificate", "redirect", "too-large"].includes(end.cause);
    return isLasting ? undefined : backoffMs(attempt, timing);
  }
  const told = retryAfterMs(end.retryAfter, timing.now());
  if (failure.status === 429 || failure.status === 503) return told ?? backoffMs(attempt, timing);
  const isPassing = end.status >= 500 || end.status === 200;
  return isPassing ? backoffMs(attempt, timing) : undefined;
}
