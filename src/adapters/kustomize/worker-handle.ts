import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { Deadline } from "./deadline.ts";
import type {
  BlobAnswer,
  BlobRequest,
  FromWorker,
  ToWorker,
  WorkerAnswer,
  WorkerDeath,
  WorkerStart,
} from "./messages.ts";

/** What one render needs. */
export interface RenderJob {
  /** Packed tree (packTree); the same string for the same commit. */
  readonly packedTree: string;
  readonly overlay: string;
  /** Never rejects. */
  readonly readBlob: (request: BlobRequest) => Promise<BlobAnswer>;
}

/** How a render ended. `timeout`: it was still running at the end of its time. */
export type RenderEnd = WorkerAnswer | WorkerDeath | { readonly type: "timeout" };

type ModuleMessage = Extract<ToWorker, { readonly type: "bytes" | "module" }>;

/** One worker thread, which renders one overlay at a time. After an end other than `rendered` it is gone. */
export class RenderWorker {
  readonly #worker: Worker;
  /** What the thread waits on while it needs a blob: 0 asked, 1 answered. */
  readonly #signal: Int32Array<SharedArrayBuffer>;
  readonly #blobs: MessagePort;
  /** Settles when the thread is gone, with what ended it: undefined where it was told to end. */
  readonly #gone: Promise<unknown>;
  #sentTree: string | undefined;

  constructor(maxAnswerBytes: number) {
    const { port1, port2: blobPort } = new MessageChannel();
    this.#blobs = port1;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    this.#worker = new Worker(new URL("./render-worker.mjs", import.meta.url), {
      workerData: { signal: this.#signal, blobPort, maxAnswerBytes },
      transferList: [blobPort],
      env: {},
      execArgv: [],
    });
    this.#gone = watchEnd(this.#worker);
    // An idle thread does not keep the process alive.
    this.#worker.unref();
    this.#blobs.unref();
  }

  /**
   * Gives the thread its module; ends once it can render or has said why it cannot. Rejects where it dies of anything
   * but memory, with what killed it.
   */
  async start(module: ModuleMessage): Promise<WorkerStart> {
    this.#worker.ref();
    try {
      const said = new Promise<WorkerStart>((resolve) => {
        this.#worker.once("message", resolve);
      });
      this.#worker.postMessage(module, module.type === "bytes" ? [module.bytes.buffer] : []);
      return await Promise.race([said, this.#gone.then(startOfDead)]);
    } finally {
      this.#worker.unref();
    }
  }

  async render(job: RenderJob, timeoutMs: number): Promise<RenderEnd> {
    this.#worker.ref();
    const stop = new AbortController();
    const deadline = new Deadline(timeoutMs);
    const end = await Promise.race([
      this.#finish(job, stop.signal),
      this.#gone.then(endOfDead),
      deadline.passed.then(() => ({ type: "timeout" }) as const),
    ]);
    stop.abort();
    deadline.stop();
    this.#worker.unref();
    if (end.type !== "rendered") await this.terminate();
    return end;
  }

  async terminate(): Promise<void> {
    this.#blobs.close();
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Sends the job and answers what the thread asks, until it has finished. */
  async #finish(job: RenderJob, signal: AbortSignal): Promise<RenderEnd> {
    if (this.#sentTree !== job.packedTree) this.#post({ type: "tree", packed: job.packedTree });
    this.#sentTree = job.packedTree;
    this.#post({ type: "render", overlay: job.overlay });
    return new Promise<RenderEnd>((resolve) => {
      const onMessage = (message: FromWorker) => {
        if (message.type === "read") void this.#answerRead(message, job);
        else if (message.type === "rendered" || message.type === "died") resolve(message);
      };
      this.#worker.on("message", onMessage);
      signal.addEventListener("abort", () => this.#worker.off("message", onMessage));
    });
  }

  async #answerRead(request: BlobRequest, job: RenderJob): Promise<void> {
    this.#blobs.postMessage(await job.readBlob(request));
    Atomics.store(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }
}

/** The thread tells an error before it is gone; without a listener it would end the process. */
function watchEnd(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.once("exit", () => {
      resolve(cause);
    });
  });
}

function startOfDead(cause: unknown): WorkerStart {
  if (isOutOfMemory(cause)) return { type: "no-memory", reason: cause.message };
  throw new Error("a worker thread ended while it started", { cause });
}

function endOfDead(cause: unknown): RenderEnd {
  return { type: "died", cause: isOutOfMemory(cause) ? "memory" : "trap" };
}

/** Whether the thread, or its heap, got no memory. */
export function isOutOfMemory(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return (
    error instanceof RangeError || code === "ERR_WORKER_OUT_OF_MEMORY" || code === "ERR_WORKER_INIT_FAILED"
  );
}
