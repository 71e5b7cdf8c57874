import { field, isObject, type Json, type JsonObject, objectOf } from "../model/json.ts";
import { dryRun } from "./dry-run.ts";
import type { Field, KindTable, Row } from "./table.ts";

/**
 * Labels and annotations. Most of them mean nothing to the mesh; some decide which control plane reads an object or
 * whether a policy is enforced. What the mesh reads is compared like any other field.
 */

/** Labels and annotations that tools write and nobody keeps in Git. A trailing * stands for any ending. */
const noiseMetadata: readonly (Omit<Row, "level" | "when"> & { readonly keys: readonly string[] })[] = [
  {
    id: "metadata/kubectl",
    keys: [
      "kubectl.kubernetes.io/last-applied-configuration",
      "kubectl.kubernetes.io/restartedAt",
      "deployment.kubernetes.io/revision",
    ],
    reason: "kubectl keeps its own notes here.",
    source: "kubernetes kubectl pkg/cmd/apply",
  },
  {
    id: "metadata/argo-cd",
    keys: ["argocd.argoproj.io/*", "applications.argoproj.io/app-name"],
    reason: "Argo CD marks what it delivers.",
    source: "argo-cd common/common.go:188-215",
  },
  {
    id: "metadata/flux",
    keys: ["kustomize.toolkit.fluxcd.io/*", "helm.toolkit.fluxcd.io/*"],
    reason: "Flux marks what it delivers.",
    source: "fluxcd/pkg ssa/utils/meta.go",
  },
  {
    id: "metadata/helm",
    keys: ["meta.helm.sh/*", "helm.sh/chart"],
    reason: "Helm marks what it delivers.",
    source: "Helm labels and annotations convention",
  },
  {
    id: "metadata/kubernetes",
    keys: ["kubernetes.io/metadata.name"],
    reason: "The API server writes the name of each namespace here.",
    source: "kubernetes pkg/registry/core/namespace/strategy.go",
  },
  {
    id: "metadata/kustomize",
    keys: ["config.kubernetes.io/*", "alpha.config.kubernetes.io/*", "internal.config.kubernetes.io/*"],
    reason: "Kustomize writes down where an object came from.",
    source: "kustomize api/resource/origin.go",
  },
  {
    id: "metadata/rollouts",
    keys: ["argo-rollouts.argoproj.io/managed-by-rollouts", "flagger.kubernetes.io/original-configuration"],
    reason: "A canary controller marks what it steers.",
    source: "argo-rollouts pkg/apis/rollouts/v1alpha1/types.go:150; flagger pkg/router/router.go:21",
  },
  {
    id: "metadata/istiod",
    keys: ["gateway.istio.io/controller-version", "istio.io/connectedAt", "istio.io/disconnectedAt"],
    reason: "istiod writes this itself.",
    source:
      "istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:536; api annotation/annotations.yaml",
  },
  {
    id: "metadata/drift",
    keys: ["mesh-drift/*"],
    reason: "People leave notes for drift here, which are told as notes.",
    source: "mesh-drift src/core/judge/break-glass.ts",
  },
  {
    id: "metadata/kiali",
    keys: ["kiali_wizard", "kiali_wizard_related"],
    reason: "Kiali marks what its wizards made.",
    source: "kiali frontend/src/components/IstioWizards/WizardActions.ts:233",
  },
];

const noiseKeys = new Set(noiseMetadata.flatMap((row) => row.keys.filter((key) => !key.endsWith("*"))));
const noisePrefixes = noiseMetadata.flatMap((row) =>
  row.keys.filter((key) => key.endsWith("*")).map((key) => key.slice(0, -1)),
);

/**
 * Labels that Argo CD and Helm write (argo-cd common/common.go:188; Helm's label conventions) and that people write and
 * select by as well: noise, but where labels are read.
 */
const sharedLabels = new Set(["app.kubernetes.io/instance", "app.kubernetes.io/managed-by"]);

/** Whether a label or annotation is a tool's own note. */
function isNoise(key: string, isRead: boolean): boolean {
  if (sharedLabels.has(key)) return !isRead;
  return noiseKeys.has(key) || noisePrefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * Labels and annotations that the mesh reads, wherever they stand: istiod takes any key with "istio.io" for a change
 * (istio pilot/pkg/model/config_compare.go:30-66); injection labels have no prefix.
 */
function isMeshKey(key: string): boolean {
  return key === "istio-injection" || key === "istio-locality" || key.includes("istio.io");
}

/** The metadata of an object that holds meaning: `{labels, annotations}`, each only with the keys the mesh reads. */
export function meshMetadata(table: KindTable, object: JsonObject): JsonObject {
  const metadata = field(object, "metadata");
  return objectOf(
    (["labels", "annotations"] as const).map((part) => {
      const isRead = table[part] === "read" || table[part] === "declared";
      const isMeaningful = (key: string) => !isNoise(key, isRead) && (isRead || isMeshKey(key));
      return [part, pick(field(metadata, part), isMeaningful)];
    }),
  );
}

/**
 * The live object as far as its labels are to be compared: without those that Git does not declare and that are read
 * only where it does, because tools and platforms add them of their own accord.
 */
export function withoutForeignLabels(table: KindTable, live: JsonObject, desired: JsonObject): JsonObject {
  const isForeign = (key: string) =>
    table.labels === "declared" ? !isMeshKey(key) : table.labels === "read" && sharedLabels.has(key);
  const metadata = field(live, "metadata");
  const declared = field(field(desired, "metadata"), "labels");
  const labels = field(metadata, "labels");
  if (!isObject(metadata) || !isObject(labels)) return live;
  const kept = pick(labels, (key) => field(declared, key) !== undefined || !isForeign(key));
  if (Object.keys(kept).length === Object.keys(labels).length) return live;
  return { ...live, metadata: { ...metadata, labels: kept } };
}

/** The object without one annotation: the very same where it has none of that name. */
export function withoutAnnotation(object: JsonObject, name: string): JsonObject {
  const metadata = field(object, "metadata");
  const annotations = field(metadata, "annotations");
  if (!isObject(metadata) || !isObject(annotations) || !Object.hasOwn(annotations, name)) return object;
  return { ...object, metadata: { ...metadata, annotations: pick(annotations, (key) => key !== name) } };
}

/** Labels or annotations without meaning to the mesh that are no tool's notes either: a person wrote them. */
export function plainMetadata(
  table: KindTable,
  object: JsonObject,
  part: "labels" | "annotations",
): JsonObject {
  const values = field(field(object, "metadata"), part);
  const read = field(meshMetadata(table, object), part);
  return pick(values, (key) => !isNoise(key, table[part] !== undefined) && field(read, key) === undefined);
}

function pick(values: Json | undefined, wanted: (key: string) => boolean): JsonObject {
  return isObject(values) ? objectOf(Object.entries(values).filter(([key]) => wanted(key))) : {};
}

const text: Field = { shape: { type: "scalar", as: "text" } };

/** Annotations whose values are names and words that Istio lists (api annotation/annotations.yaml). */
const wordAnnotations = new Set([
  ...["istio.io/rev", "istio.io/dry-run", "istio.io/waypoint-for", "istio.io/ingress-use-waypoint"],
  ...["istio.io/use-waypoint", "istio.io/use-waypoint-namespace", "istio.io/workload-controller"],
  ...["networking.istio.io/exportTo", "networking.istio.io/service-type", "networking.istio.io/tunnel"],
  ...["networking.istio.io/traffic-distribution", "sidecar.istio.io/inject", "ambient.istio.io/redirection"],
]);

/** Anybody may write anything into an annotation; proxy.istio.io/config holds environments. */
const annotation: Field = {
  ...text,
  secret: ({ name }) => !wordAnnotations.has(String(name)),
  rows: [dryRun],
};

/** How metadata is compared, for every kind. */
export const metadataField: Field = {
  shape: {
    type: "message",
    fields: {
      labels: { shape: { type: "map", values: text } },
      // Always there (meshMetadata), so one that a rule empties is like one that was empty.
      annotations: { shape: { type: "map", values: annotation }, presence: "matters" },
    },
  },
};
