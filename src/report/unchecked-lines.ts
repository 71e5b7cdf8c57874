import type { Unchecked } from "../core/model/finding.ts";
import { formatKey } from "../core/model/resource.ts";
import { formatSpan } from "../core/model/time-span.ts";
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

/** More of one cause are counted, not named, until details are asked for. */
const maxNames = 10;

function causeBlock(entries: readonly Unchecked[], page: Page): string[] {
  const [first] = entries;
  if (first === undefined) return [];
  const symbol = page.paint.doubtful("? NOT COMPARED");
  const names = entries.map(nameOf);
  const shown = page.details || names.length <= maxNames ? names : names.slice(0, maxNames - 1);
  const hidden = names.length - shown.length;
  if (hidden > 0) shown.push(wordsOf(`and ${String(hidden)} more (-v names them)`));
  return [
    "",
    ...shown.flatMap((name) => wrapLabelled(`  ${symbol}  `, name.map(page.paint.strong), page.width)),
    ...told("why", `${printable(first.reason)} [${printable(first.code)}]`, page),
    ...told("age", ageOf(entries, page), page),
    ...told("next", printable(first.hint), page),
  ];
}

/** How long the oldest of some was not compared: told once it is overdue. */
function ageOf(entries: readonly Unchecked[], page: Page): string {
  const since = entries.flatMap(({ standing }) =>
    standing?.isOverdue === true && standing.clock !== undefined ? [Date.parse(standing.clock.since)] : [],
  );
  if (since.length === 0) return "";
  const span = formatSpan(Math.max(0, page.now.getTime() - Math.min(...since)));
  return `not compared for ${span}: OVERDUE`;
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
