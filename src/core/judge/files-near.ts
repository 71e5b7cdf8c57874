import type { Finding } from "../model/finding.ts";
import { keyId, type Resource } from "../model/resource.ts";

/**
 * Those files of a target whose history may explain some findings: all but the ones that hold nothing but other objects.
 * What copies a value from another object (replacements, vars) is not followed: a finding then goes without its
 * explanation, and stays what it is. An object that Git does not have may have stood in any file.
 */
export function filesNear(
  files: readonly string[],
  resources: readonly Resource[],
  findings: readonly Finding[],
): readonly string[] {
  if (findings.some(({ type }) => type === "extra")) return files;
  const wanted = new Set(findings.map(({ key }) => keyId(key)));
  const kept = new Set<string>();
  const others = new Set<string>();
  for (const { key, provenance } of resources) {
    if (provenance === undefined) continue;
    (wanted.has(keyId(key)) ? kept : others).add(provenance.file);
    for (const { file } of provenance.changedBy) kept.add(file);
  }
  return files.filter((file) => kept.has(file) || !others.has(file) || isKustomization(file));
}

/** Source: sigs.k8s.io/kustomize/api konfig/general.go, RecognizedKustomizationFileNames */
function isKustomization(file: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(file);
}
