import path from "node:path";
import { DriftError } from "../lib/errors.ts";
import type { TextOptions } from "../report/page.ts";
import { wantsColour } from "./colour.ts";
import { errorDocument, printFailure, toFailure } from "./failure.ts";
import type { CommonFlags } from "./options.ts";
import { completeOutputs, type Format, type OutputRequest } from "./outputs.ts";
import type { Shell } from "./shell.ts";

/** What a command has to tell. */
export interface Report {
  readonly inFormat: (format: Format, options: TextOptions) => string;
  readonly exitCode: number;
  /** The command to run next. */
  readonly next: string;
  /** The command that tells all about one object of a target, which both have to follow. */
  readonly explain?: string;
}

/** The width of a text report where no terminal has one. */
const defaultWidth = 100;

/**
 * Writes every report that was asked for: first the one on standard output, then the files. A file that cannot be
 * written is told and does not keep the others back. Returns the exit code: 2 where a report is missing.
 */
export async function deliver(report: Report, flags: CommonFlags, shell: Shell): Promise<number> {
  let delivered = report.exitCode;
  const requests = completeOutputs(flags.output);
  const inOrder = [
    ...requests.filter(({ file }) => file === undefined),
    ...requests.filter(({ file }) => file !== undefined),
  ];
  for (const request of inOrder) {
    const { format, file } = request;
    const text = report.inFormat(format, textOptions(flags, request, report, shell));
    if (file === undefined) await shell.stdout.write(text);
    else if (!(await wroteFile(path.resolve(shell.cwd, file), text, shell))) delivered = 2;
  }
  return delivered;
}

function textOptions(
  flags: CommonFlags,
  { format, file }: OutputRequest,
  { next, explain }: Report,
  { stdout, env, now }: Shell,
): TextOptions {
  const isFile = file !== undefined;
  return {
    colour: !isFile && wantsColour(flags.color, env, stdout.isTerminal),
    width: flags.width ?? (isFile ? undefined : stdout.columns) ?? defaultWidth,
    now: now(),
    details: flags.verbose === true,
    wide: format === "wide",
    next,
    ...(explain !== undefined && { explain }),
    ...(flags.showHidden === true && { hidden: true }),
  };
}

async function wroteFile(file: string, text: string, shell: Shell): Promise<boolean> {
  const { writeReport } = await import("./write-file.ts");
  try {
    await writeReport(file, text);
    return true;
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    await printFailure(error, shell, error);
    return false;
  }
}

/**
 * Puts the error document in the place of every JSON report that was to go to a file: a reader of that file must not
 * take the result of an earlier run for this one's.
 */
export async function deliverError(thrown: unknown, flags: CommonFlags, shell: Shell): Promise<void> {
  const { renderErrorJson } = await import("../report/json.ts");
  const text = renderErrorJson(errorDocument(toFailure(thrown, shell)));
  for (const { format, file } of flags.output) {
    if (format === "json" && file !== undefined) await wroteFile(path.resolve(shell.cwd, file), text, shell);
  }
}
