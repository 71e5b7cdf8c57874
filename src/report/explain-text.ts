import type { Finding } from "../core/model/finding.ts";
import { formatKey, type ResourceKey } from "../core/model/resource.ts";
import type { ScanResult, TargetResult } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { type ChoiceContext, choiceLines } from "./choice-lines.ts";
import { elsewhereLines, noteLines } from "./context-lines.ts";
import { equalLines } from "./equal-lines.ts";
import { findingLines } from "./finding-lines.ts";
import { guardLines, judgingLines } from "./judging-lines.ts";
import { openPage, type Page, type TextOptions } from "./page.ts";
import { liveLines, sourceLines, warningLines } from "./target-lines.ts";
import { uncheckedLines } from "./unchecked-lines.ts";
import { verdictPaint, verdictWord } from "./words.ts";

/**
 * All that is known of one object, for people: both sides, every change by itself, what counts as equal, and what could
 * not be compared. The result is that of core/judge/only-object. `choices` has what may be done about each finding.
 */
export function renderExplained(
  result: ScanResult,
  key: ResourceKey,
  choices: readonly ChoiceContext[],
  options: TextOptions,
): string {
  const page = { ...openPage(options), details: true, wide: true };
  const lines = result.targets.flatMap((target) => objectLines(target, key, choices, page));
  const end = page.paint.dim(`as JSON: ${options.next}`);
  return `${[...lines, "", end].join("\n")}\n`;
}

function objectLines(
  target: TargetResult,
  key: ResourceKey,
  choices: readonly ChoiceContext[],
  page: Page,
): string[] {
  const name = page.paint.strong(printable(formatKey(key)));
  const verdict = verdictPaint(target.verdict, page)(wordFor(target));
  return [
    `${name}  ${verdict}`,
    ...wrapLabelled(
      "  ",
      [`target ${printable(target.name)},`, ...wordsOf(printable(typeOf(key)))],
      page.width,
    ),
    ...sourceLines(target, page),
    ...liveLines(target, page),
    ...uncheckedLines(target.unchecked, page),
    ...guardLines(target.guards, page),
    ...findingLines(
      target.findings.flatMap(oneByOne),
      { commits: target.commits, target: target.name },
      page,
    ),
    ...choices.flatMap((one) => choiceLines(one, page)),
    ...noteLines(target.notes, page),
    ...elsewhereLines(target.elsewhere, page),
    ...judgingLines(target, { ...page, hidden: true }),
    ...withGap(equalLines(target, page)),
    ...withGap(warningLines(target, page)),
  ];
}

/** What was not compared, or differs and is ignored, is no drift; nobody says that it is in sync. */
function wordFor({ verdict, inSync, findings, elsewhere, hidden }: TargetResult): string {
  if (verdict !== "in-sync" || inSync > 0 || findings.length > 0) return verdictWord(verdict);
  if (elsewhere.length > 0) return "delivered elsewhere, not compared";
  return hidden.length > 0 ? "differs, and a rule ignores that" : verdictWord(verdict);
}

function typeOf({ group, kind }: ResourceKey): string {
  return group === "" ? kind : `${kind} of ${group}`;
}

/** A finding for each change: each has its own writer, line and age. */
function oneByOne(finding: Finding): readonly Finding[] {
  if (finding.changes.length < 2) return [finding];
  return finding.changes.map((change, index) => ({
    ...finding,
    changes: [change],
    ...(change.risk && { risk: change.risk }),
    ...(change.standing && { standing: change.standing }),
    ...(change.exemption && { exemption: change.exemption }),
    ...(index > 0 && { ineffective: [] }),
  }));
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
