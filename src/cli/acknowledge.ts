import type { Command } from "commander";
import { concealText } from "../core/text/conceal-text.ts";
import { printable } from "../core/text/escape.ts";
import { DriftError } from "../lib/errors.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Shell } from "./shell.ts";
import { stateFile } from "./state-file.ts";

interface AcknowledgeFlags {
  readonly config?: string;
  readonly state?: string;
}

/** Adds `drift acknowledge` to the program. */
export function addAcknowledgeCommand(program: Command, shell: Shell, pipelines: Pipelines): void {
  program
    .command("acknowledge")
    .summary("say that a guard is no accident")
    .description("Takes the run that raised a guard for a good one: later runs are measured against it.")
    .argument("<guard>", "the id of the guard, as reports have it")
    .option("-c, --config <file>", "configuration (default: drift.yaml or .drift/config.yaml, here or above)")
    .option("--state <file>", "what earlier runs knew (default: state.file, or in ~/.local/state)")
    .addHelpText("after", `\nExamples:\n  ${shell.name} acknowledge 3f9a2c1b0d4e\n`)
    .action(async (guard: string, flags: AcknowledgeFlags) => {
      const done = await pipelines.acknowledge(await fileOf(flags, shell), guard);
      for (const warning of done.warnings)
        await shell.stderr.write(`drift: warning: ${printable(concealText(warning))}\n`);
      const texts = done.guards.map(({ text }) => `  ${printable(concealText(text))}\n`);
      await shell.stdout.write(
        `acknowledged for target ${printable(concealText(done.target))}:\n${texts.join("")}`,
      );
    });
}

async function fileOf({ config: path, state }: AcknowledgeFlags, shell: Shell): Promise<string> {
  const { loadConfig } = await import("../config/load.ts");
  const { config } = await loadConfig(shell.cwd, path);
  const file = stateFile(state, config, shell, () => undefined);
  if (file !== undefined) return file;
  throw new DriftError("USAGE", "nothing says where the state is kept", {
    hint: "Name the file with --state.",
  });
}
