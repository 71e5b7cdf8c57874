import { setFlagsFromString } from "node:v8";
import { type Artefact, damagedModule, readModule } from "./artefact.ts";
import type { WorkerStart } from "./messages.ts";
import { isOutOfMemory, type RenderEnd, type RenderJob, RenderWorker } from "./worker-handle.ts";

/** Above this, a worker's memory is given back by replacing it: WebAssembly memory never shrinks. */
const recycleAboveBytes = 512 * 1024 * 1024;

export interface PoolOptions {
  readonly artefact: Artefact;
  /** How many threads render at the same time. */
  readonly workers: number;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** How a job ended. `not-started`: there was not even memory for a thread. */
export type JobEnd = RenderEnd | { readonly type: "not-started"; readonly reason: string };

type NotStarted = Extract<WorkerStart, { readonly type: "no-memory" }>;

/** A job that waits for a place. */
interface Waiting {
  readonly enter: () => void;
  readonly reject: (error: Error) => void;
}

/** Worker threads that share one compiled module. They start with the first render, or ahead of it with `prepare`. */
export class RenderPool {
  readonly #options: PoolOptions;
  readonly #all = new Set<RenderWorker>();
  readonly #idle: RenderWorker[] = [];
  readonly #waiting: Waiting[] = [];
  /** What the first thread compiles, for the others. */
  #module: Promise<WebAssembly.Module | undefined> | undefined;
  /** Threads that were started before there was a job for them. */
  readonly #early: Promise<RenderWorker | NotStarted>[] = [];
  /** Jobs that run at the same time: fewer than asked for where there was no memory for another thread. */
  #places: number;
  #busy = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#places = options.workers;
    tuneEngine();
  }

  /** Starts threads ahead of so many jobs. What goes wrong is told by the jobs. */
  prepare(jobs: number): void {
    for (let count = this.#all.size; count < Math.min(jobs, this.#places); count++) {
      const early = this.#start();
      early.catch(() => undefined);
      this.#early.push(early);
    }
  }

  /** Renders when a thread is free. Rejects with RENDERER_DAMAGED, and where the pool is closed before the job begins. */
  async render(job: RenderJob): Promise<JobEnd> {
    for (;;) {
      await this.#enter();
      try {
        const started = await this.#takeWorker();
        if (started instanceof RenderWorker) return await this.#renderWith(started, job);
        if (this.#all.size === 0) return { type: "not-started", reason: started.reason };
        // The threads there are can do the work of all.
        this.#places = this.#all.size;
      } finally {
        this.#leave();
      }
    }
  }

  /** Ends all threads, also those that render, and starts none any more: jobs that wait are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #enter(): Promise<void> {
    if (this.#isClosed) throw closedError();
    if (this.#busy < this.#places) {
      this.#busy++;
      return;
    }
    // Whoever leaves hands its place over.
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ enter: resolve, reject });
    });
  }

  #leave(): void {
    const next = this.#busy > this.#places ? undefined : this.#waiting.shift();
    if (next === undefined) this.#busy--;
    else next.enter();
  }

  async #takeWorker(): Promise<RenderWorker | NotStarted> {
    return this.#idle.pop() ?? (await (this.#early.shift() ?? this.#start()));
  }

  async #renderWith(worker: RenderWorker, job: RenderJob): Promise<RenderEnd> {
    const end = await worker.render(job, this.#options.timeoutMs);
    await this.#release(worker, end);
    return end;
  }

  async #start(): Promise<RenderWorker | NotStarted> {
    if (this.#isClosed) throw closedError();
    const { artefact, maxAnswerBytes } = this.#options;
    const worker = makeWorker(maxAnswerBytes);
    if (!(worker instanceof RenderWorker)) return worker;
    this.#all.add(worker);
    try {
      const start = await this.#giveModule(worker);
      if (start.type === "ready") return worker;
      if (start.type === "damaged") throw damagedModule(artefact, start.details);
      await this.#drop(worker);
      return start;
    } catch (error) {
      await this.#drop(worker);
      throw this.#whyNotStarted(error);
    }
  }

  /** A thread that is ended by `close` says nothing of its own. */
  #whyNotStarted(error: unknown): unknown {
    return this.#isClosed ? closedError() : error;
  }

  /** The first thread compiles; where it could not, the next one does. */
  async #giveModule(worker: RenderWorker): Promise<WorkerStart> {
    for (;;) {
      const compiling = this.#module;
      if (compiling === undefined) return await this.#compileIn(worker);
      const module = await compiling;
      if (module !== undefined) return await worker.start({ type: "module", module });
      if (this.#module === compiling) this.#module = undefined;
    }
  }

  #compileIn(worker: RenderWorker): Promise<WorkerStart> {
    const { artefact } = this.#options;
    const start = worker.start({ type: "bytes", bytes: readModule(artefact), sha256: artefact.sha256 });
    this.#module = start.then(
      (end) => (end.type === "ready" ? end.module : undefined),
      () => undefined,
    );
    return start;
  }

  async #release(worker: RenderWorker, end: RenderEnd): Promise<void> {
    if (end.type === "rendered" && end.memoryBytes <= recycleAboveBytes) {
      this.#idle.push(worker);
      return;
    }
    await this.#drop(worker);
  }

  async #drop(worker: RenderWorker): Promise<void> {
    this.#all.delete(worker);
    await worker.terminate();
  }
}

function makeWorker(maxAnswerBytes: number): RenderWorker | NotStarted {
  try {
    return new RenderWorker(maxAnswerBytes);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return { type: "no-memory", reason: error.message };
  }
}

function closedError(): Error {
  return new Error("the renderer was closed before this overlay was rendered");
}

/** Flags of V8 count for the whole process, and only before its first module is compiled. */
function tuneEngine(): void {
  // Optimising code in the background costs the first hundred renders more than it gives to later ones, so only the
  // hottest functions are.
  setFlagsFromString("--wasm-num-compilation-tasks=1");
  setFlagsFromString("--wasm-tiering-budget=200000000");
  // The module has a digest to be checked against, so a function is validated when it is first called.
  setFlagsFromString("--wasm-lazy-validation");
}
