import { quoteWord } from "../core/text/shell-word.ts";

/** Flags as words of a command line, each with a space before it: those that are given, `true` without a value. */
export function flagWords(flags: Readonly<Record<string, string | boolean | undefined>>): string {
  const given = Object.entries(flags).filter(
    ([, value]) => value !== undefined && value !== false && value !== "",
  );
  return given
    .map(([flag, value]) => (typeof value === "string" ? ` ${flag} ${quoteWord(value)}` : ` ${flag}`))
    .join("");
}
