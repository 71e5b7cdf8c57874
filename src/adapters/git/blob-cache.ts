/** Keeps the blobs used last, up to a number of bytes. An id never changes its content, so nothing ever goes stale. */
export class BlobCache {
  readonly #maxBytes: number;
  readonly #blobs = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A copy, because whoever gets it may hand its memory to another thread. */
  get(oid: string): Uint8Array | undefined {
    const blob = this.#blobs.get(oid);
    if (blob === undefined) return undefined;
    this.#blobs.delete(oid);
    this.#blobs.set(oid, blob);
    return Uint8Array.from(blob);
  }

  /** Keeps a copy; large blobs are not kept. */
  set(oid: string, blob: Uint8Array): void {
    if (blob.length > this.#maxBytes / 16 || this.#blobs.has(oid)) return;
    this.#blobs.set(oid, Uint8Array.from(blob));
    this.#bytes += blob.length;
    for (const [oldest, old] of this.#blobs) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#blobs.delete(oldest);
      this.#bytes -= old.length;
    }
  }
}
