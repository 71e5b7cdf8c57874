import type { ExemptionEntry, ExemptionLimits } from "../model/exemption-entry.ts";
import type { Change, Finding } from "../model/finding.ts";
import type { Hidden } from "../model/hidden.ts";
import { parseInstant } from "../model/instant.ts";
import { matchesAnyPath } from "../model/path-pattern.ts";
import { keyId } from "../model/resource.ts";
import type { Exemption } from "../model/standing.ts";
import { whyGuarded } from "./guarded.ts";

/** Whether an exemption covers what it is told with: it has not ended, and is not refused. */
export function covers(exemption: Exemption | undefined): boolean {
  return exemption !== undefined && !exemption.hasEnded && exemption.refused === undefined;
}

/** What exemptions have to say to a finding. */
export interface Exempted {
  /**
   * With the exemption of each change, or of the whole where it is missing or extra: also one that has ended, or that is
   * refused and says why. Nothing is taken away.
   */
  readonly finding: Finding;
  /** Whether all of it is covered. What the API server drops needs no cover: it is no drift. */
  readonly isCovered: boolean;
  /** What is covered, for the count and the list. */
  readonly hidden: readonly Hidden[];
}

/**
 * Tells with a finding of a target which exemptions are about it. Conflicts and references that the drift broke have
 * none. An exemption for paths says nothing about an object that is missing or extra; one for an object covers every
 * change of it. Unless the operator allows it, none covers weakened security or tier 0. Those of several that count go
 * first, then the one that ends last.
 */
export function applyExemptions(
  finding: Finding,
  target: string,
  entries: readonly ExemptionEntry[],
  { tier0 }: Pick<ExemptionLimits, "tier0">,
): Exempted {
  const isOpen = ({ type }: Finding): boolean => type === "changed" || type === "missing" || type === "extra";
  const id = keyId(finding.key);
  const fitting = entries.filter(
    ({ key, targets }) => keyId(key) === id && (targets?.includes(target) ?? true),
  );
  if (!isOpen(finding) || fitting.length === 0) return { finding, isCovered: false, hidden: [] };
  if (finding.type !== "changed") {
    const exemption = choose(
      finding,
      fitting.filter(({ paths }) => paths === undefined),
      tier0,
    );
    const told = exemption === undefined ? finding : { ...finding, exemption };
    return { finding: told, isCovered: covers(exemption), hidden: hiddenBy(finding, exemption) };
  }
  const changes = finding.changes.map((change): Change => {
    const about = fitting.filter(({ paths }) => paths === undefined || matchesAnyPath(paths, change.path));
    const exemption = choose(change, about, tier0);
    return exemption === undefined ? change : { ...change, exemption };
  });
  return {
    finding: { ...finding, changes },
    isCovered: changes.every(({ exemption }) => covers(exemption)),
    hidden: changes.flatMap(({ path, exemption }) => hiddenBy(finding, exemption, path)),
  };
}

function choose(
  what: Change | Finding,
  entries: readonly ExemptionEntry[],
  tier0: boolean,
): Exemption | undefined {
  const refused = tier0 ? undefined : whyGuarded(what);
  const told = entries.map(({ exemption }) =>
    refused === undefined ? exemption : { ...exemption, refused },
  );
  const rank = (exemption: Exemption): number => (covers(exemption) ? 1 : 0);
  const [best] = told.toSorted((a, b) => rank(b) - rank(a) || endOf(b) - endOf(a));
  return best;
}

function endOf({ until }: Exemption): number {
  return parseInstant(until) ?? 0;
}

function hiddenBy(
  { key, type }: Finding,
  exemption: Exemption | undefined,
  path?: string,
): readonly Hidden[] {
  if (exemption === undefined || !covers(exemption)) return [];
  const { file, line, reason, until } = exemption;
  const rule = `${file}:${String(line)}`;
  return [{ key, type, ...(path !== undefined && { path }), by: "exemption", rule, reason, until }];
}
