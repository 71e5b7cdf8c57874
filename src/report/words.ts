import type { Summary, Verdict } from "../core/model/scan-result.ts";
import type { Page, Paint } from "./page.ts";

/** "1 target", "2 targets". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

/** The verdict as it is shown: what needs a person stands in capitals. */
export function verdictWord(verdict: Verdict): string {
  return verdict === "in-sync" ? "in sync" : verdict.toUpperCase();
}

/** The colour of a verdict. */
export function verdictPaint(verdict: Verdict, page: Page): Paint {
  switch (verdict) {
    case "in-sync":
      return page.paint.clean;
    case "drifted":
      return page.paint.failing;
    case "unknown":
      return page.paint.doubtful;
  }
}

/** The counts that are not zero, in a fixed order, and what is in sync. */
export function countsOf(counts: Summary): string {
  const parts = [
    [counts.changed, "changed"],
    [counts.missing, "missing"],
    [counts.extra, "extra"],
    [counts.conflict, counts.conflict === 1 ? "conflict" : "conflicts"],
    [counts.unchecked, "not compared"],
  ] as const;
  return [
    ...parts.filter(([number]) => number > 0).map(([number, word]) => `${String(number)} ${word}`),
    `${String(counts.inSync)} in sync`,
  ].join(", ");
}

/** Every count, zeros too, so that the line can be searched and counted. */
export function summaryCounts(summary: Summary): string {
  return [
    `${String(summary.changed)} changed`,
    `${String(summary.missing)} missing`,
    `${String(summary.extra)} extra`,
    count(summary.conflict, "conflict"),
    `${String(summary.unchecked)} not compared`,
    count(summary.notes, "note"),
    `${count(summary.inSync, "resource")} in sync`,
  ].join(", ");
}
