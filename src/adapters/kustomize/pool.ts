import { setFlagsFromString } from "node:v8";
import { type Artefact, damagedModule, readModule } from "./artefact.ts";
import { type RenderEnd, type RenderJob, RenderWorker } from "./worker-handle.ts";

/** Above this, a worker's memory is given back by replacing it: WebAssembly memory never shrinks. */
const recycleAboveBytes = 512 * 1024 * 1024;

export interface PoolOptions {
  readonly artefact: Artefact;
  /** How many threads render at the same time. */
  readonly workers: number;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** Worker threads that share one compiled module. They start with the first render, not before. */
export class RenderPool {
  readonly #options: PoolOptions;
  readonly #all = new Set<RenderWorker>();
  readonly #idle: RenderWorker[] = [];
  readonly #waiting: (() => void)[] = [];
  /** What the first thread compiles, for the others. */
  #module: Promise<WebAssembly.Module> | undefined;
  /** Threads that were started before there was a job for them. */
  readonly #early: Promise<RenderWorker>[] = [];
  #busy = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    tuneEngine();
  }

  /** Starts threads ahead of so many jobs. What goes wrong is told by the jobs. */
  prepare(jobs: number): void {
    for (let count = this.#all.size; count < Math.min(jobs, this.#options.workers); count++) {
      const early = this.#start();
      early.catch(() => undefined);
      this.#early.push(early);
    }
  }

  /** Renders when a thread is free. Rejects with RENDERER_DAMAGED. */
  async render(job: RenderJob): Promise<RenderEnd> {
    await this.#enter();
    try {
      const worker = this.#idle.pop() ?? (await (this.#early.shift() ?? this.#start()));
      const end = await worker.render(job, this.#options.timeoutMs);
      await this.#release(worker, end);
      return end;
    } finally {
      this.#leave();
    }
  }

  /** Ends all threads, also those that render. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #enter(): Promise<void> {
    if (this.#busy < this.#options.workers) {
      this.#busy++;
      return;
    }
    // Whoever leaves hands its place over.
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy--;
    else next();
  }

  async #start(): Promise<RenderWorker> {
    const worker = new RenderWorker(this.#options.maxAnswerBytes);
    this.#all.add(worker);
    const started = this.#giveModule(worker);
    this.#module ??= started;
    try {
      await started;
      return worker;
    } catch (error) {
      await this.#drop(worker);
      throw error;
    }
  }

  async #giveModule(worker: RenderWorker): Promise<WebAssembly.Module> {
    const { artefact } = this.#options;
    const shared = this.#module;
    const start = await worker.start(
      shared === undefined
        ? { type: "bytes", bytes: readModule(artefact), sha256: artefact.sha256 }
        : { type: "module", module: await shared },
    );
    if (start.type === "damaged") throw damagedModule(artefact, start.details);
    return start.module;
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

/** Flags of V8 count for the whole process, and only before its first module is compiled. */
function tuneEngine(): void {
  // Optimising code in the background costs the first hundred renders more than it gives to later ones, so only the
  // hottest functions are.
  setFlagsFromString("--wasm-num-compilation-tasks=1");
  setFlagsFromString("--wasm-tiering-budget=200000000");
  // The module has a digest to be checked against, so a function is validated when it is first called.
  setFlagsFromString("--wasm-lazy-validation");
}
