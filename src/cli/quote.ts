import { quoteWord } from "../core/text/shell-word.ts";

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Flags as words of a command line, unquoted: those that are given, `true` without a value. */
export function flagList(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([flag, value]) => {
    if (value === undefined || value === false || value === "") return [];
    return value === true ? [flag] : [flag, value];
  });
}

/** Flags as a shell takes them, each word with a space before it. */
export function flagWords(flags: Flags): string {
  return flagList(flags)
    .map((word) => ` ${quoteWord(word)}`)
    .join("");
}
