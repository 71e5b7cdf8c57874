import type { Change } from "../../model/finding.ts";
import { field, isList, type Json, type JsonObject, textField } from "../../model/json.ts";
import { toPointer } from "../../model/path.ts";
import type { Ask } from "./ask.ts";

/** A place of a desired object that stands for a change. */
export interface ChangePlace {
  /** RFC 6901 */
  readonly pointer: string;
  readonly line?: number;
  readonly precision: Ask["precision"];
}

/**
 * Where Git has what a change is about; for what only live has, the nearest place around it that Git has. An item of a
 * list is the one whose field of that name is what the path says, if there is exactly one; else the list stands for it.
 */
export function placeOfChange(
  { desired, path }: Pick<Change, "desired" | "path">,
  object: JsonObject,
): ChangePlace {
  if (desired !== undefined) {
    const { pointer, line } = desired;
    return { pointer, precision: "field", ...(line !== undefined && { line }) };
  }
  const found: (string | number)[] = [];
  let value: Json = object;
  for (const step of stepsOf(path)) {
    const key: string | number | undefined = isList(value) ? itemNamed(value, step) : step;
    const next: Json | undefined =
      typeof key === "number" && isList(value) ? value[key] : field(value, String(key));
    if (key === undefined || next === undefined) break;
    found.push(key);
    value = next;
  }
  return { pointer: toPointer(found), precision: "around" };
}

/** `spec.http[name=a].retries` in its steps; what is no such path has fewer. */
function stepsOf(path: string): readonly string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, item, name]) =>
    quoted === undefined ? (item ?? name ?? "") : unquoted(quoted),
  );
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function itemNamed(items: readonly Json[], step: string): number | undefined {
  const sign = step.indexOf("=");
  const [name, wanted] = [step.slice(0, sign), step.slice(sign + 1)];
  const fitting = items.flatMap((item, index) =>
    sign > 0 && textField(item, name) === wanted ? [index] : [],
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
