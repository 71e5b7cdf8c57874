import type { Page } from "./page.ts";

/** More entries of one sort than these are only counted, unless details are asked for. */
const maxListed = 10;

/** A title with the entries below it, none where there are none. */
export function listed<T>(
  title: string,
  items: readonly T[],
  page: Page,
  show: (item: T) => string[],
): string[] {
  if (items.length === 0) return [];
  const shown = page.details ? items : items.slice(0, maxListed);
  const rest = items.length - shown.length;
  return [
    "",
    `  ${title}`,
    ...shown.flatMap(show).map(page.paint.dim),
    ...(rest > 0 ? [page.paint.dim(`      and ${String(rest)} more (-v lists them)`)] : []),
  ];
}
