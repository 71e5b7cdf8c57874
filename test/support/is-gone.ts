import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Whether a process ends within five seconds. */
export async function isGone(pid: number): Promise<boolean> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    if (!isRunning(pid)) return true;
    await delay(10);
  }
  return false;
}

/** A zombie does not run: nobody reaps an orphan in a container whose first process does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${String(pid)}/stat`;
    return !existsSync(stat) || !readFileSync(stat, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}
