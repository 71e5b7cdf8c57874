import type { Unchecked } from "../core/model/finding.ts";
import { formatFew } from "../core/model/resource.ts";
import type { ScannedTarget } from "./assemble.ts";

/**
 * A scan that was asked for namespaces in which no target has anything compared nothing: most likely one is misspelt,
 * and that must not look like a mesh in sync.
 */
export function nameUnknown(
  scanned: readonly ScannedTarget[],
  namespaces: readonly string[],
): readonly ScannedTarget[] {
  const known = new Set(
    scanned.flatMap(({ target, judgement }) => [
      ...target.scope.namespaces,
      ...[...judgement.desired, ...judgement.findings.map(({ key }) => key)].map(
        ({ namespace }) => namespace,
      ),
      ...judgement.unchecked.flatMap(({ key }) => key?.namespace ?? []),
    ]),
  );
  const unknown = namespaces.filter((name) => !known.has(name));
  if (unknown.length === 0) return scanned;
  const unchecked: Unchecked = {
    what: `${unknown.length === 1 ? "namespace" : "namespaces"} ${formatFew(unknown)}`,
    code: "NAMESPACE_UNKNOWN",
    reason: "no target has anything there, in Git or in its scope",
    hint: "Check what follows --namespace.",
  };
  return scanned.map((one) => ({
    ...one,
    judgement: { ...one.judgement, unchecked: [...one.judgement.unchecked, unchecked] },
  }));
}
