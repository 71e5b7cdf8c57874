import { field, type Json, textField } from "../model/json.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";

/** What delivers objects and leaves marks on them. */
export type Deployer = "Argo CD" | "Flux" | "Helm";

/** Who delivered an object. */
export interface Delivery {
  readonly deployer: Deployer;
  /** For people: "Helm mesh-monitoring". */
  readonly by: string;
  /** The same for objects that were delivered together: one application, release or Flux object. */
  readonly id: string;
}

/** The marks by which deployers know what they delivered, and how to name the deployer to people. */
const marks: readonly {
  readonly part: "labels" | "annotations";
  readonly key: string;
  readonly deployer: Deployer;
  /** Where the namespace of the deployer's own object stands. */
  readonly namespaceKey?: string;
}[] = [
  { part: "annotations", key: "argocd.argoproj.io/tracking-id", deployer: "Argo CD" },
  { part: "labels", key: "applications.argoproj.io/app-name", deployer: "Argo CD" },
  {
    part: "labels",
    key: "kustomize.toolkit.fluxcd.io/name",
    namespaceKey: "kustomize.toolkit.fluxcd.io/namespace",
    deployer: "Flux",
  },
  {
    part: "labels",
    key: "helm.toolkit.fluxcd.io/name",
    namespaceKey: "helm.toolkit.fluxcd.io/namespace",
    deployer: "Flux",
  },
  {
    part: "annotations",
    key: "meta.helm.sh/release-name",
    namespaceKey: "meta.helm.sh/release-namespace",
    deployer: "Helm",
  },
];

/**
 * Who delivered an object; undefined where no deployer left its mark. Sources: argo-cd common/common.go:188-215,
 * fluxcd/pkg ssa/utils/meta.go, Helm's annotations.
 */
export function deliveredBy({ key, object }: Resource): Delivery | undefined {
  const metadata: Json | undefined = field(object, "metadata");
  for (const mark of marks) {
    const values = field(metadata, mark.part);
    const name = ownerIn(textField(values, mark.key), key);
    if (name === "") continue;
    const namespace = mark.namespaceKey === undefined ? "" : textField(values, mark.namespaceKey);
    return {
      deployer: mark.deployer,
      by: `${mark.deployer} ${name}`,
      id: JSON.stringify([mark.key, namespace, name]),
    };
  }
  return undefined;
}

/**
 * The name in a mark. Argo CD's tracking id is `<application>:<group>/<kind>:<namespace>/<name>`, and counts only on
 * the object that it names: on a copy of that object it says nothing, to Argo CD neither.
 * Source: argo-cd util/argo/resource_tracking.go (BuildAppInstanceValue, ParseAppInstanceValue)
 */
function ownerIn(mark: string, { group, kind, namespace, name }: ResourceKey): string {
  const [application = "", of, object, ...rest] = mark.split(":");
  if (of === undefined || object === undefined || rest.length > 0) return mark;
  return of === `${group}/${kind}` && object === `${namespace}/${name}` ? application : "";
}
