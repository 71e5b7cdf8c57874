import type { Unchecked } from "../core/model/finding.ts";
import { formatKey } from "../core/model/resource.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";

/** What could not be compared, loudly; entries with the same cause share its reason and hint. */
export function uncheckedLines(unchecked: readonly Unchecked[], page: Page): string[] {
  const causes = new Map<string, Unchecked[]>();
  for (const entry of unchecked) {
    const cause = JSON.stringify([entry.code, entry.reason, entry.hint]);
    const entries = causes.get(cause);
    if (entries === undefined) causes.set(cause, [entry]);
    else entries.push(entry);
  }
  return [...causes.values()].flatMap((entries) => causeBlock(entries, page));
}

function causeBlock(entries: readonly Unchecked[], page: Page): string[] {
  const [first] = entries;
  if (first === undefined) return [];
  const symbol = page.paint.doubtful("? NOT COMPARED");
  return [
    "",
    ...entries.flatMap((entry) =>
      wrapLabelled(`  ${symbol}  `, nameOf(entry).map(page.paint.strong), page.width),
    ),
    ...told("why", `${printable(first.reason)} [${printable(first.code)}]`, page),
    ...told("next", printable(first.hint), page),
  ];
}

/** The words that name what was not compared. */
function nameOf({ what, key }: Unchecked): string[] {
  const words = wordsOf(printable(what));
  if (key === undefined || what.includes(formatKey(key))) return words;
  return [`${printable(formatKey(key))}:`, ...words];
}

function told(label: string, text: string, page: Page): string[] {
  if (text === "") return [];
  return wrapLabelled(`      ${page.paint.dim(label.padEnd(4))}  `, wordsOf(text), page.width);
}
