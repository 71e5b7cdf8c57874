#!/usr/bin/env node
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { printFailure, toFailure } from "./cli/failure.ts";
import { runCli } from "./cli/run-cli.ts";
import { connectPipelines } from "./cli/connect.ts";
import type { Output, Shell } from "./cli/shell.ts";
import { DriftError } from "./lib/errors.ts";

/** How long a run that was told to end may go on: time for its last words, and for what is as good as done. */
const endGraceMs = 1000;

/** The package: `src` and `dist` lie in it. */
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

// Libraries print to our streams where one of these is set: YAML what it reads, simple-git what it runs.
for (const name of ["LOG_TOKENS", "LOG_STREAM", "DEBUG"]) Reflect.deleteProperty(process.env, name);

const interruption = new AbortController();

/** What may fail is asked for when a command needs it: only then it can be told like any other error. */
const shell: Shell = {
  name: nameOfCommand(),
  argv: process.argv.slice(2),
  get version() {
    return readVersion();
  },
  get cwd() {
    return findCurrentFolder();
  },
  get homeFolder() {
    return findHomeFolder();
  },
  env: process.env,
  stdout: outputOn(process.stdout),
  stderr: outputOn(process.stderr),
  now: () => new Date(),
  signal: interruption.signal,
};

/** What to type to run us again: in a clone `drift` is not in PATH, and npx says that it runs us. */
function nameOfCommand(): string {
  if (path.basename(process.argv[1] ?? "").startsWith("kubectl-mesh_drift")) return "kubectl mesh-drift";
  return process.env["npm_command"] === "exec" ? "npx drift" : "drift";
}

function readVersion(): string {
  const text = readFileSync(path.join(packageFolder, "package.json"), "utf8");
  // Our own package.json: it has a version.
  return (JSON.parse(text) as { readonly version: string }).version;
}

function findCurrentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new DriftError("USAGE", "the current folder does not exist any more", {
      hint: "Change to a folder that exists.",
      cause,
    });
  }
}

/** A user without an entry in the system's list of users has a home only if HOME names one. */
function findHomeFolder(): string {
  const hint = "Name a folder with --cache-dir or DRIFT_CACHE_DIR.";
  const message = "there is no place for the cache: this user has no home folder";
  let home: string;
  try {
    home = os.homedir();
  } catch (cause) {
    throw new DriftError("USAGE", message, { hint, cause });
  }
  if (!path.isAbsolute(home)) throw new DriftError("USAGE", message, { hint });
  return home;
}

/** Whoever reads our output may stop reading: `drift scan | head` ends quietly. */
function outputOn(stream: NodeJS.WriteStream): Output {
  // Each write gets its own error; without a listener the stream would throw it a second time.
  stream.on("error", () => undefined);
  return {
    // Of a pipe it is undefined, whatever its type says.
    isTerminal: (stream.isTTY as boolean | undefined) === true,
    get columns() {
      // A terminal that does not know its width says 0.
      return stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === undefined || error === null || isClosedPipe(error)) resolve();
          else reject(outputFailed(error));
        });
      }),
  };
}

function isClosedPipe(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
}

function outputFailed(error: Error): DriftError {
  return new DriftError("OUTPUT_FAILED", `cannot write the report: ${error.message}`, {
    hint: "Check that what standard output leads to has room and may be written to.",
    cause: error,
  });
}

/**
 * The first signal ends the run with `exitCode` and leaves it a moment; the second does not wait. Nothing is told to
 * stop: commands are killed when the process ends, and worker threads end with it.
 */
function endOn(signal: NodeJS.Signals, exitCode: number): void {
  process.on(signal, () => {
    process.exitCode = exitCode;
    if (interruption.signal.aborted) {
      dieOf(signal);
      return;
    }
    interruption.abort();
    setTimeout(dieOf, endGraceMs, signal).unref();
  });
}

/**
 * Ends the process as the signal does by itself. `process.exit` alone would wait for Node's threads, and one that opens
 * a pipe without a writer, or a file of a server that is away, never comes back.
 */
function dieOf(signal: NodeJS.Signals): void {
  // Last of all listeners: those before it kill what we started.
  process.once("exit", () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  process.exit();
}

process.on("uncaughtException", (error) => {
  // Nothing awaits what failed here, so nothing else will end the run.
  void tell(error).finally(() => process.exit(2));
});

endOn("SIGHUP", 129);
endOn("SIGINT", 130);
endOn("SIGTERM", 143);

async function tell(thrown: unknown): Promise<number> {
  const failure = toFailure(thrown, shell);
  await printFailure(failure, shell, thrown);
  return failure.exitCode;
}

const exitCode = await runCli(shell, connectPipelines({ stdin: process.stdin, packageFolder })).catch(tell);
// A signal has set its own.
if (!interruption.signal.aborted) process.exitCode = exitCode;
