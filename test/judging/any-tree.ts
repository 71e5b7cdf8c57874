import { isObject, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import type { Seeded } from "../support/seeded.ts";
import { anyMerge, anyOperations } from "./any-patch.ts";
import { anyObject, meshConfig } from "./mesh-objects.ts";
import { OddYaml, writeFileOf } from "./odd-yaml.ts";

/** A repository with an overlay on bases. */
export interface AnyTree {
  readonly files: Record<string, string>;
  readonly overlay: string;
}

interface Layer {
  readonly folder: string;
  /** What the layer has before it changes anything. */
  readonly objects: JsonObject[];
  readonly kustomization: Record<string, Json>;
}

/** A tree with a base, perhaps something between, an overlay, and perhaps a component; every layer patches. */
export function anyTree(chances: Seeded): AnyTree {
  const files: Record<string, string> = {};
  let below: readonly JsonObject[] = [];
  const folders = chances.has(0.5) ? ["base", "mid", "overlays/prod"] : ["base", "overlays/prod"];
  for (const [index, folder] of folders.entries()) {
    const layer: Layer = { folder, objects: [...below], kustomization: { resources: [] } };
    const resources: string[] = index === 0 ? [] : [upTo(folder, folders[index - 1] ?? "")];
    resources.push(...addResources(layer, files, chances));
    layer.kustomization["resources"] = resources;
    if (index > 0 && chances.has(0.4)) addGenerator(layer, files, chances);
    // Kustomize takes components in before the patches beside them.
    if (index > 0 && chances.has(0.4)) addComponent(layer, files, chances);
    addPatches(layer, files, chances);
    addReplacement(layer, chances);
    below = transformed(layer, chances);
    const name = chances.pick(["kustomization.yaml", "kustomization.yml", "Kustomization"]);
    files[`${folder}/${name}`] = writeFileOf([layer.kustomization], chances);
  }
  return { files, overlay: "overlays/prod" };
}

function upTo(folder: string, other: string): string {
  return `${"../".repeat(folder.split("/").length)}${other}`;
}

function addResources(
  { folder, objects }: Layer,
  files: Record<string, string>,
  chances: Seeded,
): readonly string[] {
  const count = folder === "base" ? 2 + chances.below(2) : chances.below(2);
  return Array.from({ length: count }, (_, index) => {
    const made = Array.from({ length: 1 + chances.below(2) }, (__, nth) =>
      anyObject(`${folder.replaceAll("/", "-")}-${String(index)}${String(nth)}`, chances),
    );
    objects.push(...made);
    const file = `file-${String(index)}.${chances.pick(["yaml", "yml"])}`;
    files[`${folder}/${file}`] = writeFileOf(made, chances);
    return file;
  });
}

function addGenerator(
  { folder, kustomization }: Layer,
  files: Record<string, string>,
  chances: Seeded,
): void {
  files[`${folder}/mesh.yaml`] = meshConfig(chances);
  kustomization["configMapGenerator"] = [
    {
      name: `istio-${folder.replaceAll("/", "-")}`,
      namespace: "istio-system",
      files: ["mesh=mesh.yaml"],
      literals: ["level=info", "colour=blue"],
      options: { disableNameSuffixHash: chances.has(0.7), labels: { made: "here" } },
    },
  ];
}

function addPatches(layer: Layer, files: Record<string, string>, chances: Seeded): void {
  const patches: Json[] = [];
  for (let count = 1 + chances.below(3); count > 0; count--) {
    const entry = anyEntry(layer, files, chances, `patch-${String(count)}.yaml`);
    if (entry !== undefined) patches.push(entry);
  }
  layer.kustomization["patches"] = patches;
}

/** One entry of `patches`, written in place or in a file; the object of the layer is changed likewise. */
function anyEntry(
  layer: Layer,
  files: Record<string, string>,
  chances: Seeded,
  file: string,
): JsonObject | undefined {
  const index = chances.below(layer.objects.length);
  const object = layer.objects[index];
  if (object === undefined) return undefined;
  const { kind, name, identity } = identityOf(object);
  const isMerge = chances.has(0.5);
  const { content, after } = isMerge ? anyMerge(object, chances) : anyOperations(object, chances);
  layer.objects[index] = after;
  const whole = isMerge && isObject(content) ? { ...identity, ...content } : content;
  const text = new OddYaml(chances).write(whole);
  const target = isMerge && chances.has(0.6) ? {} : { target: { kind, name } };
  if (chances.has(0.5)) return { ...target, patch: text };
  files[`${layer.folder}/${file}`] = text;
  return { ...target, path: file };
}

function identityOf(object: JsonObject): {
  readonly kind: string;
  readonly name: string;
  readonly identity: JsonObject;
} {
  const metadata = object["metadata"] as JsonObject;
  const [name, namespace, kind] = [
    textField(metadata, "name"),
    textField(metadata, "namespace"),
    textField(object, "kind"),
  ];
  const identity = { apiVersion: object["apiVersion"] ?? "", kind, metadata: { name, namespace } };
  return { kind, name, identity };
}

function addComponent(layer: Layer, files: Record<string, string>, chances: Seeded): void {
  const folder = `components/${layer.folder.replaceAll("/", "-")}`;
  const component = { ...layer, folder, kustomization: {} as Record<string, Json> };
  addPatches(component, files, chances);
  files[`${folder}/kustomization.yaml`] = writeFileOf(
    [{ apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", ...component.kustomization }],
    chances,
  );
  layer.kustomization["components"] = [upTo(layer.folder, folder)];
}

/** Copies the host of a rule into a label-like field of another object. */
function addReplacement(layer: Layer, chances: Seeded): void {
  const source = layer.objects.find(({ kind, spec }) => kind === "DestinationRule" && isObject(spec ?? null));
  const target = layer.objects.find(({ kind }) => kind === "VirtualService");
  const host = source && (source["spec"] as JsonObject)["host"];
  if (source === undefined || target === undefined || typeof host !== "string" || chances.has(0.6)) return;
  const select = identityOf(target);
  layer.kustomization["replacements"] = [
    {
      source: { kind: "DestinationRule", name: identityOf(source).name, fieldPath: "spec.host" },
      targets: [
        {
          select: { kind: select.kind, name: select.name },
          fieldPaths: ["spec.copied"],
          options: { create: true },
        },
      ],
    },
  ];
}

/** Prefixes, suffixes, namespace, labels: what the layer above sees. */
function transformed({ kustomization, objects, folder }: Layer, chances: Seeded): readonly JsonObject[] {
  const prefix = chances.has(0.4) ? `${folder.charAt(0)}-` : "";
  const suffix = chances.has(0.3) ? "-x" : "";
  const namespace = chances.has(0.3) ? `${folder.charAt(0)}-shop` : undefined;
  if (prefix !== "") kustomization["namePrefix"] = prefix;
  if (suffix !== "") kustomization["nameSuffix"] = suffix;
  if (namespace !== undefined) kustomization["namespace"] = namespace;
  if (chances.has(0.3)) kustomization["labels"] = [{ pairs: { team: "mesh", tier: "1" } }];
  if (chances.has(0.2)) kustomization["commonAnnotations"] = { "mesh.io/owner": "mesh" };
  return objects.map((object) => {
    const metadata = object["metadata"] as JsonObject;
    const name = `${prefix}${textField(metadata, "name")}${suffix}`;
    return { ...object, metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) } };
  });
}
