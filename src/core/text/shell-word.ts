/** A word as a POSIX shell reads it back: quoted only where it has to be. */
export function quoteWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Commands as one line of a POSIX shell, each reading what the one before it writes. */
export function shellLine(commands: readonly (readonly string[])[]): string {
  return commands.map((words) => words.map(quoteWord).join(" ")).join(" | ");
}
