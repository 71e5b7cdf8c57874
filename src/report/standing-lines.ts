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
    ...(standing?.clock === undefined ? [] : clockLines(standing.clock, standing, page)),
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

/** Of the whole, and of its changes: each once. */
function exemptionsOf({ exemption, changes }: Finding): readonly Exemption[] {
  const found = [exemption, ...changes.map((change) => change.exemption)].filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [`${one.file}:${String(one.line)}`, one])).values()];
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

function clockLines(clock: Clock, { isOverdue }: Standing, page: Page): string[] {
  const deadlineMs = Date.parse(clock.deadline) - page.now.getTime();
  const due = isOverdue
    ? `overdue for ${formatSpan(Math.max(0, -deadlineMs))}`
    : `due in ${formatSpan(Math.max(0, deadlineMs))}`;
  const sinceMs = page.now.getTime() - Date.parse(clock.since);
  const since = `${formatSpan(Math.max(0, sinceMs))}, since ${formatUtc(clock.since)} (${bases[clock.basis]});`;
  const paint = isOverdue ? page.paint.failing : (text: string) => text;
  const label = labelOf("age", page);
  return wrapLabelled(label, [...wordsOf(printable(since)), paint(due)], page.width);
}

function exemptionWords(exemption: Exemption): string {
  const { reason, ticket, by, until, hasEnded, file, line, refused } = exemption;
  const who = [ticket, by].filter((part) => part !== undefined).join(", ");
  const when = hasEnded ? `ended ${formatUtc(until)}` : `until ${formatUtc(until)}`;
  const end = refused === undefined ? when : `does not count, because ${refused}`;
  return `exemption ${end}: ${reason}${who === "" ? "" : ` (${who})`}; ${file}:${String(line)}`;
}

function remarkLines(text: string, page: Page): string[] {
  return wrapLabelled(labelOf("note", page), wordsOf(printable(text)), page.width);
}
