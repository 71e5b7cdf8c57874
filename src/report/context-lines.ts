import type { Note } from "../core/model/finding.ts";
import { formatKey } from "../core/model/resource.ts";
import type { DeliveredElsewhere } from "../core/model/scan-result.ts";
import { formatValue, printable } from "../core/text/escape.ts";
import { besides, wordsOf, wrapLabelled } from "./columns.ts";
import { listed } from "./listed.ts";
import type { Page } from "./page.ts";
import { count } from "./words.ts";

const below = "        ";

/** Differences that are no drift: how many there are, and what they are. */
export function noteLines(notes: readonly Note[], page: Page): string[] {
  return listed(`${count(notes.length, "note")}, not drift`, notes, page, (note) => noteBlock(note, page));
}

/** What another deployer put there: how many objects, and which. */
export function elsewhereLines(elsewhere: readonly DeliveredElsewhere[], page: Page): string[] {
  return listed(
    `${count(elsewhere.length, "resource")} delivered elsewhere, not drift`,
    elsewhere,
    page,
    (one) => besides([`      ${printable(formatKey(one.key))}`, printable(one.by)], below, page.width, plain),
  );
}

function noteBlock({ key, change, reason }: Note, page: Page): string[] {
  const [desired, live] = [change.desired, change.live].map((side) =>
    side === undefined ? "(not set)" : formatValue(side.value, 40),
  );
  const told = `${printable(reason)}: git ${desired ?? ""}, live ${live ?? ""}`;
  return [
    ...besides([`      ${printable(formatKey(key))}`, printable(change.path)], below, page.width, plain),
    ...wrapLabelled(below, wordsOf(told), page.width),
  ];
}

function plain(text: string): string {
  return text;
}
