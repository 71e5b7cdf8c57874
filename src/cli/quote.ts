/** A word as a POSIX shell reads it back: quoted only where it has to be. */
export function quoteWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Flags as words of a command line, each with a space before it: those that are given, `true` without a value. */
export function flagWords(flags: Readonly<Record<string, string | boolean | undefined>>): string {
  const given = Object.entries(flags).filter(
    ([, value]) => value !== undefined && value !== false && value !== "",
  );
  return given
    .map(([flag, value]) => (typeof value === "string" ? ` ${flag} ${quoteWord(value)}` : ` ${flag}`))
    .join("");
}
