import { quoteWord } from "../core/text/shell-word.ts";
import { printable } from "../core/text/escape.ts";
import { widthOf } from "./columns.ts";

/** Commands of which each reads what the one before it writes; a command is its words, unquoted. */
type Pipe = readonly (readonly string[])[];

const deeper = "  ";

/**
 * Commands in lines of at most `width` columns that a shell takes as one when they are pasted: broken after a `|`, and
 * between words with a backslash. A word that is longer stays whole.
 */
export function commandLines(pipe: Pipe, indent: string, width: number): string[] {
  const parts = pipe.map((words) => words.map((word) => quoteWord(printable(word))));
  const whole = indent + parts.map((words) => words.join(" ")).join(" | ");
  if (widthOf(whole) <= width) return [whole];
  return parts.flatMap((words, index) => {
    const start = index === 0 ? indent : indent + deeper;
    return brokenLines(words, start, index < parts.length - 1 ? " |" : "", width);
  });
}

/** A label and one command beside it, broken as above; words that a shell needs no quotes for may be several in one. */
export function labelledCommand(
  label: string,
  [command, ...words]: readonly [command: string, ...words: string[]],
  width: number,
): string[] {
  const parts = [command, ...words.map((word) => quoteWord(printable(word)))];
  const whole = `${label}${parts.join(" ")}`;
  if (widthOf(whole) <= width) return [whole];
  const indent = " ".repeat(widthOf(label));
  const [first = "", ...rest] = brokenLines(parts, indent, "", width);
  return [label + first.slice(indent.length), ...rest];
}

function brokenLines(words: readonly string[], indent: string, end: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  words.forEach((word, index) => {
    const start = lines.length === 0 ? indent : indent + deeper;
    const tail = index === words.length - 1 ? end : " \\";
    const longer = line === "" ? start + word : `${line} ${word}`;
    if (line !== "" && widthOf(longer + tail) > width) {
      lines.push(`${line} \\`);
      line = indent + deeper + word;
    } else line = longer;
  });
  return [...lines, line + end];
}
