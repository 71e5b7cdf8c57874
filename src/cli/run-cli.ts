import { Command, CommanderError } from "commander";
import { renderErrorJson } from "../report/json.ts";
import { addAcknowledgeCommand } from "./acknowledge.ts";
import { addDiffCommand } from "./diff.ts";
import { addExemptCommands } from "./exempt.ts";
import { errorDocument, printFailure, toFailure } from "./failure.ts";
import { wantsJson } from "./outputs.ts";
import type { Pipelines } from "./pipelines.ts";
import { addExplainCommand } from "./explain.ts";
import { addRenderCommand } from "./render.ts";
import { addRevertCommand } from "./revert.ts";
import { addRulesCommand } from "./rules.ts";
import { addScanCommand } from "./scan.ts";
import type { Shell } from "./shell.ts";

/**
 * Runs one command line and returns its exit code: 0 in sync, 1 drift, 2 something was not compared or the run failed,
 * 3 usage or configuration. What stops a run is told on standard error and, where JSON was asked for, as JSON on
 * standard output. Rejects only where standard output or standard error cannot be written to.
 */
export async function runCli(shell: Shell, pipelines: Pipelines): Promise<number> {
  const help = { stdout: "", stderr: "" };
  let exitCode = 0;
  const program = buildProgram(shell, pipelines, help, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...shell.argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      await shell.stdout.write(help.stdout);
      return 0;
    }
    return await fail(error, help.stderr, shell);
  }
}

function buildProgram(
  shell: Shell,
  pipelines: Pipelines,
  help: { stdout: string; stderr: string },
  onExit: (exitCode: number) => void,
): Command {
  const program = new Command(shell.name)
    .description("Finds the drift between a service mesh and its Git repository, by meaning.")
    .version(shell.version, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help.stdout += text;
      },
      writeErr: (text) => {
        help.stderr += text;
      },
      // Errors are thrown as well, and told in one place.
      outputError: () => undefined,
      getOutHelpWidth: () => shell.stdout.columns ?? 100,
      getErrHelpWidth: () => shell.stderr.columns ?? 100,
    })
    .addHelpText(
      "after",
      `\nExamples:\n  ${shell.name} scan\n  ${shell.name} diff rendered.yaml live.yaml\n  ${shell.name} scan --help\n`,
    );
  addScanCommand(program, shell, pipelines, onExit);
  addExplainCommand(program, shell, pipelines, onExit);
  addRevertCommand(program, shell, pipelines, onExit);
  addRenderCommand(program, { shell, pipelines, onExit });
  addDiffCommand(program, shell, pipelines, onExit);
  addAcknowledgeCommand(program, shell, pipelines);
  addRulesCommand(program, shell, pipelines);
  addExemptCommands(program, { shell, pipelines, onExit });
  return program;
}

/** A command line without a command gets the help that commander has written for it. */
async function fail(thrown: unknown, help: string, shell: Shell): Promise<number> {
  if (thrown instanceof CommanderError && thrown.code === "commander.help") {
    await shell.stderr.write(help);
    return 3;
  }
  const failure = toFailure(thrown, shell);
  await printFailure(failure, shell, thrown);
  // Where standard output itself failed there is nowhere to put a document.
  const isWritable = failure.code !== "OUTPUT_FAILED";
  if (isWritable && wantsJson(shell.argv)) await shell.stdout.write(renderErrorJson(errorDocument(failure)));
  return failure.exitCode;
}
