import type { ExemptionEntry } from "../model/exemption-entry.ts";
import { field, isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { checkPathPattern } from "../model/path-pattern.ts";
import { formatKey, type ResourceKey } from "../model/resource.ts";
import type { Step } from "../model/split-path.ts";

/** What one target knows of objects. */
export interface TargetObjects {
  readonly name: string;
  /** The object as Git and live have it; none where neither does, undefined where nobody knows for sure. */
  readonly objectsOf: (key: ResourceKey) => readonly JsonObject[] | undefined;
}

/**
 * One warning for each exemption that is about nothing: no target of that name, no such object on either side, or no
 * such field in it. `targets` are all of the repository. Items of lists are not told apart, so that what is warned of is
 * surely not there.
 */
export function exemptionsPointingNowhere(
  entries: readonly ExemptionEntry[],
  targets: readonly TargetObjects[],
): readonly string[] {
  return entries.flatMap((entry) => {
    const { file, line } = entry.exemption;
    const why = whyNowhere(entry, targets);
    return why === undefined ? [] : [`${file}:${String(line)} covers nothing: ${why}`];
  });
}

function whyNowhere(entry: ExemptionEntry, all: readonly TargetObjects[]): string | undefined {
  const unknown = entry.targets?.find((name) => all.every((target) => target.name !== name));
  if (unknown !== undefined) return `there is no target ${JSON.stringify(unknown)}`;
  const targets = all.filter(({ name }) => entry.targets?.includes(name) ?? true);
  const known = targets.map(({ objectsOf }) => objectsOf(entry.key));
  if (known.includes(undefined)) return undefined;
  const objects = known.flatMap((some) => some ?? []);
  if (objects.length === 0) return `no target has ${formatKey(entry.key)}, neither in Git nor live`;
  const lost = entry.paths?.find((path) => {
    const checked = checkPathPattern(path);
    return checked.type === "pattern" && !objects.some((object) => hasPlace(object, checked.steps));
  });
  return lost === undefined ? undefined : `${formatKey(entry.key)} has no ${lost}`;
}

function hasPlace(value: Json, [step, ...rest]: readonly Step[]): boolean {
  // Inside a text (mesh configuration) nobody looks here.
  if (step === undefined || typeof value === "string") return true;
  return partsAt(value, step).some((part) => hasPlace(part, rest));
}

function partsAt(value: Json, { type, text }: Step): readonly Json[] {
  if (isList(value)) return type === "field" ? [] : value;
  if (!isObject(value) || type === "item") return [];
  if (type === "field" && text === "*") return Object.values(value);
  const part = field(value, text);
  return part === undefined ? [] : [part];
}
