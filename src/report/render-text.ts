import type { DiffResult } from "../core/model/diff-result.ts";
import { formatFew, formatKind } from "../core/model/resource.ts";
import type { ScanResult, TargetResult, Verdict } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { commaSeparated, wordsOf, wrapLabelled } from "./columns.ts";
import { noteLines } from "./context-lines.ts";
import { equalLines } from "./equal-lines.ts";
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
  const inSync = result.targets.filter(isQuiet);
  const others = result.targets.filter((target) => !isQuiet(target));
  return text([
    ...others.flatMap((target) => [...targetLines(target, width, page), ""]),
    ...inSync.flatMap((target) => inSyncLines(target, width, page)),
    ...(inSync.length > 0 ? [""] : []),
    ...toleratedLines(result, page),
    ...levelLines(result.targets, page),
    ...closingLines(result.verdict, summaryWords(result), page),
    ...exitLines(result.exitCode, options.next, page),
  ]);
}

/** Whether a target takes no more than a line. */
function isQuiet({ verdict, findings, guards, hidden, resolved, transient }: TargetResult): boolean {
  const told = [findings, guards, hidden, resolved, transient];
  return verdict === "in-sync" && told.every((list) => list.length === 0);
}

/** The outcome of a diff for people: as for a scan, without targets. */
export function renderDiffText(result: DiffResult, options: TextOptions): string {
  const page = openPage(options);
  const foot = [...equalLines(result, page), ...leftOutLines(result.leftOut, page)];
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
    ...levelLines([result], page),
    ...closingLines(result.verdict, commaSeparated(summaryCounts(result.summary)), page),
    ...exitLines(result.exitCode, options.next, page),
  ]);
}

/** Objects of which nothing is said, in full where details are asked for. */
function leftOutLines(leftOut: DiffResult["leftOut"], page: Page): string[] {
  if (leftOut.length === 0) return [];
  const kinds = leftOut.map((one) => `${String(one.count)} ${printable(formatKind(one))}`);
  const objects = count(
    leftOut.reduce((sum, one) => sum + one.count, 0),
    "object",
  );
  const listed = page.details ? kinds.join(", ") : formatFew(kinds);
  const told = `${objects} of kinds that this version does not compare: ${listed}`;
  return wrapLabelled("  ", wordsOf(told), page.width).map(page.paint.dim);
}

function sideLine(label: string, path: string, page: Page): string {
  return `  ${page.paint.dim(label.padEnd(4))}  ${path === "-" ? "standard input" : printable(path)}`;
}

function toleratedLines(result: ScanResult, page: Page): string[] {
  return result.targets
    .filter((target) => target.unchecked.length > 0 && result.tolerated.includes(target.name))
    .map(({ name }) => page.paint.doubtful(`${printable(name)}: NOT ALL COMPARED; tolerated, as asked`));
}

function summaryWords(result: ScanResult): string[] {
  const verdicts = (["drifted", "unknown", "in-sync"] as const)
    .map(
      (verdict) => [numberOf(result.targets, verdict), verdict === "in-sync" ? "in sync" : verdict] as const,
    )
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${String(number)} ${word}`);
  const [verdict = "", ...others] = verdicts;
  const targets = commaSeparated([`${count(result.targets.length, "target")}: ${verdict}`, ...others]);
  return [
    ...targets.slice(0, -1),
    ...targets.slice(-1).map((last) => `${last};`),
    ...commaSeparated(summaryCounts(result.summary)),
  ];
}

/** The last words of a report, in the colour of its verdict. */
function closingLines(verdict: Verdict, words: readonly string[], page: Page): string[] {
  return wrapLabelled("", words, page.width).map(verdictPaint(verdict, page));
}

/** What the levels mean that stand before each rule of equality, once for the whole report. */
function levelLines(results: readonly Pick<TargetResult, "equalBy" | "equal">[], page: Page): string[] {
  const isListed = results.some(
    ({ equalBy, equal }) => equalBy.length > 0 && (page.details || equal !== undefined),
  );
  if (!isListed) return [];
  const words =
    "E1 the same to Istio's decoder; E2 the same Envoy configuration; E3 the same by Envoy's defaults; CTX the same given what stands around it";
  return [...wrapLabelled("levels: ", wordsOf(words), page.width).map(page.paint.dim), ""];
}

function numberOf(targets: readonly TargetResult[], verdict: Verdict): number {
  return targets.filter((target) => target.verdict === verdict).length;
}

const meanings = { 1: "drift", 2: "something was not compared" } as const;

/** What the exit code means and where to read on; nothing where all is well. */
function exitLines(exitCode: 0 | 1 | 2, next: string, page: Page): string[] {
  if (exitCode === 0) return [];
  const parts = [`exit ${String(exitCode)}: ${meanings[exitCode]};`, `as JSON: ${next}`];
  return wrapLabelled("", parts, page.width).map(page.paint.dim);
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
