import { deliver, deliverError, type Report } from "./deliver.ts";
import type { CommonFlags } from "./options.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { Shell } from "./shell.ts";
import { untilAborted } from "./until-aborted.ts";

/**
 * Does the work of a command under progress that leaves no trace, and writes its reports, or the error document in
 * their place. Returns the exit code; throws what the work throws.
 */
export async function runAndDeliver(
  work: (progress: Progress) => Promise<Report>,
  flags: CommonFlags,
  shell: Shell,
): Promise<number> {
  const progress = createProgress(shell, flags.quiet === true);
  try {
    const report = await untilAborted(work(progress), shell.signal);
    await progress.clear();
    return await deliver(report, flags, shell);
  } catch (error) {
    await progress.clear();
    await deliverError(error, flags, shell);
    throw error;
  }
}
