import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** An answer that ended before its end. */
export class CutOff extends Error {}

const inTheMiddle = "the connection ended in the middle of the answer";

/**
 * The whole body of an answer, unpacked; undefined where it is larger than `maxBytes`, and is not read any further.
 * `stillAlive` is called with every piece that arrives. Throws where the body ends before its end.
 */
export async function readBody(
  response: IncomingMessage,
  maxBytes: number,
  stillAlive: () => void,
): Promise<string | undefined> {
  stillAlive();
  response.on("data", stillAlive);
  const isPacked = response.headers["content-encoding"] === "gzip";
  const stream: Readable = isPacked ? unpack(response) : response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  if (!response.complete) throw new CutOff(inTheMiddle);
  return Buffer.concat(chunks).toString("utf8");
}

/** A stream of what is packed in another; an error of either is an error of the stream. */
function unpack(response: IncomingMessage): Readable {
  const gunzip = createGunzip();
  response.on("error", (error) => gunzip.destroy(error));
  response.on("aborted", () => gunzip.destroy(new CutOff(inTheMiddle)));
  return response.pipe(gunzip);
}
