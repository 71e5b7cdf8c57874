type DeadlineName = "connect" | "headers" | "idle" | "total";

/** A timer of Node takes no more: what is longer would fire at once. Source: Node.js documentation, "setTimeout". */
export const longestTimerMs = 2 ** 31 - 1;

/** What may still take how long; the first that is passed ends the request. */
export class Deadlines {
  /** What was waited for in vain. */
  missed: string | undefined;
  /** Whether an answer began. */
  isAnswered = false;
  /** Rejects when a deadline is passed, whatever becomes of the request then; stays open otherwise. */
  readonly passed: Promise<never>;
  readonly #controller = new AbortController();
  readonly #timers = new Map<DeadlineName, NodeJS.Timeout>();
  #isStopped = false;

  constructor() {
    this.passed = new Promise<never>((_, reject) => {
      this.signal.addEventListener("abort", () => {
        reject(new Error("a deadline is passed"));
      });
    });
    // Who waits for it is told; nobody may wait any more.
    this.passed.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Sets a deadline, or sets it anew. Does nothing once all are stopped: bytes may come later than the end. */
  set(name: DeadlineName, afterMs: number, inVain: string): void {
    if (this.#isStopped) return;
    const running = this.#timers.get(name);
    if (running !== undefined) {
      running.refresh();
      return;
    }
    const timer = setTimeout(
      () => {
        this.missed ??= `${inVain} within ${String(afterMs / 1000)} s`;
        this.#controller.abort();
      },
      Math.min(afterMs, longestTimerMs),
    );
    this.#timers.set(name, timer);
  }

  clear(name: DeadlineName): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
