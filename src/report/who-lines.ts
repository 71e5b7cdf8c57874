import type { Attribution } from "../core/model/attribution.ts";
import type { Change, Finding } from "../core/model/finding.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { groupChanges, groupLines, labelOf } from "./groups.ts";
import type { Page } from "./page.ts";
import { formatAge, formatUtc } from "./times.ts";

/** What each class of writer is called, and nothing where nobody knows. Whoever writes may choose the name of a machine. */
const classWords = {
  person: "a person",
  gitops: "by its name a deployer",
  controller: "by its name a controller",
  unknown: "",
} as const;

/** Who wrote what live has, each writer once with the changes that are its. */
export function whoLines(finding: Finding, page: Page): string[] {
  const whole = finding.attribution;
  if (whole !== undefined) return attributionLines(whole, labelOf("who", page), page);
  const textOf = ({ attribution }: Change): string | undefined =>
    attribution === undefined ? undefined : attributionText(attribution, page);
  const groups = groupChanges(finding.changes, textOf, ([first]) => (first && textOf(first)) ?? "");
  return groupLines(groups, "who", page);
}

/** One writer on lines of its own. */
function attributionLines(attribution: Attribution, label: string, page: Page): string[] {
  return wrapLabelled(label, wordsOf(attributionText(attribution, page)), page.width);
}

/** "kubectl-edit, a person, 4 h ago (2026-11-20 21:02 UTC); it last wrote all of spec.http" */
function attributionText(attribution: Attribution, page: Page): string {
  const { manager, doubts = [] } = attribution;
  const named = manager === "" ? "nobody is named" : printable(manager);
  const age = printable(ageWords(attribution, page));
  const who = [userWords(attribution), named, classWords[attribution.class], age];
  const parts = [
    who.filter((word) => word !== "").join(", "),
    reachWords(attribution),
    ...doubts.map(printable),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function ageWords({ time }: Attribution, page: Page): string {
  if (time === undefined) return "";
  const [age, utc] = [formatAge(time, page.now), formatUtc(time)];
  return age === utc ? utc : `${age} (${utc})`;
}

function reachWords({ manager, wrote, precision }: Attribution): string {
  if (precision === "field") return "";
  if (precision === "around") return `last wrote all of ${printable(wrote)}`;
  return manager === "" ? "" : "last wrote the object";
}

/** The person, where the audit log names one. */
function userWords({ user }: Attribution): string {
  if (user === undefined) return "";
  const by = `${printable(user.name)} by the audit log`;
  return user.precision === "field" ? by : `${by} (of the object at that time)`;
}
