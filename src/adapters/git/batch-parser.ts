/** An object as Git stores it. */
export interface GitObject {
  readonly oid: string;
  /** "blob", "commit", "tree" or "tag". */
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** One answer of `git cat-file --batch`. After `too-large` and `garbled` the stream can be read no further. */
export type BatchAnswer =
  | { readonly type: "object"; readonly object: GitObject }
  | { readonly type: "missing"; readonly name: string }
  | { readonly type: "too-large"; readonly oid: string; readonly size: number }
  | { readonly type: "garbled"; readonly text: string };

const objectHeader = /^([\da-f]{40}|[\da-f]{64}) (\w+) (\d{1,15})$/;
const missingHeader = /^(.+) missing$/;
/** Longer than any header: what goes on without a newline is none. */
const maxHeaderBytes = 1024;
/** For commits and tags, which are read whatever the limit for files is. */
const maxOtherBytes = 16 * 1024 ** 2;
const newline = 10;

/**
 * Cuts the output of `git cat-file --batch` into answers, however it is split into chunks. An object's size is looked
 * at before any memory is taken for it.
 */
export class BatchParser {
  readonly #maxBlobBytes: number;
  readonly #onAnswer: (answer: BatchAnswer) => void;
  #header = Buffer.alloc(0);
  #body: { oid: string; kind: string; bytes: Buffer; filled: number } | undefined;
  #stopped = false;

  constructor(maxBlobBytes: number, onAnswer: (answer: BatchAnswer) => void) {
    this.#maxBlobBytes = maxBlobBytes;
    this.#onAnswer = onAnswer;
  }

  /** Takes what Git wrote next; calls `onAnswer` for every answer that ends in it. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#stopped) {
      rest = rest.subarray(this.#body === undefined ? this.#takeHeader(rest) : this.#takeBody(rest));
    }
  }

  /** Takes bytes up to the end of the header line; returns how many. */
  #takeHeader(chunk: Buffer): number {
    const end = chunk.indexOf(newline);
    this.#header = Buffer.concat([this.#header, end < 0 ? chunk : chunk.subarray(0, end)]);
    if (this.#header.length > maxHeaderBytes) {
      this.#stop({ type: "garbled", text: this.#header.toString("latin1", 0, 80) });
    }
    if (end < 0) return chunk.length;
    const line = this.#header.toString("utf8");
    this.#header = Buffer.alloc(0);
    if (!this.#stopped) this.#readHeader(line);
    return end + 1;
  }

  #readHeader(line: string): void {
    const [, missing] = missingHeader.exec(line) ?? [];
    const [, oid, kind, digits] = objectHeader.exec(line) ?? [];
    if (missing !== undefined) {
      this.#onAnswer({ type: "missing", name: missing });
    } else if (oid === undefined || kind === undefined) {
      this.#stop({ type: "garbled", text: line.slice(0, 80) });
    } else if (Number(digits) > (kind === "blob" ? this.#maxBlobBytes : maxOtherBytes)) {
      this.#stop({ type: "too-large", oid, size: Number(digits) });
    } else {
      this.#body = { oid, kind, bytes: Buffer.allocUnsafeSlow(Number(digits)), filled: 0 };
    }
  }

  /** Takes bytes of the object and the newline after it; returns how many. */
  #takeBody(chunk: Buffer): number {
    const body = this.#body;
    if (body === undefined) return 0;
    const copied = chunk.copy(body.bytes, body.filled);
    body.filled += copied;
    if (copied === chunk.length) return copied;
    this.#body = undefined;
    const { oid, kind, bytes } = body;
    if (chunk[copied] === newline) this.#onAnswer({ type: "object", object: { oid, kind, bytes } });
    else this.#stop({ type: "garbled", text: `no end of object ${oid}` });
    return copied + 1;
  }

  #stop(answer: BatchAnswer): void {
    this.#stopped = true;
    this.#onAnswer(answer);
  }
}
