import type { Finding } from "../core/model/finding.ts";
import { compareKeys, formatFew, formatKey, type ResourceKey } from "../core/model/resource.ts";
import type { Commit } from "../core/model/commit.ts";
import { printable } from "../core/text/escape.ts";
import { changeLines, effectLines, ineffectiveLines } from "./change-lines.ts";
import { besides } from "./columns.ts";
import { labelledCommand } from "./command-lines.ts";
import { labelOf } from "./groups.ts";
import { originLines } from "./origin-lines.ts";
import type { Page } from "./page.ts";
import { provenanceLines } from "./provenance-lines.ts";
import { standingLines, standingWords } from "./standing-lines.ts";
import { whoLines } from "./who-lines.ts";

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
/** The columns before a key: `  ~ changed   `. */
const headWidth = 2 + 2 + wordWidth + 2;

const types = ["changed", "conflict", "missing", "extra", "dangling", "ineffective"] as const;

/** Findings in blocks: the worst tier first, of one tier by type: what is on both sides before what is on one. */
export function findingLines(findings: readonly Finding[], context: FindingContext, page: Page): string[] {
  const sorted = [...findings].sort(
    (a, b) =>
      tierOf(a) - tierOf(b) || types.indexOf(a.type) - types.indexOf(b.type) || compareKeys(a.key, b.key),
  );
  let wasDense = false;
  return sorted.flatMap((finding, index) => {
    const isDense = isOnlyNamed(finding) && finding.type === sorted[index - 1]?.type && wasDense;
    wasDense = isOnlyNamed(finding);
    const block = findingBlock(finding, context, page);
    return isDense ? block : ["", ...block];
  });
}

/** What has no tier goes last: it is no drift, or nobody judged it. */
function tierOf({ risk }: Finding): number {
  return risk?.tier ?? 4;
}

/** Findings that are only named stand together; blocks are told apart by an empty line. */
function isOnlyNamed({ changes, effect, provenance, standing }: Finding): boolean {
  return changes.length === 0 && effect === undefined && provenance === undefined && standing === undefined;
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
    ...whoLines(finding, page),
    ...originLines(finding, page),
    ...(isTraced(finding) ? [] : provenanceLines(finding, context.commits, page)),
    ...standingLines(finding, page),
    ...nextLines(finding, context, page),
  ];
}

function headlines(finding: Finding, context: FindingContext, page: Page): string[] {
  const paint = finding.type === "ineffective" ? page.paint.doubtful : page.paint.failing;
  const symbol = paint(`${symbols[finding.type]} ${finding.type.padEnd(wordWidth)}`);
  const key = page.paint.strong(printable(formatKey(finding.key)));
  const remarks = [
    ...standingWords(finding),
    remarkOf(finding, context),
    finding.structural === true ? "compared structurally" : "",
  ];
  const remark = remarks.filter((part) => part !== "").join(", ");
  return besides([`  ${symbol}  ${key}`, remark], " ".repeat(headWidth), page.width, page.paint.dim);
}

/** Whether every line of Git that matters is told: then the file of the object says nothing more. */
function isTraced({ origin, changes }: Finding): boolean {
  const origins = origin === undefined ? changes.map((change) => change.origin) : [origin];
  return origins.length > 0 && origins.every((one) => one?.type === "known");
}

/** The command that tells all there is about the object. */
function nextLines({ key, type }: Finding, { target }: FindingContext, page: Page): string[] {
  if (target === undefined || page.explain === undefined || type === "ineffective") return [];
  return labelledCommand(labelOf("next", page), [page.explain, target, formatKey(key)], page.width);
}

/** What cannot be live without a definition. */
function blocksWords(blocks: readonly ResourceKey[]): string {
  const names = formatFew(blocks.map((key) => printable(formatKey(key))));
  return `the cluster does not know this kind, so ${names} cannot be live`;
}

/** What is said of an object that only one side has: of plain files, and of a target. */
const oneSided = {
  missing: ["only on the git side", "in Git, not live"],
  extra: ["only on the live side", "live, in no target's Git"],
} as const;

function remarkOf(finding: Finding, { target }: FindingContext): string {
  const { type, blocks, otherTarget, dangling } = finding;
  if (blocks !== undefined) return blocksWords(blocks);
  switch (type) {
    case "changed":
      return "";
    case "ineffective":
      return "not drift: what the API server drops cannot be live";
    case "conflict":
      return `target ${printable(String(otherTarget))} wants something else`;
    case "dangling":
      return printable(String(dangling?.reason));
    case "missing":
    case "extra":
      return oneSided[type][target === undefined ? 0 : 1];
  }
}
