import { field, type Json, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";

/** The marks by which deployers know what they delivered, and how to name the deployer to people. */
const marks: readonly {
  readonly part: "labels" | "annotations";
  readonly key: string;
  readonly deployer: string;
}[] = [
  { part: "annotations", key: "argocd.argoproj.io/tracking-id", deployer: "Argo CD" },
  { part: "labels", key: "applications.argoproj.io/app-name", deployer: "Argo CD" },
  { part: "labels", key: "kustomize.toolkit.fluxcd.io/name", deployer: "Flux" },
  { part: "labels", key: "helm.toolkit.fluxcd.io/name", deployer: "Flux" },
  { part: "annotations", key: "meta.helm.sh/release-name", deployer: "Helm" },
];

/**
 * Who delivered an object, with the name the deployer knows it by: "Helm mesh-monitoring"; undefined where
 * no deployer left its mark. Sources: argo-cd common/common.go:188-215, fluxcd/pkg ssa/utils/meta.go, Helm's
 * annotations.
 */
export function deliveredBy({ object }: Resource): string | undefined {
  const metadata: Json | undefined = field(object, "metadata");
  for (const { part, key, deployer } of marks) {
    const name = textField(field(metadata, part), key);
    if (name !== "") return `${deployer} ${name}`;
  }
  return undefined;
}
