import type { Unchecked } from "../core/model/finding.ts";
import { formatFew } from "../core/model/resource.ts";
import type { ScannedTarget } from "./scanned.ts";

/**
 * What a scan says that was asked for some namespaces only (absent: for all): of the targets that have something there. One namespace in
 * which none of them has anything is most likely misspelt, and that must not look like a mesh in sync.
 */
export function inNamespaces(
  scanned: readonly ScannedTarget[],
  namespaces: readonly string[] | undefined,
): readonly ScannedTarget[] {
  if (namespaces === undefined) return scanned;
  const concerned = scanned.filter(isConcerned);
  const known = new Set(concerned.flatMap(({ judgement }) => judgement.namespaces));
  const unknown = namespaces.filter((name) => !known.has(name));
  // Nobody can say what a target wants that is not known in full.
  if (unknown.length === 0 || concerned.some(({ judgement }) => !judgement.isWhole)) return concerned;
  const unchecked: Unchecked = {
    what: `${unknown.length === 1 ? "namespace" : "namespaces"} ${formatFew(unknown)}`,
    code: "NAMESPACE_UNKNOWN",
    reason: "none of these targets has anything there, in Git or in its scope",
    hint: "Check what follows --namespace.",
  };
  return (concerned.length === 0 ? scanned : concerned).map((one) => ({
    ...one,
    judgement: { ...one.judgement, unchecked: [...one.judgement.unchecked, unchecked] },
  }));
}

function isConcerned({ judgement }: ScannedTarget): boolean {
  return judgement.namespaces.length > 0 || judgement.unchecked.length > 0;
}
