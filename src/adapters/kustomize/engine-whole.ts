import { field, isList, isObject, type Json, type JsonObject } from "../../core/model/json.ts";
import { formatFew, formatKey, keyId, type Resource } from "../../core/model/resource.ts";

/**
 * Why what a command printed cannot be all of a render, although it ended well: undefined where it can. Two versions of
 * Kustomize may differ in fields, but hardly in which objects there are; and what was cut off at the end of a line is
 * still YAML, but its last object lacks something at its end.
 */
export function findMissing(
  printed: readonly Resource[],
  builtin: readonly Resource[],
): string | undefined {
  const [here, there] = [idsOf(printed), idsOf(builtin)];
  const lacks = builtin.filter(({ key }) => !here.has(keyId(key)));
  const adds = printed.filter(({ key }) => !there.has(keyId(key)));
  const parts = [
    ...(lacks.length > 0 ? [`without ${named(lacks)}`] : []),
    ...(adds.length > 0 ? [`with ${named(adds)}`] : []),
  ];
  if (parts.length > 0) return `it is ${parts.join(" and ")}, unlike the render of drift itself`;
  if (here.size !== printed.length) return "it has an object twice";
  return findCut(printed.at(-1), builtin);
}

function findCut(last: Resource | undefined, builtin: readonly Resource[]): string | undefined {
  if (last === undefined) return undefined;
  const whole = builtin.find(({ key }) => keyId(key) === keyId(last.key));
  const path = findLack(last.object, whole?.object);
  if (path === undefined) return undefined;
  const shown = path.join("").replace(/^\./, "");
  return `it seems cut off: its last object, ${formatKey(last.key)}, ends before ${shown}`;
}

/**
 * What the end of a value lacks of the whole one, as steps of a path. Only ends are looked at: keys stand in the order
 * of the text, and what was cut off stood behind the last one.
 */
function findLack(value: Json | undefined, whole: Json | undefined): readonly string[] | undefined {
  if (isObject(value) && isObject(whole)) return lackOfObject(value, whole);
  if (isList(value) && isList(whole)) {
    const [at, next] = [value.length - 1, value.length];
    const absent = next < whole.length ? [`[${String(next)}]`] : undefined;
    return below(`[${String(at)}]`, findLack(value[at], whole[at])) ?? absent;
  }
  return lacksEnd(value, whole) ? [] : undefined;
}

function lackOfObject(value: JsonObject, whole: JsonObject): readonly string[] | undefined {
  const last = Object.keys(value).at(-1) ?? "";
  const absent = Object.keys(whole).find((name) => !Object.hasOwn(value, name));
  const deeper = below(`.${last}`, findLack(field(value, last), field(whole, last)));
  return deeper ?? (absent === undefined ? undefined : [`.${absent}`]);
}

/** A text that was cut off at the end of one of its lines, or a key without its value. */
function lacksEnd(value: Json | undefined, whole: Json | undefined): boolean {
  if (typeof value === "string" && typeof whole === "string") {
    return value.length < whole.length && whole.startsWith(value);
  }
  return value === null && whole !== null && whole !== undefined;
}

function below(step: string, rest: readonly string[] | undefined): readonly string[] | undefined {
  return rest === undefined ? undefined : [step, ...rest];
}

function idsOf(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.map(({ key }) => keyId(key)));
}

function named(resources: readonly Resource[]): string {
  return formatFew(resources.map(({ key }) => formatKey(key)));
}
