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
export function countsOf(counts: Summary): string[] {
  return [...findingCounts(counts, false), ...otherCounts(counts), `${String(counts.inSync)} in sync`];
}

/** As countsOf, but where there is any drift with every sort of it, zeros too, so that the line is easy to search. */
export function summaryCounts(summary: Summary): string[] {
  return [
    ...findingCounts(summary, true),
    ...otherCounts(summary),
    ...(summary.notes > 0 ? [count(summary.notes, "note")] : []),
    `${count(summary.inSync, "resource")} in sync`,
  ];
}

function findingCounts(counts: Summary, withZeros: boolean): string[] {
  const { changed, missing, extra } = counts;
  const isShown = (number: number): boolean =>
    number > 0 || (withZeros && changed + missing + extra + counts.conflict > 0);
  return (
    [
      [changed, "changed"],
      [missing, "missing"],
      [extra, "extra"],
    ] as const
  )
    .filter(([number]) => isShown(number))
    .map(([number, word]) => `${String(number)} ${word}`);
}

function otherCounts(summary: Summary): string[] {
  const { conflict, dangling, overdue, exempt, ignored, ineffective, unchecked } = summary;
  return [
    ...(conflict > 0 ? [count(conflict, "conflict")] : []),
    ...(dangling > 0 ? [`${String(dangling)} dangling`] : []),
    ...(overdue > 0 ? [`${String(overdue)} overdue`] : []),
    ...(exempt > 0 ? [`${String(exempt)} exempt`] : []),
    ...(ignored > 0 ? [`${String(ignored)} ignored`] : []),
    ...(ineffective > 0 ? [`${String(ineffective)} ineffective`] : []),
    ...(unchecked > 0 ? [`${String(unchecked)} not compared`] : []),
  ];
}
