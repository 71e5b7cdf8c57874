import type { Commit } from "../core/model/commit.ts";
import { printable } from "../core/text/escape.ts";
import { cutTo, widthOf, wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";
import { formatAge } from "./times.ts";

/** Fewer columns of a commit's subject say nothing. */
export const leastSubject = 20;

/** A commit in words with its subject, which is cut to the line or, where that leaves little of it, stands in its own. */
export function commitLines(start: string, told: string, { subject }: Commit, page: Page): string[] {
  const quoted = `"${printable(subject)}"`;
  const room = page.width - widthOf(start) - widthOf(told) - 2;
  const lines =
    room >= Math.min(widthOf(quoted), leastSubject)
      ? [`${start}${told}: ${cutTo(quoted, room)}`]
      : [
          ...wrapLabelled(start, wordsOf(told), page.width),
          start + cutTo(quoted, page.width - widthOf(start)),
        ];
  return lines.map(page.paint.dim);
}

/** "4f2c91e, Priya Nair, 12 days ago" */
export function commitWords(commit: Commit, now: Date): string {
  return `${printable(commit.sha.slice(0, 7))}, ${printable(commit.author)}, ${printable(formatAge(commit.date, now))}`;
}
