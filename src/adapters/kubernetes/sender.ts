import { createLimiter } from "../../lib/limiter.ts";
import type { Connection, Credentials } from "./connect/access.ts";
import { type ApiFailure, explainBroken } from "./failure.ts";
import { type GetEnd, type GetLimits, type GetRequest, sendGet } from "./get.ts";
import type { Deadline, Timing } from "./timing.ts";

/** What became of a request that was to be sent. */
export type Sent =
  | { readonly type: "sent"; readonly end: GetEnd }
  /** Why it was not sent. `isFinal`: that counts more than what became of it when it was sent before. */
  | { readonly type: "unsent"; readonly why: ApiFailure; readonly isFinal: boolean };

/** What a request is sent with. */
export interface SendOptions {
  readonly deadline: Deadline;
  readonly credentials: Credentials;
  /** Whether it was never sent before. */
  readonly isFirst: boolean;
}

/** At most so many requests at the same time: an API server shares itself out among its users (priority and fairness). */
const maxInFlight = 4;
/**
 * When so many requests in a row got no answer at all, the server may have stopped answering. Some things may hang on a
 * server that answers others, so only something that was not asked before tells: without an answer to that, the server
 * is taken for gone. What hung is not asked again meanwhile.
 */
const maxSilent = 4;

const ended = unsent("cut", "the run was told to end", true);
const stopped = unsent("silent", "not asked: the server had stopped answering");
const tooLate = unsent("timeout", "not asked: there was no time left for it");

function unsent(cause: "cut" | "silent" | "timeout", detail: string, isFinal = false): Sent {
  return { type: "unsent", why: explainBroken(cause, detail), isFinal };
}

/** Sends requests, a few at a time, until the server has been silent for too long. */
export class Sender {
  readonly #connection: Connection;
  readonly #limits: GetLimits;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #limit = createLimiter(maxInFlight);
  readonly #underWay = new Set<Promise<GetEnd>>();
  /** How many requests in a row got no answer at all. */
  #silent = 0;
  #isGone = false;

  constructor(connection: Connection, limits: GetLimits, timing: Timing, signal: AbortSignal) {
    this.#connection = connection;
    this.#limits = limits;
    this.#timing = timing;
    this.#signal = signal;
  }

  /** Waits until a request may be sent again; false where that would be too late, or in vain. */
  async pause(delayMs: number | undefined, deadline: Deadline): Promise<boolean> {
    if (delayMs === undefined || this.#signal.aborted || this.#isGone) return false;
    if (this.#timing.now() + delayMs > deadline()) return false;
    await this.#timing.sleep(delayMs, this.#signal);
    return true;
  }

  /** Sends a request when it is its turn. The time until its deadline begins then, if it did not before. */
  async send(request: GetRequest, { deadline, credentials, isFirst }: SendOptions): Promise<Sent> {
    return this.#limit(async () => {
      await this.#untilAnswered();
      if (this.#signal.aborted) return ended;
      if (this.#isGone || (!isFirst && this.#silent > maxSilent)) return stopped;
      const leftMs = deadline() - this.#timing.now();
      if (leftMs <= 0) return tooLate;
      const totalTimeoutMs = Math.min(this.#limits.totalTimeoutMs ?? leftMs, leftMs);
      const sending = sendGet(this.#connection.server, request, credentials, {
        ...this.#limits,
        totalTimeoutMs,
      });
      this.#underWay.add(sending);
      const end = await sending;
      this.#underWay.delete(sending);
      this.#listen(end, isFirst);
      return { type: "sent", end };
    });
  }

  /** Where the server may have stopped answering, the requests that are under way tell. */
  async #untilAnswered(): Promise<void> {
    while (this.#silent >= maxSilent && this.#underWay.size > 0) await Promise.race(this.#underWay);
  }

  #listen(end: GetEnd, isFirst: boolean): void {
    this.#silent = isSilent(end) ? this.#silent + 1 : 0;
    if (isFirst && this.#silent > maxSilent && this.#underWay.size === 0) this.#isGone = true;
  }
}

/** A server that refuses connections costs no time, and may be back in a moment; one that says nothing costs a lot. */
function isSilent(end: GetEnd): boolean {
  return end.type === "broken" && end.cause === "silent";
}
