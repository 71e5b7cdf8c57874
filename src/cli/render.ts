import type { Command } from "commander";
import { printable } from "../core/text/escape.ts";
import { checkKey } from "./check-key.ts";
import { examplesHelp } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import { createProgress, type Progress } from "./progress.ts";
import { addGitOptions } from "./read-options.ts";
import type { ScanFlags } from "./scan-flags.ts";
import { scanRequest } from "./scan-request.ts";
import type { Shell } from "./shell.ts";
import { untilAborted } from "./until-aborted.ts";

type RenderFlags = Pick<ScanFlags, "config" | "allowStale" | "cacheDir" | "cache" | "quiet">;

/** What the command needs of the process. */
interface Surroundings {
  readonly shell: Shell;
  readonly pipelines: Pipelines;
  readonly onExit: (exitCode: number) => void;
}

/** What to print. */
interface Wanted {
  readonly target: string;
  readonly key?: string;
}

/** Adds `drift render` to the program. */
export function addRenderCommand(program: Command, surroundings: Surroundings): void {
  const { shell, onExit } = surroundings;
  const command = program
    .command("render")
    .summary("print what Git wants of a target")
    .description(
      "Renders a target as a scan does, and prints its objects for kubectl, or one of them. Reads no cluster; conceals nothing.",
    )
    .argument("<target>", "the target of the configuration")
    .argument("[key]", "[namespace/]Kind[.group]/name, as reports have it (default: every object)");
  addGitOptions(command)
    .option("-q, --quiet", "no progress and no warnings")
    .option("-v, --verbose", "errors with their stack")
    .addHelpText(
      "after",
      `
Exit codes:
  0  all of it is printed
  2  a part could not be rendered, or the run failed
  3  usage or configuration error

${examplesHelp([
  [`${shell.name} render prod-eu1 > prod-eu1.yaml`, "all that Git wants of a target"],
  [`${shell.name} render prod-eu1 shop/VirtualService/cart | kubectl diff -f -`, "one object"],
])}`,
    )
    .action(async (target: string, key: string | undefined, flags: RenderFlags) => {
      onExit(await render({ target, ...(key !== undefined && { key }) }, flags, surroundings));
    });
}

async function render(
  wanted: Wanted,
  flags: RenderFlags,
  { shell, pipelines }: Surroundings,
): Promise<number> {
  const progress = createProgress(shell, flags.quiet === true);
  try {
    const work = rendered(wanted, flags, { shell, pipelines, progress });
    const { text, exitCode } = await untilAborted(work, shell.signal);
    await progress.clear();
    await shell.stdout.write(text);
    return exitCode;
  } catch (error) {
    await progress.clear();
    throw error;
  }
}

async function rendered(
  { target, key: given }: Wanted,
  flags: RenderFlags,
  { shell, pipelines, progress }: Pick<Surroundings, "shell" | "pipelines"> & { readonly progress: Progress },
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const key = given === undefined ? undefined : await checkKey(given);
  const nothing = { tolerateUnknown: [], namespace: [], state: false };
  const request = await scanRequest({ ...flags, ...nothing, target: [target] }, shell, progress);
  const { resources, unchecked, warnings } = await pipelines.render(request, key);
  for (const warning of warnings) progress.warn(printable(warning));
  for (const { what, reason, hint } of unchecked) progress.warn(printable(`${what}: ${reason}. ${hint}`));
  const { writeManifests } = await import("../core/manifest/write-manifests.ts");
  return { text: writeManifests(resources), exitCode: unchecked.length === 0 ? 0 : 2 };
}
