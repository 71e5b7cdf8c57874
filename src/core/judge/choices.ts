import type { Choices, EditPlace, KeepEdit } from "../model/choices.ts";
import type { ExemptionLimits } from "../model/exemption-entry.ts";
import type { Change, Finding } from "../model/finding.ts";
import { formatInstant } from "../model/instant.ts";
import type { Origin } from "../model/origin.ts";
import { formatKey } from "../model/resource.ts";
import { draftExemption } from "./draft-exemptions.ts";
import { covers } from "./exemptions.ts";
import { remedyOf, type RemedyOptions, revertCommand, whyLeftAlone } from "./remedy.ts";

/** What choices depend on beside the finding. */
export interface ChoiceOptions extends RemedyOptions {
  /** The name of the target. */
  readonly target: string;
  /** The overlay's folder; absent for manifests. */
  readonly overlay?: string;
  readonly limits: Pick<ExemptionLimits, "maxLengthMs" | "tier0">;
  readonly nowMs: number;
}

const dayMs = 86_400_000;

/** How long people want to think about it. */
const usualMs = 7 * dayMs;

/**
 * What a person may do about an object: bring live back, let Git follow, or accept the difference for a time. Undefined
 * where nothing is to be chosen: there is no drift of it.
 */
export function choicesOf(finding: Finding, options: ChoiceOptions): Choices | undefined {
  if (finding.type === "ineffective") return undefined;
  return {
    keepGit: remedyOf([finding], options),
    keepEdit: keepEdit(finding, options),
    buyTime: buyTime(finding, options),
  };
}

/** What is not mended by an edit of the object itself. */
const notByEdit: Partial<Readonly<Record<Finding["type"], string>>> = {
  conflict: "two targets want different things of it: make them agree in Git",
  dangling: "it is mended with what broke it",
};

function keepEdit(finding: Finding, { overlay }: ChoiceOptions): KeepEdit {
  const { type, changes, origin } = finding;
  const reason = notByEdit[type] ?? whyLeftAlone(finding) ?? whyNotAdopted(finding);
  if (reason !== undefined) return { type: "not-offered", reason };
  const revert = revertCommand(finding);
  if (revert !== undefined) return { type: "revert", command: revert };
  if (type === "extra") {
    const where = overlay === undefined ? "the manifests" : `the resources of ${overlay}`;
    return { type: "edit", what: `put the object into ${where}`, at: [] };
  }
  if (type === "missing") return { type: "edit", what: "take the object out of", at: placesOf([origin]) };
  const at = placesOf(changes.map((change) => change.origin));
  const what =
    at.length === 0 ? "write what live has into Git; the line is not known" : "write what live has into";
  return { type: "edit", what, at };
}

/** What must not come into Git, however it came to be live. */
function whyNotAdopted(finding: Finding): string | undefined {
  if (finding.blocks !== undefined) return "Git needs the definition as long as it has such objects";
  const parts: readonly (Change | Finding)[] = finding.changes.length > 0 ? finding.changes : [finding];
  return parts.some(({ effect }) => effect?.direction === "weakens") ? "it weakens security" : undefined;
}

/** The files of some origins, each with its places in their order. What is not known is left out. */
function placesOf(origins: readonly (Origin | undefined)[]): readonly EditPlace[] {
  const files = new Map<string, EditPlace>();
  for (const origin of origins) {
    if (origin?.type !== "known") continue;
    const { file, line, column, owners } = origin;
    const places = new Set(files.get(file)?.places).add(`${String(line)}:${String(column)}`);
    files.set(file, { file, places: [...places], ...(owners && { owners }) });
  }
  return [...files.values()];
}

function buyTime(finding: Finding, { target, limits, nowMs }: ChoiceOptions): Choices["buyTime"] {
  const until = untilOf(nowMs, limits.maxLengthMs);
  const reason = covers(finding.exemption) ? "an exemption accepts it already" : whyLeftAlone(finding);
  if (reason !== undefined) return { type: "not-offered", reason };
  const wanted = { resource: formatKey(finding.key), paths: [] };
  const draft = draftExemption({ name: target, findings: [finding] }, wanted, { reason: "", until }, limits);
  if (draft.type === "draft") return { type: "exempt", until };
  return { type: "not-offered", reason: reasonWithoutKey(finding, draft.reason) };
}

/** A day within the limit; where the limit is shorter than such a day lasts, a minute. */
function untilOf(nowMs: number, maxMs: number): string {
  if (maxMs >= usualMs + dayMs) return formatInstant(nowMs + usualMs).slice(0, 10);
  return `${formatInstant(nowMs + maxMs).slice(0, 16)}Z`;
}

/** A refusal names the object; below its own head it need not. */
function reasonWithoutKey({ key }: Finding, reason: string): string {
  const shown = formatKey(key);
  const rest = reason.startsWith(`${shown}: `) ? reason.slice(shown.length + 2) : reason;
  return rest.startsWith(`${shown} is `) ? `it is ${rest.slice(shown.length + 4)}` : rest;
}
