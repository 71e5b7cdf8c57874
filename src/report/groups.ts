import type { Change } from "../core/model/finding.ts";
import { printable } from "../core/text/escape.ts";
import { commaSeparated, wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";
import { count } from "./words.ts";

/** The same words about some changes of an object. */
export interface Group {
  readonly text: string;
  readonly changes: readonly Change[];
  /** Whether other changes of the object have other words, or none. */
  readonly isPart: boolean;
}

/** More groups than these are only counted. */
const maxGroups = 5;

/** The columns of the longest label: "note". */
const labelWidth = 4;

/** The label of what is said about a finding: `      who    `. */
export function labelOf(name: string, page: Page): string {
  return `      ${page.paint.dim(name.padEnd(labelWidth))}  `;
}

/** What stands in the lines below a label. */
export const underLabel = " ".repeat("      ".length + labelWidth + 2);

/** Changes that have the same key together, in the order of their first; those without a key are left out. */
export function groupChanges(
  changes: readonly Change[],
  keyOf: (change: Change) => string | undefined,
  textOf: (group: readonly Change[]) => string,
): readonly Group[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [change]);
    else known.push(change);
  }
  return [...groups.values()].map((group) => ({
    text: textOf(group),
    changes: group,
    isPart: group.length < changes.length,
  }));
}

/** Each group with the places it is about, where those are not all. */
export function groupLines(groups: readonly Group[], label: string, page: Page): string[] {
  const shown = page.wide ? groups : groups.slice(0, maxGroups);
  const rest = groups.length - shown.length;
  return [
    ...shown.flatMap((group, index) => {
      const start = index === 0 ? labelOf(label, page) : underLabel;
      return [...wrapLabelled(start, wordsOf(group.text), page.width), ...placeLines(group, page)];
    }),
    ...(rest > 0 ? [page.paint.dim(`${underLabel}and ${count(rest, "other")} (-o wide)`)] : []),
  ];
}

function placeLines({ changes, isPart }: Group, page: Page): string[] {
  if (!isPart) return [];
  const paths = changes.map(({ path }) => printable(path));
  return wrapLabelled(`${underLabel}of  `, commaSeparated(paths), page.width).map(page.paint.dim);
}
