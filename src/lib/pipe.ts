import { constants, open as openFile } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const open = promisify(openFile);

/** Slow commands print nothing for a minute or two; nobody waits longer for a pipe that has no other end. */
const maxSilenceMs = 120_000;
/** How often the other end is looked for. */
const retryMs = 50;

/**
 * The bytes that come through a named pipe, up to its end. Unlike a file, it does not hold a thread while nothing comes,
 * which would keep the process from ending. Fails with ETIMEDOUT where nobody wrote for `silenceMs`.
 */
export async function readPipe(path: string, silenceMs = maxSilenceMs): Promise<AsyncIterable<Uint8Array>> {
  const fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return guard(new Socket({ fd, readable: true, writable: false }), "nothing came", silenceMs);
}

/**
 * Writes a text into a named pipe and closes it. Rejects with ETIMEDOUT where nobody read for `silenceMs`, and with the
 * system's error where the reader went away.
 */
export async function writePipe(path: string, text: string, silenceMs = maxSilenceMs): Promise<void> {
  const fd = await openForWriting(path, silenceMs);
  const socket = guard(new Socket({ fd, readable: false, writable: true }), "nothing was read", silenceMs);
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject).end(text, resolve);
  });
}

/** Without a thread that waits, a pipe can be opened for writing only while somebody reads. */
async function openForWriting(path: string, silenceMs: number): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENXIO")) throw error;
      if (waitedMs >= silenceMs) throw silence("nobody read", silenceMs);
    }
    await sleep(retryMs);
  }
}

function guard(socket: Socket, what: string, silenceMs: number): Socket {
  return socket.setTimeout(silenceMs, () => socket.destroy(silence(what, silenceMs)));
}

function silence(what: string, silenceMs: number): Error {
  const message = `${what} through the pipe for ${String(silenceMs / 1000)} s`;
  return Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
