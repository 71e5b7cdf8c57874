import { didYouMean } from "../model/closest.ts";
import type { ExemptionLimits } from "../model/exemption-entry.ts";
import type { Change, Finding } from "../model/finding.ts";
import { exactPattern, matchesAnyPath } from "../model/path-pattern.ts";
import { formatFew, formatKey } from "../model/resource.ts";
import { covers } from "./exemptions.ts";
import type { NewExemption } from "./exemption-text.ts";
import { whyGuarded } from "./guarded.ts";

/** What people say about what they exempt. */
export type ExemptionWords = Pick<NewExemption, "reason" | "until" | "ticket" | "by">;

/** The findings of one target. */
export interface TargetFindings {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Something that no exemption is written for, and why. */
export interface LeftOut {
  /** "prod-eu1 shop/VirtualService/reviews spec.http" */
  readonly what: string;
  readonly reason: string;
}

/** Entries to be written. */
export interface Drafts {
  readonly entries: readonly NewExemption[];
  readonly leftOut: readonly LeftOut[];
}

/** An exemption of one finding, or why there can be none. */
export type Draft =
  | ({ readonly type: "draft" } & Drafts)
  | { readonly type: "refused"; readonly reason: string; readonly hint: string };

/** What to exempt of one object: as `formatKey` writes it, and patterns of paths; none for the whole object. */
export interface WantedExemption {
  readonly resource: string;
  readonly paths: readonly string[];
}

const limitHint = "Mend it instead; only exemptions.tier0 of drift.yaml lets such a difference be exempted.";

/** Drafts an exemption of one finding of a target. */
export function draftExemption(
  { name, findings }: TargetFindings,
  wanted: WantedExemption,
  words: ExemptionWords,
  { tier0 }: Pick<ExemptionLimits, "tier0">,
): Draft {
  const { resource, paths } = wanted;
  const finding = findings.find(({ key }) => formatKey(key) === resource);
  if (finding === undefined) return notFound(name, findings, resource);
  const why = whyNotAtAll(finding, paths);
  if (why !== undefined) return { type: "refused", ...why };
  const guarded = (what: Change | Finding) => (tier0 ? undefined : whyGuarded(what));
  const about = finding.changes.filter(({ path }) => paths.length === 0 || matchesAnyPath(paths, path));
  const parts: readonly (Change | Finding)[] = finding.type === "changed" ? about : [finding];
  const left = parts.flatMap((part): readonly LeftOut[] => {
    const reason = guarded(part);
    return reason === undefined ? [] : [{ what: whatOf(name, finding, part), reason }];
  });
  if (left.length === parts.length) {
    return {
      type: "refused",
      reason: `${resource}: ${left[0]?.reason ?? "nothing of it differs"}`,
      hint: limitHint,
    };
  }
  const entry = { resource, targets: [name], ...(paths.length > 0 && { paths }), ...words };
  return { type: "draft", entries: [entry], leftOut: left };
}

function notFound(name: string, findings: readonly Finding[], resource: string): Draft {
  const known = findings.map(({ key }) => formatKey(key));
  return {
    type: "refused",
    reason: `target ${name} has no finding about ${resource}${didYouMean(resource, known)}`,
    hint: known.length === 0 ? "It has none at all." : `It has findings about ${formatFew(known, 5)}.`,
  };
}

function whyNotAtAll(
  { type, key, changes }: Finding,
  paths: readonly string[],
): { readonly reason: string; readonly hint: string } | undefined {
  const shown = formatKey(key);
  if (type === "conflict" || type === "dangling" || type === "ineffective") {
    return { reason: `${shown} is ${type}: that cannot be exempted`, hint: "Mend it in Git." };
  }
  if (type !== "changed") {
    if (paths.length === 0) return undefined;
    return { reason: `${shown} is ${type}: it has no paths`, hint: "Leave --path out." };
  }
  const lost = paths.find((path) => !changes.some((change) => matchesAnyPath([path], change.path)));
  if (lost === undefined) return undefined;
  const hint = `It differs at ${formatFew(
    changes.map(({ path }) => path),
    5,
  )}.`;
  return { reason: `${shown} does not differ at ${lost}`, hint };
}

/**
 * Drafts an exemption for every finding that needs none yet: an object with its paths, targets with the same ones
 * together. Left out is what is guarded whatever the operator allows, what nobody knows the effect of, and what cannot be
 * exempted: a baseline is made without looking at each.
 */
export function draftBaseline(targets: readonly TargetFindings[], words: ExemptionWords): Drafts {
  const leftOut: LeftOut[] = [];
  const entries = new Map<string, { resource: string; paths: readonly string[]; targets: string[] }>();
  for (const { name, findings } of targets) {
    for (const finding of findings) {
      if (finding.type === "ineffective") continue;
      const parts: readonly (Change | Finding)[] = finding.type === "changed" ? finding.changes : [finding];
      const open = parts.filter(({ exemption }) => !covers(exemption));
      const taken = open.filter((part) => {
        const reason = whyNotInBaseline(finding, part);
        if (reason !== undefined) leftOut.push({ what: whatOf(name, finding, part), reason });
        return reason === undefined;
      });
      if (taken.length === 0) continue;
      const resource = formatKey(finding.key);
      const paths = taken.flatMap((part) => ("path" in part ? [exactPattern(part.path)] : []));
      const id = JSON.stringify([resource, paths]);
      const same = entries.get(id) ?? { resource, paths, targets: [] };
      same.targets.push(name);
      entries.set(id, same);
    }
  }
  return {
    entries: [...entries.values()].map(({ resource, paths, targets: names }) => ({
      resource,
      targets: names,
      ...(paths.length > 0 && { paths }),
      ...words,
    })),
    leftOut,
  };
}

function whyNotInBaseline({ type }: Finding, part: Change | Finding): string | undefined {
  if (type === "conflict") return "two targets disagree about it";
  if (type === "dangling") return "a reference is broken";
  if ("path" in part && part.path.includes("‹hidden")) return "its path looks like a secret";
  return (
    whyGuarded(part) ?? (part.effect === undefined ? "nobody knows what it does to security" : undefined)
  );
}

function whatOf(target: string, { key }: Finding, part: Change | Finding): string {
  return `${target} ${formatKey(key)}${"path" in part ? ` ${part.path}` : ""}`;
}
