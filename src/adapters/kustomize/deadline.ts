const tickMs = 50;

/**
 * The end of a span of time in which this thread was there for others: while it is busy itself nobody gets an answer,
 * so a standstill counts as one tick of 50 ms, however long it was.
 */
export class Deadline {
  /** Settles once the time is over; never after `stop`. */
  readonly passed: Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Spans that do not count and have not ended. */
  #pauses = 0;

  /** Begins at once. */
  constructor(durationMs: number) {
    this.passed = new Promise((resolve) => {
      this.#wait(durationMs, resolve);
    });
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** What `work` takes does not count. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.#pauses += 1;
    try {
      return await work();
    } finally {
      this.#pauses -= 1;
    }
  }

  #wait(restMs: number, resolve: () => void): void {
    if (this.#isStopped) return;
    const waitMs = Math.min(restMs, tickMs);
    this.#timer = setTimeout(() => {
      if (this.#pauses > 0) this.#wait(restMs, resolve);
      else if (restMs > waitMs) this.#wait(restMs - waitMs, resolve);
      // After a standstill timers come before messages: one that is already here counts.
      else setImmediate(resolve);
    }, waitMs);
  }
}
