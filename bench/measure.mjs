// Running commands for the benchmark: wall time and peak memory of whole processes.
import { spawnSync } from "node:child_process";

/** @typedef {{ file: string, args: readonly string[], env?: Record<string, string>, ok?: readonly number[] }} Command */

/** Milliseconds of one run, process start to end. Throws where the command fails. @param {Command} command */
export function timeOnce({ file, args, env = {}, ok = [0] }) {
  const started = performance.now();
  const run = spawnSync(file, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  const ms = performance.now() - started;
  if (run.error !== undefined) throw run.error;
  if (!ok.includes(run.status ?? -1)) {
    throw new Error(
      `${file} ${args.join(" ")} ended with ${run.status}:\n${run.stderr}${run.stdout.slice(0, 1000)}`,
    );
  }
  return { ms, stdout: run.stdout };
}

/**
 * The median of several runs. `before` makes each run start alike.
 * @param {Command} command
 * @param {number} runs
 * @param {() => void} before
 */
export function timeMedian(command, runs = 5, before = () => undefined) {
  const times = Array.from({ length: runs }, () => {
    before();
    return timeOnce(command).ms;
  });
  return median(times);
}

/** The middle one. @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Whether a program is there. @param {string} file @param {readonly string[]} args */
export function isPresent(file, args) {
  return spawnSync(file, args, { stdio: "ignore" }).error === undefined;
}
