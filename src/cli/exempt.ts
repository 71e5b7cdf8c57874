import type { Command } from "commander";
import { formatKey } from "../core/model/resource.ts";
import { concealText } from "../core/text/conceal-text.ts";
import { printable } from "../core/text/escape.ts";
import type { ExemptRequest, ExemptResult } from "../pipeline/exempt.ts";
import { checkKey } from "./check-key.ts";
import { examplesHelp, namesOption } from "./options.ts";
import type { Pipelines } from "./pipelines.ts";
import { createProgress, type Progress } from "./progress.ts";
import { addReadOptions } from "./read-options.ts";
import { type RequestFlags, scanRequest } from "./scan-request.ts";
import type { Shell } from "./shell.ts";
import { untilAborted } from "./until-aborted.ts";
import { usageError } from "./usage-error.ts";

interface ExemptFlags extends Omit<RequestFlags, "target" | "tolerateUnknown" | "namespace"> {
  readonly reason: string;
  readonly until: string;
  readonly ticket?: string;
  readonly by?: string;
  readonly path?: readonly string[];
  readonly target?: readonly string[];
  readonly quiet?: boolean;
}

/** What the two commands need of the process. */
interface Surroundings {
  readonly shell: Shell;
  readonly pipelines: Pipelines;
  readonly onExit: (exitCode: number) => void;
}

/** Adds `drift exempt` and `drift baseline` to the program: both print a patch and write nothing. */
export function addExemptCommands(program: Command, surroundings: Surroundings): void {
  const { shell, onExit } = surroundings;
  const exempt = program
    .command("exempt")
    .summary("print a patch that exempts one finding for a time")
    .description("Scans one target and prints an exemption of one finding, as a patch for its repository.")
    .argument("<target>", "the name of a target")
    .argument("<key>", "[namespace/]Kind[.group]/name, as reports write it")
    .option("--path <path...>", "only these paths and what is below them (default: the whole object)");
  addFlags(exempt)
    .addHelpText(
      "after",
      `\n${examplesHelp([
        [
          `${shell.name} exempt eu1 shop/VirtualService/cart --reason "slow bank" --until 2026-12-01`,
          "a whole object",
        ],
        [`${shell.name} exempt ... | git apply --index`, "in a clone of the repository"],
      ])}`,
    )
    .action(async (target: string, key: string, flags: ExemptFlags) => {
      const wanted = { resource: formatKey(await checkKey(key)), paths: flags.path ?? [] };
      onExit(await run({ ...flags, target: [target] }, surroundings, wanted));
    });
  const baseline = program
    .command("baseline")
    .summary("print a patch that exempts everything found now for a time")
    .description("Scans and prints an exemption of every finding, but for weakened security, as a patch.")
    .addOption(namesOption("-t, --target <name...>", "these targets only", "all"));
  addFlags(baseline)
    .addHelpText(
      "after",
      `\n${examplesHelp([[`${shell.name} baseline --reason "first run" --until 2026-12-01 | git apply --index`, "in a clone of the repository"]])}`,
    )
    .action(async (flags: ExemptFlags) => {
      onExit(await run(flags, surroundings));
    });
}

function addFlags(command: Command): Command {
  command
    .requiredOption("--reason <text>", "why the difference is accepted")
    .requiredOption("--until <day>", "its end: a day (2026-12-01, to its end in UTC) or a time with its zone")
    .option("--ticket <ticket>", "where it is followed up")
    .option("--by <who>", "who accepts it");
  return addReadOptions(command)
    .option("-q, --quiet", "no progress and no warnings")
    .option("-v, --verbose", "errors with their stack");
}

async function run(
  flags: ExemptFlags,
  { shell, pipelines }: Surroundings,
  wanted?: ExemptRequest["wanted"],
): Promise<number> {
  const progress = createProgress(shell, flags.quiet === true);
  try {
    const result = await untilAborted(exempt(flags, { shell, pipelines, progress }, wanted), shell.signal);
    await progress.clear();
    await shell.stdout.write(result.patch);
    await shell.stderr.write(explain(result));
    return result.unchecked > 0 && wanted === undefined ? 2 : 0;
  } catch (error) {
    await progress.clear();
    throw error;
  }
}

async function exempt(
  flags: ExemptFlags,
  { shell, pipelines, progress }: Pick<Surroundings, "shell" | "pipelines"> & { readonly progress: Progress },
  wanted: ExemptRequest["wanted"],
): Promise<ExemptResult> {
  const { reason, until, ticket, by, target = [] } = flags;
  for (const [flag, value] of Object.entries({ reason, until, ticket, by })) {
    if (value?.trim() === "") throw usageError(`--${flag}`, value, "expected a text");
  }
  const asked: RequestFlags = { ...flags, target, tolerateUnknown: [], namespace: [] };
  const request = await scanRequest(asked, shell, progress);
  return pipelines.exempt(
    { ...request, isReadOnly: true },
    {
      ...(wanted && { wanted }),
      words: { reason, until, ...(ticket !== undefined && { ticket }), ...(by !== undefined && { by }) },
    },
  );
}

/** What people have to know about the patch. */
function explain({ added, repository, file, leftOut, unchecked }: ExemptResult): string {
  const entries = `${String(added)} ${added === 1 ? "entry" : "entries"}`;
  return [
    ...leftOut.map(({ what, reason }) => `left out: ${what}: ${reason}`),
    ...(unchecked > 0 ? [`not compared, so not exempted either: ${String(unchecked)} (see drift scan)`] : []),
    added === 0
      ? "nothing to exempt"
      : `${entries} for ${file}: pipe it into \`git apply --index\` in a clone of ${repository}, on its default branch, and have it reviewed`,
  ]
    .map((line) => `${printable(concealText(line))}\n`)
    .join("");
}
