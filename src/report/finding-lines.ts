import type { Finding } from "../core/model/finding.ts";
import { formatFew, formatKey, type Provenance, type ResourceKey } from "../core/model/resource.ts";
import type { Commit } from "../core/model/scan-result.ts";
import { printable } from "../core/text/escape.ts";
import { changeLines, effectLines, ineffectiveLines } from "./change-lines.ts";
import { besides, commaSeparated, cutTo, widthOf, wordsOf, wrapLabelled } from "./columns.ts";
import type { Page } from "./page.ts";
import { formatAge } from "./times.ts";

/** What the findings of one side pair need besides themselves. */
interface FindingContext {
  /** The last commit of each file. */
  readonly commits: Readonly<Record<string, Commit>>;
  /** The target's name; absent where the sides are plain files. */
  readonly target?: string;
}

const symbols = {
  changed: "~",
  missing: "-",
  extra: "+",
  conflict: "!",
  dangling: "?",
  ineffective: ".",
} as const;
const indent = "      ";
/** The longest word of drift, "conflict". */
const wordWidth = 8;
/** Fewer columns of a commit's subject say nothing. */
const leastSubject = 20;
/** The columns before a key: `  ~ changed   `. */
const headWidth = 2 + 2 + wordWidth + 2;

/** Transformers of Kustomize that decide no field of a spec: nearly every object passes them, and they explain no finding. */
const metadataOnly = new Set(["LabelTransformer", "AnnotationsTransformer", "NamespaceTransformer"]);

/** Findings in blocks by type: what is on both sides first, then what is on one. */
export function findingLines(findings: readonly Finding[], context: FindingContext, page: Page): string[] {
  return (["changed", "conflict", "missing", "extra", "dangling", "ineffective"] as const).flatMap((type) => {
    const ofType = findings.filter((finding) => finding.type === type);
    const blocks = ofType.map((finding) => findingBlock(finding, context, page));
    // Findings that are only named stand together; blocks are told apart by an empty line.
    const isDense = ofType.every(
      ({ changes, effect, provenance }) =>
        changes.length === 0 && effect === undefined && provenance === undefined,
    );
    return isDense && blocks.length > 0 ? ["", ...blocks.flat()] : blocks.flatMap((block) => ["", ...block]);
  });
}

function findingBlock(finding: Finding, context: FindingContext, page: Page): string[] {
  const sides =
    finding.type === "conflict"
      ? { desired: context.target ?? "git", live: finding.otherTarget ?? "other" }
      : { desired: "git", live: "live" };
  return [
    ...headlines(finding, context, page),
    ...effectLines(finding.effect, indent, page),
    ...changeLines(finding.changes, sides, page),
    ...ineffectiveLines(finding.ineffective ?? [], sides, page),
    ...provenanceLines(finding, context, page),
  ];
}

function headlines(finding: Finding, context: FindingContext, page: Page): string[] {
  const paint = finding.type === "ineffective" ? page.paint.doubtful : page.paint.failing;
  const symbol = paint(`${symbols[finding.type]} ${finding.type.padEnd(wordWidth)}`);
  const key = page.paint.strong(printable(formatKey(finding.key)));
  const remarks = [remarkOf(finding, context), finding.structural === true ? "compared structurally" : ""];
  const remark = remarks.filter((part) => part !== "").join(", ");
  return besides([`  ${symbol}  ${key}`, remark], " ".repeat(headWidth), page.width, page.paint.dim);
}

/** What cannot be live without a definition. */
function blocksWords(blocks: readonly ResourceKey[]): string {
  const names = formatFew(blocks.map((key) => printable(formatKey(key))));
  return `the cluster does not know this kind, so ${names} cannot be live`;
}

function remarkOf(finding: Finding, { target }: FindingContext): string {
  switch (finding.type) {
    case "changed":
      return "";
    case "ineffective":
      return "not drift: what the API server drops cannot be live";
    case "conflict":
      return `target ${printable(finding.otherTarget ?? "")} wants something else`;
    case "missing":
      if (finding.blocks !== undefined) return blocksWords(finding.blocks);
      return target === undefined ? "only on the git side" : "in Git, not live";
    case "dangling":
      return printable(finding.dangling?.reason ?? "");
    case "extra":
      return target === undefined ? "only on the live side" : "live, in no target's Git";
  }
}

function provenanceLines({ provenance }: Finding, context: FindingContext, page: Page): string[] {
  if (provenance === undefined) return [];
  const { file } = provenance;
  const from = `${indent}${page.paint.dim("from")}  ${printable(file)}`;
  const commit = Object.hasOwn(context.commits, file) ? context.commits[file] : undefined;
  return [
    ...(commit === undefined ? [from] : withCommit(from, commit, page)),
    ...stepLines(provenance, page),
  ];
}

/** Which kustomizations changed the object, each with all that it used. */
function stepLines({ changedBy }: Provenance, page: Page): string[] {
  const steps = new Map<string, Set<string>>();
  for (const { file, by } of changedBy) {
    if (page.details || !metadataOnly.has(by)) steps.set(file, (steps.get(file) ?? new Set()).add(by));
  }
  if (steps.size === 0) return [];
  const words = commaSeparated(
    [...steps].map(([file, by]) => `${printable(file)} (${printable([...by].join(", "))})`),
  ).flatMap(wordsOf);
  return wrapLabelled(`${indent}      changed by `, words, page.width).map(page.paint.dim);
}

/** The file and its last commit: in one line where a good part of the subject fits, else below it. */
function withCommit(from: string, commit: Commit, page: Page): string[] {
  const told = `last commit ${commitWords(commit, page.now)}`;
  const subject = `: "${printable(commit.subject)}"`;
  const room = page.width - widthOf(from) - 2 - widthOf(told);
  if (room >= Math.min(widthOf(subject), leastSubject))
    return [`${from}, ${page.paint.dim(told + cutTo(subject, room))}`];
  return [from, ...commitLines(`${indent}      `, told, commit, page)];
}

/** A commit in words with its subject, which is cut to the line or, where that leaves little of it, stands in its own. */
export function commitLines(start: string, told: string, { subject }: Commit, page: Page): string[] {
  const quoted = `"${printable(subject)}"`;
  const room = page.width - widthOf(start) - widthOf(told) - 2;
  const lines =
    room >= Math.min(widthOf(quoted), leastSubject)
      ? [`${start}${told}: ${cutTo(quoted, room)}`]
      : [
          ...wrapLabelled(start, wordsOf(told), page.width),
          start + cutTo(quoted, page.width - widthOf(start)),
        ];
  return lines.map(page.paint.dim);
}

/** "4f2c91e, Priya Nair, 12 days ago" */
export function commitWords(commit: Commit, now: Date): string {
  return `${printable(commit.sha.slice(0, 7))}, ${printable(commit.author)}, ${printable(formatAge(commit.date, now))}`;
}
