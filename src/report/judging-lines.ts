import type { Hidden } from "../core/model/hidden.ts";
import { formatKey } from "../core/model/resource.ts";
import type { Resolved } from "../core/model/resolved.ts";
import type { Guard } from "../core/model/state.ts";
import type { TransientEdit } from "../core/model/transient-edit.ts";
import type { TargetResult } from "../core/model/scan-result.ts";
import { formatSpan } from "../core/model/time-span.ts";
import { printable } from "../core/text/escape.ts";
import { besides, wordsOf, wrapLabelled } from "./columns.ts";
import { listed } from "./listed.ts";
import type { Page } from "./page.ts";
import { formatUtc } from "./times.ts";
import { count } from "./words.ts";

const below = "        ";

/** Why a run is more likely an accident than drift, loudly. */
export function guardLines(guards: readonly Guard[], page: Page): string[] {
  return guards.flatMap(({ id, text }) => [
    "",
    ...wrapLabelled(`  ${page.paint.doubtful("! GUARD")}  `, wordsOf(printable(text)), page.width),
    ...wrapLabelled(
      `      ${page.paint.dim("why ")}  `,
      wordsOf(
        `more likely an accident than drift: it holds until it is gone, or drift acknowledge ${printable(id)}`,
      ),
      page.width,
    ),
  ]);
}

/** What is not told as drift, or is drift no more: what was undone, what is gone, what is hidden. */
export function judgingLines(target: TargetResult, page: Page): string[] {
  return [
    ...transientLines(target.transient, page),
    ...resolvedLines(target.resolved, page),
    ...hiddenLines(target.hidden, page),
  ];
}

function transientLines(transient: readonly TransientEdit[], page: Page): string[] {
  const title = `${count(transient.length, "object was", "objects were")} edited and undone between two runs`;
  return listed(title, transient, page, (edit) =>
    besides([`      ${printable(formatKey(edit.key))}`, transientWords(edit)], below, page.width, plain),
  );
}

function transientWords({ type, changes, after }: TransientEdit): string {
  const what = type === "recreated" ? "deleted and made again" : `${String(changes ?? 2)} changes`;
  return after === undefined ? what : `${what} since ${formatUtc(after)}`;
}

function resolvedLines(resolved: readonly Resolved[], page: Page): string[] {
  const title = `${count(resolved.length, "difference")} gone since the last run`;
  return listed(title, resolved, page, ({ key, path, lastedMs }) => {
    const place = path === "" ? "" : `${printable(path)}, `;
    const head = `      ${printable(formatKey(key))}`;
    return besides([head, `${place}was there for ${formatSpan(lastedMs)}`], below, page.width, plain);
  });
}

/** What rules and exemptions hide: how much, and where it is asked for what. */
function hiddenLines(hidden: readonly Hidden[], page: Page): string[] {
  if (hidden.length === 0) return [];
  const title = `${count(hidden.length, "difference")} hidden by rules and exemptions`;
  if (!page.hidden && !page.details) return ["", `  ${title} (--show-hidden lists them)`];
  return listed(title, hidden, { ...page, details: true }, ({ key, path, rule, reason, until }) => {
    const end = until === undefined ? "" : `, until ${formatUtc(until)}`;
    const place = path === undefined ? "all of it" : printable(path);
    return [
      ...besides([`      ${printable(formatKey(key))}`, place], below, page.width, plain),
      ...wrapLabelled(below, wordsOf(printable(`${rule}: ${reason}${end}`)), page.width),
    ];
  });
}

function plain(text: string): string {
  return text;
}
