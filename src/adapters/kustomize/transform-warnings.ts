import { gitFileLimits } from "../../core/manifest/limits.ts";
import { readYaml } from "../../core/manifest/yaml-document.ts";
import { field, isList, isObject, type Json, textField } from "../../core/model/json.ts";
import { matchesLabels, parseLabelSelector } from "../../core/model/label-selector.ts";
import { groupOf, type Resource } from "../../core/model/resource.ts";
import type { Transform } from "../../core/model/transform.ts";

/**
 * Parts of a transform that had nothing to work on, most likely by mistake: Kustomize passes them over in silence. A
 * part that may have matched is not told: only the result is looked at, so nothing is said of a patch that may make its
 * objects match no longer (it deletes or renames them, changes their labels), nor of those before it.
 */
export function transformWarnings(transform: Transform, resources: readonly Resource[]): readonly string[] {
  const { patches = [], images = [] } = transform;
  const last = patches.findLastIndex(mayHideMatch);
  const idlePatches = patches.flatMap(({ target }, index) => {
    // Read from YAML: JSON.
    const selector = target as Json | undefined;
    const isIdle =
      index > last && selector !== undefined && !resources.some((one) => mayMatch(selector, one, transform));
    return isIdle ? [`transform.patches[${String(index)}] matches nothing that is rendered`] : [];
  });
  const idleImages = images.flatMap(({ name = "", newName }, index) => {
    const names = [name, newName ?? name];
    const isUsed = resources.some(({ object }) => holdsImage(object, names));
    return isUsed ? [] : [`transform.images[${String(index)}]: nothing that is rendered uses ${name}`];
  });
  return [...idlePatches, ...idleImages];
}

/** Whether what a patch has matched may look otherwise in the result. A patch in a file may do anything. */
function mayHideMatch({ patch, options }: Readonly<Record<string, unknown>>): boolean {
  if (typeof patch !== "string" || options !== undefined) return true;
  const read = readYaml(patch, gitFileLimits);
  return read.type === "refused" || changesIdentity(read.value);
}

/** Whether a strategic merge patch or a list of JSON patch operations touches what selectors look at. */
function changesIdentity(patch: Json): boolean {
  if (isList(patch)) {
    return patch.some((operation) => /^\/?$|^\/(?:apiVersion|kind|metadata)\b/.test(textField(operation, "path")));
  }
  const metadata = field(patch, "metadata");
  return (
    field(patch, "$patch") !== undefined ||
    ["labels", "annotations"].some((name) => field(metadata, name) !== undefined)
  );
}

/**
 * Selectors work on objects before names and namespaces are changed, by the transform or the kustomization: a name that
 * holds the selector's counts, and any namespace where the transform sets it.
 */
function mayMatch(selector: Json, { key, object }: Resource, { namespace }: Transform): boolean {
  const apiVersion = textField(object, "apiVersion");
  const metadata = field(object, "metadata");
  const namespaces = namespace === undefined ? [key.namespace] : [key.namespace, textField(selector, "namespace")];
  return (
    matches(selector, "group", [groupOf(apiVersion)]) &&
    matches(selector, "version", [apiVersion.slice(apiVersion.indexOf("/") + 1)]) &&
    matches(selector, "kind", [key.kind]) &&
    (key.name.includes(textField(selector, "name")) || matches(selector, "name", [])) &&
    matches(selector, "namespace", namespaces) &&
    selects(selector, "labelSelector", field(metadata, "labels")) &&
    selects(selector, "annotationSelector", field(metadata, "annotations"))
  );
}

/** Kustomize takes a field of a selector for a regular expression; one that is none here counts as a match. */
function matches(selector: Json, name: string, values: readonly string[]): boolean {
  const pattern = textField(selector, name);
  if (pattern === "" || values.includes(pattern)) return true;
  if (!/^[\w./-]+$/.test(pattern)) return true;
  return false;
}

function selects(selector: Json, name: string, labels: Json | undefined): boolean {
  const text = textField(selector, name);
  const parsed = text === "" ? [] : parseLabelSelector(text);
  if (parsed === undefined) return true;
  const entries = isObject(labels) ? Object.keys(labels).map((key) => [key, textField(labels, key)] as const) : [];
  return matchesLabels(parsed, new Map(entries));
}

function holdsImage(value: Json, names: readonly string[]): boolean {
  if (isList(value)) return value.some((item) => holdsImage(item, names));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, item]) =>
      (key === "image" && typeof item === "string" && names.includes(imageName(item))) ||
      holdsImage(item, names),
  );
}

/** An image without its tag and digest, which begin behind the last slash. */
function imageName(image: string): string {
  const start = image.lastIndexOf("/") + 1;
  const end = image.slice(start).search(/[:@]/);
  return end === -1 ? image : image.slice(0, start + end);
}
