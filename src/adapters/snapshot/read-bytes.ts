import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { readPipe } from "../../lib/pipe.ts";

/** The bytes of a file or stream, or that there are too many. */
export type BytesRead =
  { readonly type: "read"; readonly bytes: Uint8Array } | { readonly type: "too-large" };

/** A stream of bytes such as `process.stdin`. */
export type ByteStream = AsyncIterable<Uint8Array | string>;

/**
 * Reads a file of at most `limit` bytes. A larger one is refused by its size, before anything of it is read; a pipe
 * has no size and no date and is read up to the limit. Rejects with the system's error, ETIMEDOUT for a pipe that nobody
 * writes into.
 */
export async function readFileBytes(path: string, limit: number): Promise<BytesRead> {
  if ((await stat(path)).isFIFO()) return readStreamBytes(await readPipe(path), limit);
  // A pipe that took the file's place meanwhile must not be waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (stats.size > limit) return { type: "too-large" };
    return await readStreamBytes(handle.createReadStream({ autoClose: false }), limit);
  } finally {
    await handle.close();
  }
}

/** Reads a stream to its end, or until it gave more than `limit` bytes. */
export async function readStreamBytes(stream: ByteStream, limit: number): Promise<BytesRead> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > limit) return { type: "too-large" };
    chunks.push(bytes);
  }
  return { type: "read", bytes: Buffer.concat(chunks) };
}
