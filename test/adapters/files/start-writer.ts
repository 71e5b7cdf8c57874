import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";

const jiti = new URL("../../../node_modules/jiti/lib/jiti-cli.mjs", import.meta.url).pathname;
const script = new URL("writer.ts", import.meta.url).pathname;

/** Starts writer.ts as a process of its own, behind another command where that is given. */
export function startWriter(
  args: readonly string[],
  behind: readonly string[] = [],
): ChildProcessByStdio<null, Readable, null> {
  const [command = process.execPath, ...rest] = [...behind, process.execPath, jiti, script, ...args];
  return spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
}
