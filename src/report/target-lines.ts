import { formatKind } from "../core/model/resource.ts";
import type { KindResult, SourceState, Summary, TargetResult } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { cutTo, padTo, widestOf, widthOf } from "./columns.ts";
import { elsewhereLines, equalLines, noteLines } from "./context-lines.ts";
import { commitWords, findingLines } from "./finding-lines.ts";
import type { Page } from "./page.ts";
import { formatAge, formatUtc } from "./times.ts";
import { uncheckedLines } from "./unchecked-lines.ts";
import { count, countsOf, verdictPaint, verdictWord } from "./words.ts";

/** The width that the names of all targets fit in. */
export function nameWidth(targets: readonly TargetResult[]): number {
  return widestOf(targets.map((target) => printable(target.name)));
}

/** A target in sync: one line, and one more where its Git side may be out of date. */
export function inSyncLines(target: TargetResult, width: number, page: Page): string[] {
  const { source, live, notes, warnings } = target;
  const facts = [
    count(target.inSync, "resource"),
    ...(notes.length > 0 ? [count(notes.length, "note")] : []),
    ...(warnings.length > 0 ? [count(warnings.length, "warning")] : []),
    ...(source === undefined ? [] : [`git ${printable(source.commit.sha.slice(0, 7))}`]),
    ...(live === undefined ? [] : [`live ${printable(formatAge(live.asOf, page.now))}`]),
  ];
  return [
    `${headline(target, width, page)}  ${page.paint.dim(facts.join(", "))}`,
    ...staleLines(source, page),
    ...(page.details ? contextLines(target, page) : []),
  ];
}

/** A target that needs a person: where its sides come from, what was not compared, its findings, then the context. */
export function targetLines(target: TargetResult, width: number, page: Page): string[] {
  return [
    `${headline(target, width, page)}  ${countsOf(countsIn(target))}`,
    ...sourceLines(target, page),
    ...liveLines(target, page),
    ...(page.details ? kindLines(target.kinds, page) : []),
    ...uncheckedLines(target.unchecked, page),
    ...findingLines(target.findings, { commits: target.commits, target: target.name }, page),
    ...contextLines(target, page),
  ];
}

function headline(target: TargetResult, width: number, page: Page): string {
  const name = padTo(printable(target.name), width);
  const word = padTo(verdictWord(target.verdict), "DRIFTED".length);
  return `${page.paint.strong(name)}  ${verdictPaint(target.verdict, page)(word)}`;
}

function countsIn(target: TargetResult): Summary {
  const countOf = (type: string): number => target.findings.filter((finding) => finding.type === type).length;
  return {
    changed: countOf("changed"),
    missing: countOf("missing"),
    extra: countOf("extra"),
    conflict: countOf("conflict"),
    unchecked: target.unchecked.length,
    notes: target.notes.length,
    inSync: target.inSync,
  };
}

function sourceLines({ source, overlay, environment }: TargetResult, page: Page): string[] {
  const folder = `${printable(overlay === "" ? "." : overlay)}${environment === undefined ? "" : ` (${printable(environment)})`}`;
  if (source === undefined) return [labelled("git", folder, page)];
  const revision = source.revision === "" ? "default branch" : source.revision;
  const subject = `: "${printable(source.commit.subject)}"`;
  const told = `      ${commitWords(source.commit, page.now)}`;
  return [
    labelled("git", `${folder} of ${printable(source.repository)}, ${printable(revision)}`, page),
    page.paint.dim(`  ${told}${cutTo(subject, Math.max(3, page.width - widthOf(told) - 2))}`),
    ...staleLines(source, page),
  ];
}

function staleLines(source: SourceState | undefined, page: Page): string[] {
  if (source?.staleSince === undefined) return [];
  const { staleSince } = source;
  const age = `${printable(formatAge(staleSince, page.now))} (${printable(formatUtc(staleSince))})`;
  return [page.paint.doubtful(`  ? STALE  the remote was away: Git is as of the last fetch, ${age}`)];
}

function liveLines({ live }: TargetResult, page: Page): string[] {
  if (live === undefined) return [];
  const age = `${printable(formatAge(live.asOf, page.now))} (${printable(formatUtc(live.asOf))})`;
  return [labelled("live", `${printable(live.source)} of cluster ${printable(live.cluster)}, ${age}`, page)];
}

function labelled(label: string, text: string, page: Page): string {
  return `  ${page.paint.dim(label.padEnd(4))}  ${text}`;
}

function kindLines(kinds: readonly KindResult[], page: Page): string[] {
  const width = widestOf(kinds.map((kind) => printable(formatKind(kind))));
  return kinds.map((kind) => {
    const name = padTo(printable(formatKind(kind)), width);
    const counts = `${String(kind.desired)} git, ${String(kind.live)} live`;
    return page.paint.dim(`        ${name}  ${verdictWord(kind.verdict).padEnd(7)}  ${counts}`);
  });
}

/** What is no drift, and what was left out. */
function contextLines(target: TargetResult, page: Page): string[] {
  return [
    ...noteLines(target.notes, page),
    ...elsewhereLines(target.elsewhere, page),
    ...footLines(target, page),
  ];
}

function footLines(target: TargetResult, page: Page): string[] {
  const { equalBy, notMesh, warnings } = target;
  const foot = [
    ...equalLines(equalBy, page),
    ...(notMesh > 0
      ? [
          page.paint.dim(
            `  ${count(notMesh, "rendered object")} of kinds that the mesh does not read left out`,
          ),
        ]
      : []),
    ...warnings.map((text) => `  ${page.paint.doubtful("warning")}  kustomize: ${printable(text)}`),
  ];
  return foot.length === 0 ? [] : ["", ...foot];
}
