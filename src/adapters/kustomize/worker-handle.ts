import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { Deadline } from "./deadline.ts";
import type { OpenedBase } from "../../ports/renderer.ts";
import type {
  BaseAnswer,
  BlobAnswer,
  BlobRequest,
  FromWorker,
  NamedBase,
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
  /** Never rejects. The nth base that is opened is number n. */
  readonly openBase: (base: NamedBase) => Promise<OpenedTree | Extract<OpenedBase, { type: "refused" }>>;
}

/** A remote base that was opened. */
export interface OpenedTree {
  readonly type: "opened";
  readonly commit: string;
  /** Like that of the job. */
  readonly packedTree: string;
}

/** How a render ended. `timeout`: it was still running at the end of its time. */
export type RenderEnd = WorkerAnswer | WorkerDeath | { readonly type: "timeout" };

/** Trees of remote bases that a thread keeps. */
const maxKeptTrees = 8;

type ModuleMessage = Extract<ToWorker, { readonly type: "bytes" | "module" }>;

/** One worker thread, which renders one overlay at a time. After an end other than `rendered` it is gone. */
export class RenderWorker {
  readonly #worker: Worker;
  /** What the thread waits on while it needs an answer: 0 asked, 1 answered. */
  readonly #signal: Int32Array<SharedArrayBuffer>;
  readonly #answers: MessagePort;
  /** Settles when the thread is gone, with what ended it: undefined where it was told to end. */
  readonly #gone: Promise<unknown>;
  #sentTree: string | undefined;
  /** Trees of remote bases that the thread has, packed; the place is the id. */
  readonly #keptTrees: string[] = [];

  constructor(maxAnswerBytes: number) {
    const { port1, port2: answerPort } = new MessageChannel();
    this.#answers = port1;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    this.#worker = new Worker(new URL("./render-worker.mjs", import.meta.url), {
      workerData: { signal: this.#signal, answerPort, maxAnswerBytes },
      transferList: [answerPort],
      env: {},
      execArgv: [],
    });
    this.#gone = watchEnd(this.#worker);
    // An idle thread does not keep the process alive.
    this.#worker.unref();
    this.#answers.unref();
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
      this.#finish(job, deadline, stop.signal),
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
    this.#answers.close();
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Sends the job and answers what the thread asks, until it has finished. */
  async #finish(job: RenderJob, deadline: Deadline, signal: AbortSignal): Promise<RenderEnd> {
    if (this.#sentTree !== job.packedTree) this.#post({ type: "tree", packed: job.packedTree });
    this.#sentTree = job.packedTree;
    this.#post({ type: "render", overlay: job.overlay });
    return new Promise<RenderEnd>((resolve) => {
      const onMessage = (message: FromWorker) => {
        if (message.type === "read") void job.readBlob(message).then((answer) => { this.#answer(answer); });
        else if (message.type === "base") void this.#answerBase(message.base, job, deadline);
        else if (message.type === "rendered" || message.type === "died") resolve(message);
      };
      this.#worker.on("message", onMessage);
      signal.addEventListener("abort", () => this.#worker.off("message", onMessage));
    });
  }

  /** Fetching a base takes the time that Git allows, which is not the render's. */
  async #answerBase(base: NamedBase, job: RenderJob, deadline: Deadline): Promise<void> {
    const opened = await deadline.without(() => job.openBase(base));
    if (opened.type === "opened") {
      this.#answer({ type: "opened", commit: opened.commit, ...this.#keepTree(opened.packedTree) });
      return;
    }
    const { code, reason, hint } = opened;
    this.#answer({ type: "problem", problem: { code, reason: `${base.namedBy}${reason}`, hint } });
  }

  /** Says under which id the thread has the tree, and sends it where it has not. */
  #keepTree(packed: string): Pick<Extract<BaseAnswer, { type: "opened" }>, "treeId" | "packed" | "forget"> {
    const known = this.#keptTrees.indexOf(packed);
    if (known >= 0) return { treeId: known, packed: undefined, forget: false };
    const forget = this.#keptTrees.length === maxKeptTrees;
    if (forget) this.#keptTrees.length = 0;
    return { treeId: this.#keptTrees.push(packed) - 1, packed, forget };
  }

  #answer(answer: BlobAnswer | BaseAnswer): void {
    this.#answers.postMessage(answer);
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
