import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readPipe, writePipe } from "../../src/lib/pipe.ts";
import { hasPipes, makePipe } from "../support/pipes.ts";

async function newPipe(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "drift-pipe-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pipe = path.join(folder, "pipe");
  makePipe(pipe);
  return pipe;
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** More than a pipe holds. */
const long = "x".repeat(1_000_000);

describe.skipIf(!hasPipes)("a named pipe", () => {
  it("is read to its end, also where the writer comes later", async () => {
    const pipe = await newPipe();
    const reading = readPipe(pipe).then(textOf);
    await writeFile(pipe, long);
    expect((await reading).length).toBe(long.length);
  });

  it("is not waited for where nobody writes", async () => {
    const pipe = await newPipe();
    const reading = readPipe(pipe, 50).then(textOf);
    await expect(reading).rejects.toMatchObject({
      code: "ETIMEDOUT",
      message: "nothing came through the pipe for 0.05 s",
    });
  });

  it("is written in full, also where the reader comes later", async () => {
    const pipe = await newPipe();
    const writing = writePipe(pipe, long);
    expect((await readFile(pipe, "utf8")).length).toBe(long.length);
    await writing;
  });

  it("is not waited for where nobody reads", async () => {
    const pipe = await newPipe();
    await expect(writePipe(pipe, "x", 50)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    const stream = await readPipe(pipe);
    await expect(writePipe(pipe, long, 50)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0);
  });

  it("fails with the reason of the system where it is not there", async () => {
    await expect(readPipe("/nowhere/pipe")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(writePipe("/nowhere/pipe", "x")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
