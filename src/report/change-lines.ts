import type { Change, Effect, Ineffective, Located } from "../core/model/finding.ts";
import { isList, type Json } from "../core/model/json.ts";
import { formatValue, printable } from "../core/text/escape.ts";
import {
  besides,
  commaSeparated,
  cutTo,
  padTo,
  widestOf,
  widthOf,
  wordsOf,
  wrapLabelled,
} from "./columns.ts";
import type { Page } from "./page.ts";

/** What the two sides are called: `git` and `live`, or the names of two targets that disagree. */
interface SideNames {
  readonly desired: string;
  readonly live: string;
}

/** What the two sides have at one place. */
interface Sided {
  readonly path: string;
  readonly desired?: Located;
  readonly live?: Located;
}

/** One place, ready to be laid out. */
interface Row {
  readonly path: string;
  readonly desired: string;
  readonly live: string;
}

const indent = "      ";
const gap = "  ";
const absent = "(not set)";

/** The changes of one object: one line a field with aligned columns, three where a line would not hold it. */
export function changeLines(changes: readonly Change[], sides: SideNames, page: Page): string[] {
  const rows = rowsOf(
    changes.filter((change) => change.type !== "reordered"),
    sides,
    page,
  );
  return changes.flatMap((change, index) => {
    // One sentence may speak of several changes in a row: it stands below the last of them.
    const isToldBelow = isSameEffect(change.effect, changes[index + 1]?.effect);
    return [
      ...(rows.get(change) ?? orderLines(change, sides, page)),
      ...(isToldBelow ? [] : effectLines(change.effect, indent + gap, page)),
      ...undecidedLines(change, page),
    ];
  });
}

/** Both sides of some places, each place with its lines. */
export function rowsOf<T extends Sided>(
  places: readonly T[],
  sides: SideNames,
  page: Page,
): ReadonlyMap<T, string[]> {
  const names = { desired: printable(sides.desired), live: printable(sides.live) };
  const label = widestOf([names.desired, names.live]) + gap.length;
  const width = page.width - indent.length - gap.length - label;
  const rows = places.map((place) => [place, toRow(place, names, width)] as const);
  const short = rows
    .map(([, row]) => row)
    .filter((row) => widthOf(oneLine(row, names, { path: 0, desired: 0 })) <= page.width);
  const columns = {
    path: widestOf(short.map((row) => row.path)),
    desired: widestOf(short.map((row) => row.desired)),
  };
  return new Map(rows.map(([place, row]) => [place, rowLines(row, names, columns, page)]));
}

function isSameEffect(a: Effect | undefined, b: Effect | undefined): boolean {
  return a !== undefined && a.text === b?.text && a.direction === b.direction;
}

/** What a difference does, marked where it touches security. */
export function effectLines(effect: Effect | undefined, start: string, page: Page): string[] {
  if (effect === undefined) return [];
  const { text, direction } = effect;
  const paint = direction === "weakens" ? page.paint.failing : plain;
  const mark = direction === "neutral" ? [] : [direction, "security:"].map(paint);
  return wrapLabelled(start, [...mark, ...wordsOf(printable(text))], page.width);
}

function toRow(change: Sided, names: SideNames, width: number): Row {
  const path = placeOf(change, names);
  const row = { path, desired: showSide(change.desired, width), live: showSide(change.live, width) };
  if (change.desired === undefined || change.live === undefined) return row;
  // Shortened in the middle, long values may look the same: then both are shown from where they differ.
  const desired = formatValue(change.desired.value, Number.POSITIVE_INFINITY);
  const live = formatValue(change.live.value, Number.POSITIVE_INFINITY);
  const start = firstDifference(desired, live) - Math.floor(width / 3);
  if (start <= 0 || widestOf([desired, live]) <= width) return row;
  return { path, desired: cutFrom(desired, start, width), live: cutFrom(live, start, width) };
}

/** The path of a change, and where it leads into a text the line in there: "data.mesh.accessLogFile (line 4)". */
function placeOf({ path, desired, live }: Sided, names: SideNames): string {
  const place = printable(path === "" ? "(the whole object)" : path);
  const [mine, theirs] = [desired?.line, live?.line];
  const own = mine === undefined ? [] : [String(mine)];
  const other = theirs === undefined || theirs === mine ? [] : [`${String(theirs)} of ${names.live}`];
  const lines = [...own, ...other];
  return lines.length === 0 ? place : `${place} (line ${lines.join(", ")})`;
}

function showSide(side: Located | undefined, width: number): string {
  return side === undefined ? absent : formatValue(side.value, width);
}

function firstDifference(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function cutFrom(text: string, start: number, width: number): string {
  const isInsidePair = /^[\udc00-\udfff]/.test(text.slice(start));
  return `...${cutTo(text.slice(isInsidePair ? start - 1 : start), width - 3)}`;
}

interface Columns {
  readonly path: number;
  readonly desired: number;
}

function rowLines(row: Row, sides: SideNames, columns: Columns, page: Page): string[] {
  for (const widths of [columns, { ...columns, desired: 0 }, { path: 0, desired: 0 }]) {
    if (widthOf(oneLine(row, sides, widths)) <= page.width) return [oneLine(row, sides, widths, page)];
  }
  const label = widestOf([sides.desired, sides.live]) + gap.length;
  return [
    `${indent}${page.paint.path(row.path)}`,
    `${indent}${gap}${page.paint.dim(padTo(sides.desired, label))}${row.desired}`,
    `${indent}${gap}${page.paint.dim(padTo(sides.live, label))}${row.live}`,
  ];
}

function oneLine(row: Row, sides: SideNames, columns: Columns, page?: Page): string {
  const path = page?.paint.path ?? plain;
  const dim = page?.paint.dim ?? plain;
  return [
    `${indent}${path(row.path)}${padTo("", columns.path - widthOf(row.path))}`,
    `${dim(sides.desired)} ${padTo(row.desired, columns.desired)}`,
    `${dim(sides.live)} ${row.live}`,
  ].join(gap);
}

function plain(text: string): string {
  return text;
}

/** A new order of the same items: both orders, one under the other. */
function orderLines(change: Change, names: SideNames, page: Page): string[] {
  const sides = { desired: printable(names.desired), live: printable(names.live) };
  const [before, after] = shortNames(namesOf(change.desired?.value), namesOf(change.live?.value));
  const label = widestOf([sides.desired, sides.live]) + gap.length;
  const order = (side: string, names: readonly string[]): string[] =>
    wrapLabelled(`${indent}${gap}${page.paint.dim(padTo(side, label))}`, commaSeparated(names), page.width);
  const path = `${indent}${page.paint.path(placeOf(change, sides))}`;
  return [
    ...besides([path, "another order"], `${indent}${gap}`, page.width, page.paint.dim),
    ...order(sides.desired, before),
    ...order(sides.live, after),
  ];
}

function namesOf(value: Json | undefined): string[] {
  return isList(value)
    ? value.map((item) => (typeof item === "string" ? printable(item) : formatValue(item, 40)))
    : [];
}

/** Names without the field that all of them are named by: "primary" for "name=primary". */
function shortNames(before: string[], after: string[]): [string[], string[]] {
  const field = /^[\w.]+=/.exec(before[0] ?? "")?.[0] ?? "";
  const isShared = field !== "" && [...before, ...after].every((name) => name.startsWith(field));
  const short = (name: string): string => cutTo(isShared ? name.slice(field.length) : name, 40);
  return [before.map(short), after.map(short)];
}

/** What the API server drops of Git, and why. */
export function ineffectiveLines(fields: readonly Ineffective[], sides: SideNames, page: Page): string[] {
  const rows = rowsOf(fields, sides, page);
  return fields.flatMap((one) => [
    ...(rows.get(one) ?? []),
    ...wrapLabelled(
      `${indent}${gap}${page.paint.doubtful("ineffective")}${gap}`,
      wordsOf(printable(one.reason)),
      page.width,
    ),
  ]);
}

function undecidedLines(change: Change, page: Page): string[] {
  return (change.undecided ?? []).flatMap(({ rule, missing }) =>
    wrapLabelled(
      `${indent}${gap}${page.paint.doubtful("undecided")}${gap}`,
      wordsOf(`equal by ${printable(rule)} if this were known: ${printable(missing)}`),
      page.width,
    ),
  );
}
