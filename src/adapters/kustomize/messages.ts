import type { MessagePort } from "node:worker_threads";
import type { RemoteBase } from "../../ports/renderer.ts";

/** What a worker thread is given when it starts. */
export interface WorkerSetup {
  /** One number: 0 while the worker waits for an answer, 1 once it is on the port. */
  readonly signal: Int32Array<SharedArrayBuffer>;
  /** Where answers to `read` and `base` arrive. */
  readonly answerPort: MessagePort;
  /** The largest answer that is taken out of the renderer. */
  readonly maxAnswerBytes: number;
}

/** Why there is no answer, in words of a RenderFailure. */
export interface Problem {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

export type ToWorker =
  /** For the first thread: the module as it was read, and the digest that it must have. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string }
  /** For the others: what the first one compiled. */
  | { readonly type: "module"; readonly module: WebAssembly.Module }
  /** The tree (packTree) of all renders that follow. */
  | { readonly type: "tree"; readonly packed: string }
  | { readonly type: "render"; readonly overlay: string };

/** A blob, or why it is not handed out. */
export type BlobAnswer =
  | { readonly type: "blob"; readonly bytes: Uint8Array }
  | { readonly type: "problem"; readonly problem: Problem };

/** What the render in hand asks for. What is not `plain` will be parsed, so it is checked first. */
export interface BlobRequest {
  readonly type: "read";
  /** As people read it. */
  readonly path: string;
  readonly oid: string;
  readonly plain: boolean;
  /** Which commit: 0 the one that is rendered, n the nth remote base that was opened for this render. */
  readonly number: number;
}

/** A remote base and where it is named (kustomize/internal/tree, RemoteBase). */
export interface NamedBase extends RemoteBase {
  /** File and field, as the beginning of a message. */
  readonly namedBy: string;
  /** What stands before the paths of its files where people read them. */
  readonly label: string;
}

/** The render in hand needs a remote base; asked once for each repository and ref. */
export interface BaseRequest {
  readonly type: "base";
  readonly base: NamedBase;
}

/** The commit of a base, and its tree where the thread does not have it yet; or why the base is refused. */
export type BaseAnswer =
  | {
      readonly type: "opened";
      readonly commit: string;
      readonly treeId: number;
      /** packTree. */
      readonly packed: string | undefined;
      /** Whether the trees of all other bases can go. */
      readonly forget: boolean;
    }
  | { readonly type: "problem"; readonly problem: Problem };

/** A remote base that a render used. */
export interface BaseUse extends RemoteBase {
  /** The commit id. */
  readonly commit: string;
}

/** A render that came to its end. */
export interface WorkerAnswer {
  readonly type: "rendered";
  /** JSON text (kustomize/internal/render, Answer); undefined where it was too large. */
  readonly answer: string | undefined;
  /** Set where a blob or a base was not handed out: then the answer does not count. */
  readonly problem: Problem | undefined;
  readonly warnings: readonly string[];
  /** Every file of the rendered commit that was read: path and blob id. */
  readonly files: readonly (readonly [string, string])[];
  /** Every other path of that commit that was looked at, and what stood there (KIND in tree-lookup.mjs). */
  readonly probes: readonly (readonly [string, number])[];
  readonly bases: readonly BaseUse[];
  readonly memoryBytes: number;
}

/** A render that killed its instance. */
export interface WorkerDeath {
  readonly type: "died";
  readonly cause: "memory" | "stack" | "trap";
}

/** The answer to a module: the thread can render, the module is not what it should be, or there is no memory for it. */
export type WorkerStart =
  | { readonly type: "ready"; readonly module: WebAssembly.Module }
  | { readonly type: "damaged"; readonly details: readonly string[] }
  | { readonly type: "no-memory"; readonly reason: string };

export type FromWorker = WorkerStart | BlobRequest | BaseRequest | WorkerAnswer | WorkerDeath;
