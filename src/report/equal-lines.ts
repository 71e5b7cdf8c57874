import { formatKey } from "../core/model/resource.ts";
import type { EqualCount, EqualPlace } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { rowsOf } from "./change-lines.ts";
import { commaSeparated, widestOf, wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";
import { count } from "./words.ts";

/** What was treated as equal, as a result has it. */
interface Equal {
  readonly equalBy: readonly EqualCount[];
  /** Where places were asked for. */
  readonly equal?: readonly EqualPlace[];
}

/** More places than these are only counted: a mesh may have as many as fields. */
const maxPlaces = 100;

/**
 * What was treated as equal though written differently: the number, every rule with its reason where details are
 * wanted, and every place where those were asked for.
 */
export function equalLines({ equalBy, equal }: Equal, page: Page): string[] {
  const total = equalBy.reduce((sum, entry) => sum + entry.count, 0);
  if (total === 0) return [];
  const title = `${count(total, "spelling")} treated as equal by ${count(equalBy.length, "rule")}`;
  const isListed = page.details || equal !== undefined;
  const width = widestOf(equalBy.map((entry) => String(entry.count)));
  return [
    ...wrapLabelled(
      "  ",
      wordsOf(title + (isListed ? "" : " (-v lists the rules, --show-equal the places)")),
      page.width,
    ).map(page.paint.dim),
    ...placeLines(equal ?? [], equalBy, page),
    ...(isListed ? equalBy.flatMap((entry) => equalBlock(entry, width, page.width)) : []).map(page.paint.dim),
  ];
}

function placeLines(places: readonly EqualPlace[], equalBy: readonly EqualCount[], page: Page): string[] {
  const levels = new Map(equalBy.map(({ rule, level }) => [rule, level]));
  const objects = new Map<string, EqualPlace[]>();
  for (const place of places.slice(0, maxPlaces)) {
    const name = printable(formatKey(place.key));
    objects.set(name, [...(objects.get(name) ?? []), place]);
  }
  const rest = places.length - maxPlaces;
  return [
    ...[...objects].flatMap(([name, ofObject]) => {
      const rows = rowsOf(ofObject, { desired: "git", live: "live" }, page);
      return [
        "",
        `    ${page.paint.strong(name)}`,
        ...ofObject.flatMap((place) => [...(rows.get(place) ?? []), ...ruleLines(place, levels, page)]),
      ];
    }),
    ...(rest > 0 ? ["", page.paint.dim(`    and ${count(rest, "more place")} (-o json has all)`)] : []),
    ...(places.length > 0 ? [""] : []),
  ];
}

function ruleLines({ rules }: EqualPlace, levels: ReadonlyMap<string, string>, page: Page): string[] {
  const words = rules.map((rule) => printable(`${levels.get(rule) ?? ""} ${rule}`.trimStart()));
  return wrapLabelled("        by  ", commaSeparated(words), page.width).map(page.paint.dim);
}

function equalBlock(
  { rule, level, reason, count: times }: EqualCount,
  widest: number,
  width: number,
): string[] {
  const start = `      ${String(times).padStart(widest)}  ${printable(level).padEnd("CTX".length)}  `;
  return [
    `${start}${printable(rule)}`,
    ...wrapLabelled(" ".repeat(start.length), wordsOf(printable(reason)), width),
  ];
}
