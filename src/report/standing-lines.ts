import type { Finding } from "../core/model/finding.ts";
import type { Risk } from "../core/model/risk.ts";
import type { Clock, Exemption, Standing, State } from "../core/model/standing.ts";
import { formatSpan } from "../core/model/time-span.ts";
import { printable } from "../core/text/escape.ts";
import { wordsOf, wrapLabelled } from "./columns.ts";
import { labelOf } from "./groups.ts";
import type { Page } from "./page.ts";
import { formatUtc } from "./times.ts";

const stateWords: Readonly<Record<State, string>> = {
  new: "new",
  open: "",
  overdue: "",
  documented: "documented",
  exempt: "exempt",
  "rolling-out": "rolling out",
  "pending-sync": "pending sync",
};

/** "tier 0, OVERDUE": what a reader must know of a finding at first sight. */
export function standingWords({ risk, standing, breakGlass }: Finding): string[] {
  return [
    risk === undefined ? "" : `tier ${String(risk.tier)}`,
    standing === undefined ? "" : stateWords[standing.state],
    standing?.isOverdue === true ? "OVERDUE" : "",
    breakGlass === undefined ? "" : printable(breakGlass.ticket),
  ].filter((word) => word !== "");
}

/** Since when, until when, and why it stands as it does. */
export function standingLines(finding: Finding, page: Page): string[] {
  const { standing, rolledBack, renamed, risk } = finding;
  return [
    ...(risk !== undefined && page.wide ? riskLines(risk, page) : []),
    ...(standing === undefined ? [] : clockLines(finding, standing, page)),
    ...(standing?.reason === undefined ? [] : remarkLines(standing.reason, page)),
    ...(rolledBack === undefined
      ? []
      : remarkLines(
          `rolled back by hand: live is as Git was at ${rolledBack.to.slice(0, 7)}; to make Git say so, git revert --no-edit ${rolledBack.undoes.map((sha) => sha.slice(0, 12)).join(" ")}`,
          page,
        )),
    ...(renamed === undefined
      ? []
      : remarkLines(`the same object as ${renamed.name}, under another name`, page)),
    ...exemptionsOf(finding).flatMap((exemption) => remarkLines(exemptionWords(exemption), page)),
  ];
}

/** Of the whole and of its changes, each once. */
function exemptionsOf({ exemption, changes }: Finding): readonly Exemption[] {
  const all = [exemption, ...changes.map((change) => change.exemption)].filter((one) => one !== undefined);
  return [...new Map(all.map((one) => [exemptionWords(one), one])).values()];
}

function riskLines({ tier, rule, reason }: Risk, page: Page): string[] {
  const words = wordsOf(printable(`tier ${String(tier)} by ${rule}: ${reason}`));
  return wrapLabelled(labelOf("risk", page), words, page.width);
}

const bases = {
  seen: "as drift saw it first",
  claim: "as its writer claims",
  "last-clean": "when it was last seen without it",
} as const;

function clockLines(finding: Finding, { isOverdue, clock }: Standing, page: Page): string[] {
  if (clock === undefined) return [];
  const deadlineMs = Date.parse(clock.deadline) - page.now.getTime();
  const due = isOverdue
    ? `overdue for ${formatSpan(Math.max(0, -deadlineMs))}`
    : `due in ${formatSpan(Math.max(0, deadlineMs))}`;
  const sinceMs = page.now.getTime() - Date.parse(clock.since);
  const since = `${formatSpan(Math.max(0, sinceMs))}, since ${formatUtc(clock.since)} (${basisWords(clock, finding)});`;
  const paint = isOverdue ? page.paint.failing : (text: string) => text;
  const label = labelOf("age", page);
  return wrapLabelled(label, [...wordsOf(printable(since)), paint(due)], page.width);
}

/** Where Git came to want another value later than live was written, the age is that of its commit. */
function basisWords({ basis, since }: Clock, { changes }: Finding): string {
  const isOfGit = changes.some(
    ({ origin }) => origin?.type === "known" && Date.parse(origin.commit?.date ?? "") === Date.parse(since),
  );
  return basis === "claim" && isOfGit ? "when Git came to want another value" : bases[basis];
}

function exemptionWords({ reason, ticket, by, file, line, ...exemption }: Exemption): string {
  const who = [ticket, by].filter((part) => part !== undefined).join(", ");
  return `exemption ${endWords(exemption)}: ${reason}${who === "" ? "" : ` (${who})`}; ${file}:${String(line)}`;
}

function endWords({ until, hasEnded, refused }: Pick<Exemption, "until" | "hasEnded" | "refused">): string {
  if (hasEnded) return `ended ${formatUtc(until)}`;
  return refused === undefined ? `until ${formatUtc(until)}` : `does not count, ${refused}`;
}

function remarkLines(text: string, page: Page): string[] {
  return wrapLabelled(labelOf("note", page), wordsOf(printable(text)), page.width);
}
