import { randomUUID } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { DriftError, messageOf } from "../lib/errors.ts";
import { writePipe } from "../lib/pipe.ts";

/**
 * Writes a report to a file, whole or not at all: a reader never sees half of it, and the report of an earlier run
 * stays until the new one is complete. What is no plain file (a pipe, /dev/null) is written to and never replaced; a
 * pipe that nobody reads is given up. Throws OUTPUT_FAILED.
 */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    const target = await targetOf(file);
    if (target.type === "pipe") {
      await writePipe(target.path, text);
      return;
    }
    if (target.type === "device") {
      await writeFile(target.path, text);
      return;
    }
    const draft = `${target.path}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      await writeFile(draft, text, { flag: "wx" });
      await rename(draft, target.path);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    throw new DriftError("OUTPUT_FAILED", `cannot write ${file}: ${messageOf(error)}`, {
      hint: "Check that the folder exists, may be written to and has room.",
      cause: error,
    });
  }
}

interface Target {
  readonly type: "file" | "pipe" | "device";
  readonly path: string;
}

/** Where a file really is: a link stays a link, and the file it points to is replaced. */
async function targetOf(file: string): Promise<Target> {
  try {
    const stats = await stat(file);
    // The real path of /dev/stdout may be a name that no folder holds.
    if (stats.isFile()) return { type: "file", path: await realpath(file) };
    return { type: stats.isFIFO() ? "pipe" : "device", path: file };
  } catch (error) {
    // Not there yet: the usual case. Whatever else is wrong, writing tells it better.
    if (error instanceof Error) return { type: "file", path: file };
    throw error;
  }
}
