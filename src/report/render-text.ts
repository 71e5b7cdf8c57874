import type { DiffResult } from "../core/model/diff-result.ts";
import type { ScanResult, TargetResult, Verdict } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { equalLines, noteLines } from "./context-lines.ts";
import { findingLines } from "./finding-lines.ts";
import { openPage, type Page, type TextOptions } from "./page.ts";
import { inSyncLines, nameWidth, targetLines } from "./target-lines.ts";
import { uncheckedLines } from "./unchecked-lines.ts";
import { count, summaryCounts, verdictPaint } from "./words.ts";

/**
 * The outcome of a scan for people. Everything in it that comes from Git or a cluster is made printable. The same
 * layout with and without colour, of ASCII characters, which every terminal and log can show.
 */
export function renderText(result: ScanResult, options: TextOptions): string {
  const page = openPage(options);
  const width = nameWidth(result.targets);
  const inSync = result.targets.filter((target) => target.verdict === "in-sync");
  const others = result.targets.filter((target) => target.verdict !== "in-sync");
  return text([
    ...others.flatMap((target) => [...targetLines(target, width, page), ""]),
    ...inSync.flatMap((target) => inSyncLines(target, width, page)),
    ...(inSync.length > 0 ? [""] : []),
    ...toleratedLines(result, page),
    summaryLine(result, page),
    ...exitLines(result.exitCode, options.next, page),
  ]);
}

/** The outcome of a diff for people: as for a scan, without targets. */
export function renderDiffText(result: DiffResult, options: TextOptions): string {
  const page = openPage(options);
  const foot = equalLines(result.equalBy, page);
  const body = [
    ...uncheckedLines(result.unchecked, page),
    ...findingLines(result.findings, { commits: {} }, page),
    ...noteLines(result.notes, page),
    ...(foot.length > 0 ? ["", ...foot] : []),
  ];
  const isPlain = body.length === 0;
  return text([
    ...(isPlain
      ? []
      : [sideLine("git", result.desired, page), sideLine("live", result.live, page), ...body, ""]),
    verdictPaint(result.verdict, page)(summaryCounts(result.summary)),
    ...exitLines(result.exitCode, options.next, page),
  ]);
}

function sideLine(label: string, path: string, page: Page): string {
  return `  ${page.paint.dim(label.padEnd(4))}  ${path === "-" ? "standard input" : printable(path)}`;
}

function toleratedLines(result: ScanResult, page: Page): string[] {
  return result.targets
    .filter((target) => target.unchecked.length > 0 && result.tolerated.includes(target.name))
    .map(({ name }) => page.paint.doubtful(`${printable(name)}: NOT ALL COMPARED; tolerated, as asked`));
}

function summaryLine(result: ScanResult, page: Page): string {
  const verdicts = (["drifted", "unknown", "in-sync"] as const)
    .map(
      (verdict) => [numberOf(result.targets, verdict), verdict === "in-sync" ? "in sync" : verdict] as const,
    )
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${String(number)} ${word}`);
  const line = `${count(result.targets.length, "target")}: ${verdicts.join(", ")}; ${summaryCounts(result.summary)}`;
  return verdictPaint(result.verdict, page)(line);
}

function numberOf(targets: readonly TargetResult[], verdict: Verdict): number {
  return targets.filter((target) => target.verdict === verdict).length;
}

const meanings = { 1: "drift", 2: "something was not compared" } as const;

/** What the exit code means and where to read on; nothing where all is well. */
function exitLines(exitCode: 0 | 1 | 2, next: string, page: Page): string[] {
  if (exitCode === 0) return [];
  return [page.paint.dim(`exit ${String(exitCode)}: ${meanings[exitCode]}; all of it as data: ${next}`)];
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
