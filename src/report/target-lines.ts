import { countFindings } from "../core/model/count-findings.ts";
import type { Finding } from "../core/model/finding.ts";
import { formatKind } from "../core/model/resource.ts";
import type {
  BaseState,
  KindResult,
  LiveState,
  SourceState,
  TargetResult,
} from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { commaSeparated, padTo, widestOf, wordsOf, wrapLabelled } from "./columns.ts";
import { elsewhereLines, noteLines } from "./context-lines.ts";
import { equalLines } from "./equal-lines.ts";
import { commitLines, commitWords } from "./commit-lines.ts";
import { findingLines } from "./finding-lines.ts";
import type { Page } from "./page.ts";
import { formatAge, formatUtc } from "./times.ts";
import { uncheckedLines } from "./unchecked-lines.ts";
import { guardLines, judgingLines } from "./judging-lines.ts";
import { count, countsOf, verdictPaint, verdictWord } from "./words.ts";

/** The width that the names of all targets fit in. */
export function nameWidth(targets: readonly TargetResult[]): number {
  return widestOf(targets.map((target) => printable(target.name)));
}

/** A target in sync: one line, and one more where its Git side may be out of date. */
export function inSyncLines(target: TargetResult, width: number, page: Page): string[] {
  const { source, live, notes, elsewhere } = target;
  const facts = [
    count(target.inSync, "resource"),
    ...(notes.length > 0 ? [count(notes.length, "note")] : []),
    ...(elsewhere.length > 0 ? [`${String(elsewhere.length)} delivered elsewhere`] : []),
    ...(target.namespaces === undefined ? [] : [`only in ${target.namespaces.map(printable).join(" and ")}`]),
    ...(source === undefined ? [] : [`git ${printable(source.commit.sha.slice(0, 7))}`]),
    ...(live === undefined ? [] : [`live ${printable(formatAge(live.asOf, page.now))}`]),
  ];
  const words = [...commaSeparated(facts), ...clusterWords(live)];
  return [
    ...headlines(target, words.map(page.paint.dim), width, page),
    ...staleLines(source, page),
    ...inSyncContext(target, page),
  ];
}

/** What is asked for is told of a target in sync, too. */
function inSyncContext(target: TargetResult, page: Page): string[] {
  if (page.details) return contextLines(target, page);
  return target.equal === undefined ? warningLines(target, page) : footLines(target, page);
}

/** A cluster is named: whether it is the right one is not to be seen from a verdict. A snapshot stands in drift.yaml. */
function clusterWords(live: LiveState | undefined): readonly string[] {
  if (live === undefined || live.source.startsWith("snapshot ")) return [];
  return ["from", ...wordsOf(printable(live.source))];
}

/** A target that needs a person: where its sides come from, what was not compared, its findings, then the context. */
export function targetLines(target: TargetResult, width: number, page: Page): string[] {
  const { findings, unchecked, notes, inSync } = target;
  const counts = {
    ...countFindings(findings),
    ignored: target.hidden.filter(({ by }) => by === "ignore").length,
    unchecked: unchecked.length,
    notes: notes.length,
    inSync,
  };
  return [
    ...headlines(target, commaSeparated(countsOf(counts)), width, page),
    ...sourceLines(target, page),
    ...liveLines(target, page),
    ...onlyLines(target, page),
    ...maintenanceLines(target, page),
    ...(page.details ? kindLines(target.kinds, page) : []),
    ...uncheckedLines(unchecked, page),
    ...guardLines(target.guards, page),
    ...findingLines(shownOf(findings, page), { commits: target.commits, target: target.name }, page),
    ...contextLines(target, page),
  ];
}

/** What is exempt is listed only where it is asked for. */
function shownOf(findings: readonly Finding[], page: Page): readonly Finding[] {
  return page.hidden ? findings : findings.filter(({ standing }) => standing?.state !== "exempt");
}

function headlines(target: TargetResult, facts: readonly string[], width: number, page: Page): string[] {
  const name = padTo(printable(target.name), width);
  const word = padTo(verdictWord(target.verdict), "DRIFTED".length);
  const label = `${page.paint.strong(name)}  ${verdictPaint(target.verdict, page)(word)}  `;
  return wrapLabelled(label, facts, page.width);
}

/** Where the Git side comes from. */
export function sourceLines(target: TargetResult, page: Page): string[] {
  const { source, environment } = target;
  const path = target.overlay ?? target.manifests ?? "";
  const folder = `${printable(path === "" ? "." : path)}${environment === undefined ? "" : ` (${printable(environment)})`}`;
  if (source === undefined) return labelled("git", [folder], page);
  const revision = source.revision === "" ? "default branch" : source.revision;
  return [
    ...labelled("git", [folder, "of", `${printable(source.repository)},`, printable(revision)], page),
    ...commitLines("        ", commitWords(source.commit, page.now), source.commit, page),
    ...staleLines(source, page),
    ...target.bases.flatMap((base) => baseLines(base, page)),
  ];
}

/** Another repository that the target was rendered with. */
function baseLines({ repository, ref, commit }: BaseState, page: Page): string[] {
  const revision = ref === "" ? "default branch" : printable(ref);
  return labelled("base", [`${printable(repository)},`, `${revision},`, printable(commit.slice(0, 7))], page);
}

function staleLines(source: SourceState | undefined, page: Page): string[] {
  if (source?.staleSince === undefined) return [];
  const { staleSince } = source;
  const age = `${printable(formatAge(staleSince, page.now))} (${printable(formatUtc(staleSince))})`;
  const words = wordsOf(`the remote was away: Git is as of the last fetch, ${age}`);
  return wrapLabelled("  ? STALE  ", words, page.width).map(page.paint.doubtful);
}

/** What was left out because the run was asked to. */
function onlyLines({ namespaces }: TargetResult, page: Page): string[] {
  if (namespaces === undefined) return [];
  const words = commaSeparated(namespaces.map(printable));
  return labelled("only", [namespaces.length === 1 ? "namespace" : "namespaces", ...words], page);
}

/** Where the live side comes from. */
export function liveLines({ live }: TargetResult, page: Page): string[] {
  if (live === undefined) return [];
  const age = `${printable(formatAge(live.asOf, page.now))} (${printable(formatUtc(live.asOf))})`;
  return labelled("live", [printable(live.source), "of", `cluster ${printable(live.cluster)},`, age], page);
}

/** When a change may best be merged: advice. */
function maintenanceLines({ maintenance }: TargetResult, page: Page): string[] {
  if (maintenance === undefined) return [];
  const { from, to } = maintenance;
  return labelled("best", [`merged ${formatUtc(from)} to ${formatUtc(to)} (maintenance window)`], page);
}

function labelled(label: string, parts: readonly string[], page: Page): string[] {
  return wrapLabelled(`  ${page.paint.dim(label.padEnd(4))}  `, parts, page.width);
}

function kindLines(kinds: readonly KindResult[], page: Page): string[] {
  const width = widestOf(kinds.map((kind) => printable(formatKind(kind))));
  return kinds.flatMap((kind) => {
    const name = padTo(printable(formatKind(kind)), width);
    const counts = `${verdictWord(kind.verdict).padEnd(7)}  ${String(kind.desired)} git, ${String(kind.live)} live`;
    return wrapLabelled("        ", [name, ` ${counts}`], page.width).map(page.paint.dim);
  });
}

/** What is no drift, and what was left out. */
function contextLines(target: TargetResult, page: Page): string[] {
  return [
    ...judgingLines(target, page),
    ...noteLines(target.notes, page),
    ...elsewhereLines(target.elsewhere, page),
    ...footLines(target, page),
  ];
}

function footLines(target: TargetResult, page: Page): string[] {
  const { notMesh } = target;
  const leftOut = `${count(notMesh, "rendered object")} of kinds that the mesh does not read left out`;
  const foot = [
    ...equalLines(target, page),
    ...(notMesh > 0 ? wrapLabelled("  ", wordsOf(leftOut), page.width).map(page.paint.dim) : []),
    ...warningLines(target, page),
  ];
  return foot.length === 0 ? [] : ["", ...foot];
}

/** What Kustomize warned about. */
export function warningLines({ warnings }: TargetResult, page: Page): string[] {
  return warnings.flatMap((text) =>
    wrapLabelled(`  ${page.paint.doubtful("warning")}  `, wordsOf(printable(text)), page.width),
  );
}
