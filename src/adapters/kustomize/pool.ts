import { type Artefact, type LoadedModule, loadModule } from "./artefact.ts";
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
  #loading: Promise<LoadedModule> | undefined;
  #busy = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Renders when a thread is free. Rejects with RENDERER_DAMAGED, also where the module's digest is found wrong. */
  async render(job: RenderJob): Promise<RenderEnd> {
    await this.#enter();
    try {
      this.#loading ??= loadModule(this.#options.artefact);
      const worker = this.#idle.pop() ?? (await this.#start(this.#loading));
      const end = await worker.render(job, this.#options.timeoutMs);
      await this.#release(worker, end);
      await (await this.#loading).verified;
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

  async #start(loading: Promise<LoadedModule>): Promise<RenderWorker> {
    const worker = new RenderWorker(this.#options.maxAnswerBytes);
    this.#all.add(worker);
    try {
      await worker.start(loading.then(({ module }) => module));
      return worker;
    } catch (error) {
      await this.#drop(worker);
      throw error;
    }
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
