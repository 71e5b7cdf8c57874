import type { Finding } from "../core/model/finding.ts";
import { formatKey } from "../core/model/resource.ts";
import type { Commit } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { changeLines } from "./change-lines.ts";
import { cutTo, widthOf, wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";
import { formatAge } from "./times.ts";

/** What the findings of one side pair need besides themselves. */
interface FindingContext {
  /** The last commit of each file. */
  readonly commits: Readonly<Record<string, Commit>>;
  /** The target's name; absent where the sides are plain files. */
  readonly target?: string;
}

const symbols = { changed: "~", missing: "-", extra: "+", conflict: "!" } as const;
const indent = "      ";
/** The longest word, "conflict". */
const wordWidth = 8;

/** Transformers of Kustomize that touch no field of a spec: nearly every object passes them, and they explain no finding. */
const metadataOnly = new Set(["LabelTransformer", "AnnotationsTransformer"]);

/** Findings in blocks by type: what is on both sides first, then what is on one. */
export function findingLines(findings: readonly Finding[], context: FindingContext, page: Page): string[] {
  return (["changed", "conflict", "missing", "extra"] as const).flatMap((type) => {
    const blocks = findings
      .filter((finding) => finding.type === type)
      .map((finding) => findingBlock(finding, context, page));
    // One-line findings stand together; blocks are told apart by an empty line.
    const isDense = blocks.every((block) => block.length === 1);
    return isDense && blocks.length > 0 ? ["", ...blocks.flat()] : blocks.flatMap((block) => ["", ...block]);
  });
}

function findingBlock(finding: Finding, context: FindingContext, page: Page): string[] {
  const sides =
    finding.type === "conflict"
      ? { desired: context.target ?? "git", live: finding.otherTarget ?? "other" }
      : { desired: "git", live: "live" };
  return [
    headline(finding, context, page),
    ...changeLines(finding.changes, sides, page),
    ...provenanceLines(finding, context, page),
  ];
}

function headline(finding: Finding, context: FindingContext, page: Page): string {
  const symbol = page.paint.failing(`${symbols[finding.type]} ${finding.type.padEnd(wordWidth)}`);
  const key = page.paint.strong(printable(formatKey(finding.key)));
  const remarks = [remarkOf(finding, context), finding.structural === true ? "compared as written" : ""];
  const remark = remarks.filter((part) => part !== "").join(", ");
  return `  ${symbol}  ${key}${remark === "" ? "" : `  ${page.paint.dim(remark)}`}`;
}

function remarkOf(finding: Finding, { target }: FindingContext): string {
  switch (finding.type) {
    case "changed":
      return "";
    case "conflict":
      return `target ${printable(finding.otherTarget ?? "")} wants something else`;
    case "missing":
      return target === undefined ? "only on the git side" : "in Git, not live";
    case "extra":
      return target === undefined ? "only on the live side" : "live, in no target's Git";
  }
}

function provenanceLines({ provenance }: Finding, context: FindingContext, page: Page): string[] {
  if (provenance === undefined) return [];
  const { file, changedBy } = provenance;
  const from = `${indent}${page.paint.dim("from")}  ${printable(file)}`;
  const commit = Object.hasOwn(context.commits, file) ? context.commits[file] : undefined;
  const lines = commit === undefined ? [from] : withCommit(from, commit, page);
  const changes = changedBy
    .filter(({ by }) => page.details || !metadataOnly.has(by))
    .map((step) => `${printable(step.file)} (${printable(step.by)})`);
  if (changes.length === 0) return lines;
  const words = wordsOf(`changed by ${[...new Set(changes)].join(", ")}`);
  return [...lines, ...wrapLabelled(`${indent}      `, words, page.width).map(page.paint.dim)];
}

/** The file and its last commit: in one line where it fits, with a shortened subject, else in two. */
function withCommit(from: string, commit: Commit, page: Page): string[] {
  const told = `last commit ${commitWords(commit, page.now)}`;
  const subject = `: "${printable(commit.subject)}"`;
  const room = page.width - widthOf(from) - 2 - widthOf(told);
  if (room >= Math.min(widthOf(subject), 20))
    return [`${from}, ${page.paint.dim(told + cutTo(subject, room))}`];
  const below = `${indent}      ${told}`;
  return [from, page.paint.dim(below + cutTo(subject, Math.max(3, page.width - widthOf(below))))];
}

/** "4f2c91e, Priya Nair, 12 days ago" */
export function commitWords(commit: Commit, now: Date): string {
  return `${printable(commit.sha.slice(0, 7))}, ${printable(commit.author)}, ${printable(formatAge(commit.date, now))}`;
}
