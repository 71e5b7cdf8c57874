import { spawnSync } from "node:child_process";

/** Whether named pipes can be made here: Node cannot make them itself. */
export const hasPipes = spawnSync("mkfifo", ["--version"]).error === undefined;

if (!hasPipes)
  process.stderr.write("*** skipped: mkfifo is not here, nothing was written into or read from a pipe ***\n");

/** Makes a named pipe. */
export function makePipe(path: string): void {
  const { status, stderr } = spawnSync("mkfifo", [path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`mkfifo: ${stderr}`);
}
