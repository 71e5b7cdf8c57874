import { DriftError } from "../lib/errors.ts";

/** The value of a flag that cannot be taken, and what was expected instead. */
export function usageError(flag: string, value: string, expected: string): DriftError {
  return new DriftError("USAGE", `${flag} ${JSON.stringify(value)}: ${expected}`, {
    hint: "Add --help to the command to see what there is.",
  });
}
