import type { Change, Finding } from "../model/finding.ts";
import type { Standing, State } from "../model/standing.ts";
import { byDeadline } from "./by-deadline.ts";
import { covers } from "./exemptions.ts";

/** Where the difference at a path of the finding's object stands by its clock; undefined where none runs. */
export type ClockOf = (path: string) => Standing | undefined;

/**
 * The finding with where each change stands, and itself: by the clock, and above it what accepts, explains or documents
 * the change. What was said of it before (a rollout, Git that is ahead) is kept as the reason.
 */
export function stand(finding: Finding, clockOf: ClockOf): Finding {
  if (finding.type === "ineffective") return finding;
  const path = finding.type === "dangling" ? (finding.dangling?.path ?? "") : "";
  if (finding.changes.length === 0) {
    return { ...finding, standing: standingFor(finding, finding, clockOf(path)) };
  }
  const changes = finding.changes.map((change) => ({
    ...change,
    standing: standingFor(change, finding, clockOf(change.path)),
  }));
  return { ...finding, changes, standing: mostUrgent(changes.map(({ standing }) => standing)) };
}

/** Whether something of it is accepted, shown or sent in the clear that was not: nothing excuses that. */
function isWeakening({ effect, risk }: Pick<Change | Finding, "effect" | "risk">): boolean {
  return effect?.direction === "weakens" || risk?.rule === "weakens-security";
}

/** States that excuse a finding for its time. */
const excuses: ReadonlySet<State> = new Set(["documented", "rolling-out", "pending-sync"]);

/**
 * Whether a finding counts as drift: where one of its changes does. What explains or documents a change excuses it for its
 * time, an exemption until its end; nothing excuses what two targets disagree about, and what the drift broke.
 */
export function isDrift(finding: Finding): boolean {
  const { type, changes } = finding;
  if (type === "ineffective") return false;
  if (type === "conflict" || type === "dangling") return true;
  const isByChange = changes.some(({ standing }) => standing !== undefined);
  return isByChange ? changes.some(counts) : counts(finding);
}

function counts(what: Change | Finding): boolean {
  const { standing } = what;
  if (standing?.state === "exempt") return false;
  return standing === undefined || !excuses.has(standing.state) || standing.isOverdue || isWeakening(what);
}

const unknownAge: Standing = { state: "open", isOverdue: false };

function standingFor(what: Change | Finding, finding: Finding, clock = unknownAge): Standing {
  const { standing: said } = what;
  const state = stateFor(what, finding) ?? clock.state;
  return { ...clock, state, ...(said?.reason !== undefined && { reason: said.reason }) };
}

/** What goes before the clock; undefined where nothing does. */
function stateFor(what: Change | Finding, finding: Finding): State | undefined {
  const { standing: said, exemption } = what;
  if (covers(exemption)) return "exempt";
  if (isWeakening(what)) return undefined;
  if (said !== undefined && excuses.has(said.state)) return said.state;
  return finding.breakGlass === undefined ? undefined : "documented";
}

/** The most urgent first. */
const urgency: readonly State[] = [
  "overdue",
  "new",
  "open",
  "documented",
  "pending-sync",
  "rolling-out",
  "exempt",
];

/** What nothing excuses any more goes before what is new. */
function rankOf({ state, isOverdue }: Standing): number {
  return isOverdue && excuses.has(state) ? urgency.indexOf("overdue") : urgency.indexOf(state);
}

/** The most urgent of some, with the earliest deadline among its like. */
function mostUrgent(standings: readonly Standing[]): Standing {
  const [first = unknownAge] = standings.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || Number(b.isOverdue) - Number(a.isOverdue) || byDeadline(a, b),
  );
  return first;
}
