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

/** How long a run may take to end its children and remove its temporary files once it is told to end. */
const endGraceMs = 1000;

/** The package: `src` and `dist` lie in it. */
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

// The YAML library prints what it reads to standard output where one of these is set.
delete process.env["LOG_TOKENS"];
delete process.env["LOG_STREAM"];

const interruption = new AbortController();

const shell: Shell = {
  name: path.basename(process.argv[1] ?? "").startsWith("kubectl-mesh_drift")
    ? "kubectl mesh-drift"
    : "drift",
  argv: process.argv.slice(2),
  version: readVersion(),
  cwd: process.cwd(),
  homeFolder: os.homedir(),
  env: process.env,
  stdout: outputOn(process.stdout),
  stderr: outputOn(process.stderr),
  now: () => new Date(),
  signal: interruption.signal,
};

function readVersion(): string {
  const text = readFileSync(path.join(packageFolder, "package.json"), "utf8");
  // Our own package.json: it has a version.
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Whoever reads our output may stop reading: `drift scan | head` ends quietly. */
function outputOn(stream: NodeJS.WriteStream): Output {
  // Each write gets its own error; without a listener the stream would throw it a second time.
  stream.on("error", () => undefined);
  return {
    isTerminal: stream.isTTY,
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
 * The first signal ends the run, which gets a moment to end its children and clean up; the second does not wait.
 * What is left goes with the process: commands are killed on exit, and worker threads end.
 */
function endOn(signal: "SIGINT" | "SIGTERM", exitCode: number): void {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(exitCode);
    process.exitCode = exitCode;
    interruption.abort();
    setTimeout(() => process.exit(exitCode), endGraceMs).unref();
  });
}

endOn("SIGINT", 130);
endOn("SIGTERM", 143);

process.on("uncaughtException", (error) => {
  // Nothing awaits what failed here, so nothing else will end the run.
  void tell(error).finally(() => process.exit(2));
});

async function tell(thrown: unknown): Promise<number> {
  const failure = toFailure(thrown, shell);
  await printFailure(failure, shell, thrown);
  return failure.exitCode;
}

const exitCode = await runCli(shell, connectPipelines({ stdin: process.stdin, packageFolder })).catch(tell);
// A signal has set its own.
if (!interruption.signal.aborted) process.exitCode = exitCode;
