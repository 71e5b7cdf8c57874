import type { Change, Finding } from "../core/model/finding.ts";
import type { CodeOwners, Origin } from "../core/model/origin.ts";
import { printable } from "../core/text/escape.ts";
import { groupChanges, groupLines, labelOf, underLabel } from "./groups.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { commitLines, commitWords } from "./commit-lines.ts";
import type { Page } from "./page.ts";

type Known = Extract<Origin, { readonly type: "known" }>;

/** Where Git sets what live has otherwise: file, line and column, its owners, and the commit that touched it last. */
export function originLines({ origin, changes }: Finding, page: Page): string[] {
  if (origin !== undefined) {
    return [
      ...wrapLabelled(labelOf("git", page), wordsOf(originText([origin])), page.width),
      ...commitsBelow([origin], page),
    ];
  }
  const groups = groupChanges(changes, sameFile, (group) => originText(originsOf(group)));
  return [...groupLines(groups, "git", page), ...commitsBelow(originsOf(changes), page)];
}

function originsOf(changes: readonly Change[]): readonly Origin[] {
  return changes.flatMap(({ origin }) => origin ?? []);
}

/** What is told once of several places: everything but their lines and commits. */
function sameFile({ origin }: Change): string | undefined {
  if (origin?.type !== "known") return origin?.reason;
  const { file, by, precision, owners } = origin;
  return JSON.stringify([file, by, precision, owners]);
}

/** "base/checkout.yaml:14:16, 24:16, owned by @acme/checkout": places of one file that have the rest in common. */
function originText(origins: readonly Origin[]): string {
  const [first] = origins;
  if (first === undefined) return "";
  if (first.type === "unknown") return `the line is not known: ${printable(first.reason)}`;
  const places = origins.flatMap((origin) =>
    origin.type === "known" ? `${String(origin.line)}:${String(origin.column)}` : [],
  );
  return [
    `${printable(first.file)}:${[...new Set(places)].join(", ")}`,
    hintOf(first),
    ownerWords(first.owners),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** What is to be known of a place that is not the value in a manifest. */
function hintOf({ by, precision }: Known): string {
  const way = ways[by];
  if (precision === "field") return way;
  return way === "" ? "around it, as Git has no such field" : `${way}, around it, as Git has no such field`;
}

const ways = {
  resource: "",
  manifest: "",
  "strategic-merge-patch": "in a patch",
  "json6902-patch": "in a JSON patch",
  generator: "in what a generator reads",
  kustomization: "in the kustomization",
} as const;

function ownerWords(owners: CodeOwners | undefined): string {
  switch (owners?.state) {
    case undefined:
      return "";
    case "owned":
      return `owned by ${owners.owners.map(printable).join(" ")}`;
    case "unowned":
      return "owned by nobody (CODEOWNERS says so)";
    case "unmatched":
      return "no code owner";
  }
}

function commitsBelow(origins: readonly Origin[], page: Page): string[] {
  const commits = origins.flatMap((origin) => (origin.type === "known" ? (origin.commit ?? []) : []));
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  return [...bySha.values()].flatMap((commit) =>
    commitLines(underLabel, commitWords(commit, page.now), commit, page),
  );
}
