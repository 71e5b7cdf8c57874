import { field, isList, isObject, type Json, textField } from "../../core/model/json.ts";
import { matchesLabels, parseLabelSelector } from "../../core/model/label-selector.ts";
import { groupOf, type Resource } from "../../core/model/resource.ts";
import type { Transform } from "../../core/model/transform.ts";

/**
 * Parts of a transform that had nothing to work on, most likely by mistake: Kustomize passes them over in silence. A
 * part that may have matched is not told.
 */
export function transformWarnings(transform: Transform, resources: readonly Resource[]): readonly string[] {
  const patches = (transform.patches ?? []).flatMap(({ target }, index) => {
    // Read from YAML: JSON.
    const selector = target as Json | undefined;
    const isIdle = selector !== undefined && !resources.some((one) => mayMatch(selector, one, transform));
    return isIdle ? [`transform.patches[${String(index)}] matches nothing that is rendered`] : [];
  });
  const images = (transform.images ?? []).flatMap(({ name = "", newName }, index) => {
    const names = [name, newName ?? name];
    const isUsed = resources.some(({ object }) => holdsImage(object, names));
    return isUsed ? [] : [`transform.images[${String(index)}]: nothing that is rendered uses ${name}`];
  });
  return [...patches, ...images];
}

/** Selectors work on objects before names and namespaces are changed, so both spellings count. */
function mayMatch(selector: Json, { key, object }: Resource, transform: Transform): boolean {
  const apiVersion = textField(object, "apiVersion");
  const metadata = field(object, "metadata");
  const names = [key.name, withoutAffixes(key.name, transform)];
  const namespaces = transform.namespace === undefined ? [key.namespace] : [key.namespace, textField(selector, "namespace")];
  return (
    matches(selector, "group", [groupOf(apiVersion)]) &&
    matches(selector, "version", [apiVersion.slice(apiVersion.indexOf("/") + 1)]) &&
    matches(selector, "kind", [key.kind]) &&
    matches(selector, "name", names) &&
    matches(selector, "namespace", namespaces) &&
    selects(selector, "labelSelector", field(metadata, "labels")) &&
    selects(selector, "annotationSelector", field(metadata, "annotations"))
  );
}

function withoutAffixes(name: string, { namePrefix = "", nameSuffix = "" }: Transform): string {
  const start = name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name;
  return nameSuffix !== "" && start.endsWith(nameSuffix) ? start.slice(0, -nameSuffix.length) : start;
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
      (key === "image" && typeof item === "string" && names.includes(item.replace(/[:@][^/]*$/, ""))) ||
      holdsImage(item, names),
  );
}
