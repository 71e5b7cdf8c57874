// Running commands for the benchmark: wall time and peak memory of whole processes.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { clearInterval, setInterval } from "node:timers";

/** @typedef {{ file: string, args: readonly string[], env?: Record<string, string>, ok?: readonly number[] }} Command */

/**
 * How a process went. `megabytes` is the most memory it had (its own, without the processes it started); undefined
 * where the system does not tell.
 *
 * @typedef {{ ms: number, stdout: string, stderr: string, status: number, megabytes: number | undefined }} Run
 */

/** One run, process start to end. Throws where the command fails. @param {Command} command @returns {Promise<Run>} */
export async function runOnce({ file, args, env = {}, ok = [0] }) {
  const started = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const memory = watchMemory(child.pid);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  const ms = performance.now() - started;
  const run = { ms, stdout: stdout(), stderr: stderr(), status, megabytes: memory() };
  if (ok.includes(status)) return run;
  throw new Error(`${file} ${args.join(" ")} ended with ${status}:\n${complaints(run)}`);
}

/** What a command that failed said; of a report of ours only why something was not compared. @param {Run} run */
function complaints({ stdout, stderr }) {
  const reasons = stdout.match(/^ *"(?:what|code|reason)": .*$/gm) ?? [];
  return [stderr.slice(-2000), ...(reasons.length > 0 ? reasons.slice(0, 30) : [stdout.slice(0, 1000)])].join(
    "\n",
  );
}

/** @param {import("node:stream").Readable} stream */
function textOf(stream) {
  /** @type {string[]} */
  const parts = [];
  stream.setEncoding("utf8").on("data", (part) => parts.push(part));
  return () => parts.join("");
}

/**
 * Looks again and again at the peak that Linux keeps for a process. What wait() tells of a child that has ended is no
 * use: it counts the memory of its parent as well, from before the child became another program.
 *
 * @param {number | undefined} pid
 */
function watchMemory(pid) {
  /** @type {number | undefined} */
  let most;
  const look = () => {
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      if (kilobytes !== undefined) most = (Number(kilobytes) * 1024) / 1e6;
    } catch {
      // The process has ended, or the system is not Linux.
    }
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/**
 * Runs in a row. `before` makes each start alike.
 *
 * @param {Command} command
 * @param {number} runs
 * @param {() => void} before
 */
export async function runSome(command, runs, before = () => undefined) {
  const all = [];
  for (let index = 0; index < runs; index++) {
    before();
    all.push(await runOnce(command));
  }
  return all;
}

/** The median time of several runs. @param {Command} command @param {number} runs @param {() => void} [before] */
export async function timeMedian(command, runs, before) {
  return median((await runSome(command, runs, before)).map((run) => run.ms));
}

/** The middle one. @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The greatest; undefined where one is not known. @param {readonly (number | undefined)[]} values */
export function peak(values) {
  return values.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)));
}
