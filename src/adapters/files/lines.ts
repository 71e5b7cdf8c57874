const lineFeed = 10;

/** Parts bytes into lines as they come, and keeps no more than one line of at most `maxBytes` (without its end). */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private size = 0;
  private readonly maxBytes: number;
  private readonly onLine: (line: Uint8Array | "too-long") => void;

  constructor(maxBytes: number, onLine: (line: Uint8Array | "too-long") => void) {
    this.maxBytes = maxBytes;
    this.onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.add(chunk.subarray(from, end));
      this.endLine();
      from = end + 1;
    }
    this.add(chunk.subarray(from));
  }

  /** Gives what stands behind the last line break; nothing where the last line was ended. */
  end(): void {
    if (this.size > 0) this.endLine();
  }

  private add(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.size > this.maxBytes) this.parts = [];
    else if (bytes.length > 0) this.parts.push(bytes);
  }

  private endLine(): void {
    const [first = new Uint8Array(), ...more] = this.parts;
    const line = more.length === 0 ? first : Buffer.concat(this.parts);
    const isWhole = this.size <= this.maxBytes;
    this.parts = [];
    this.size = 0;
    this.onLine(isWhole ? line : "too-long");
  }
}
