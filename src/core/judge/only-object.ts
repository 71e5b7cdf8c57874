import { countFindings } from "../model/count-findings.ts";
import { formatKind, type ResourceKey, keyId } from "../model/resource.ts";
import type { ScanResult, TargetResult } from "../model/scan-result.ts";
import { exitCodeOf, verdictOf } from "./verdict.ts";

/**
 * What a scan of one target, which listed what is equal, says of one object: its findings, notes and equal spellings, and what could not be compared
 * and may be about it.
 */
export function onlyObject(result: ScanResult, target: TargetResult, key: ResourceKey): ScanResult {
  const id = keyId(key);
  const isKey = (other: ResourceKey): boolean => keyId(other) === id;
  const isIt = (other: { readonly key?: ResourceKey }): boolean =>
    other.key !== undefined && isKey(other.key);
  const findings = target.findings.filter(isIt);
  const unchecked = target.unchecked.filter((one) =>
    one.key === undefined ? one.kind === undefined || formatKind(one.kind) === formatKind(key) : isIt(one),
  );
  const equal = (target.equal ?? []).filter(isIt);
  const rules = equal.flatMap((place) => place.rules);
  // What other deployers deliver was not compared, and what is ignored differs.
  const compared = (target.compared ?? []).filter(isKey);
  const notes = target.notes.filter(isIt);
  const ground = { findings, unchecked };
  const only: TargetResult = {
    ...target,
    ...ground,
    notes,
    hidden: target.hidden.filter(isIt),
    resolved: target.resolved.filter(isIt),
    transient: target.transient.filter(isIt),
    equal,
    equalBy: target.equalBy.flatMap((entry) => {
      const count = rules.filter((rule) => rule === entry.rule).length;
      return count === 0 ? [] : [{ ...entry, count }];
    }),
    compared,
    kinds: target.kinds.filter((kind) => formatKind(kind) === formatKind(key)),
    verdict: verdictOf(ground),
    elsewhere: target.elsewhere.filter(isIt),
    inSync: compared.length,
  };
  return {
    ...result,
    targets: [only],
    verdict: only.verdict,
    exitCode: exitCodeOf(ground),
    summary: {
      ...countFindings(findings),
      ignored: only.hidden.filter(({ by }) => by === "ignore").length,
      unchecked: unchecked.length,
      notes: notes.length,
      inSync: compared.length,
    },
  };
}

/** Every object of a target that its result speaks of. */
export function keysOf(target: TargetResult): readonly ResourceKey[] {
  const keys = [
    ...target.findings.map(({ key }) => key),
    ...(target.compared ?? []),
    ...target.unchecked.flatMap(({ key }) => key ?? []),
    ...target.elsewhere.map(({ key }) => key),
    ...target.hidden.map(({ key }) => key),
  ];
  return [...new Map(keys.map((key) => [keyId(key), key])).values()];
}
