import type { Finding } from "../core/model/finding.ts";
import type { Provenance } from "../core/model/resource.ts";
import type { Commit } from "../core/model/commit.ts";
import { printable } from "../core/text/escape.ts";
import { commaSeparated, cutTo, widthOf, wordsOf, wrapLabelled } from "./columns.ts";
import { commitLines, commitWords, leastSubject } from "./commit-lines.ts";
import type { Page } from "./page.ts";

/** The last commit of each file. */
type Commits = Readonly<Record<string, Commit>>;

const indent = "      ";

/** Transformers of Kustomize that decide no field of a spec: nearly every object passes them, and they explain no finding. */
const metadataOnly = new Set(["LabelTransformer", "AnnotationsTransformer", "NamespaceTransformer"]);

/** The file that an object comes from, the last commit of that file, and what changed the object on its way. */
export function provenanceLines({ provenance }: Finding, commits: Commits, page: Page): string[] {
  if (provenance === undefined) return [];
  const { file } = provenance;
  const from = `${indent}${page.paint.dim("from")}  ${printable(file)}`;
  const commit = Object.hasOwn(commits, file) ? commits[file] : undefined;
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
