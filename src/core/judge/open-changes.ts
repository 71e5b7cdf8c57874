import { variablesIn } from "../manifest/substitute.ts";
import type { Change, Finding, Unchecked } from "../model/finding.ts";
import { field, isList, isObject, type Json } from "../model/json.ts";
import { fromPointer } from "../model/path.ts";
import { formatKey, type Resource } from "../model/resource.ts";
import { unresolvedVariables } from "./side.ts";

/** A changed object, as far as its variables let it be judged. */
export interface Split {
  /** What differs whatever the variables become. */
  readonly finding?: Finding;
  /** What may be no difference: where Git has a variable, live has its value. */
  readonly open?: Unchecked;
}

/** Parts the changes of an object that Git has with variables that nobody gave a value. */
export function splitOpen(finding: Finding, { object, unresolved = [] }: Resource): Split {
  const openNames = new Set<string>();
  const sure = finding.changes.filter((change) => {
    const names = variablesOf(change, object).filter((name) => unresolved.includes(name));
    for (const name of names) openNames.add(name);
    return names.length === 0;
  });
  return {
    ...(sure.length > 0 && { finding: { ...finding, changes: sure } }),
    // What a variable becomes where the API server drops it decides nothing.
    ...(sure.length === 0 &&
      finding.ineffective && { finding: { ...finding, type: "ineffective", changes: sure } }),
    ...(openNames.size > 0 && {
      open: { what: formatKey(finding.key), key: finding.key, ...unresolvedVariables([...openNames]) },
    }),
  };
}

/** The variables that a change may come from: those of its own desired value, or for an addition those beside it. */
function variablesOf({ path, desired, live }: Change, object: Json): readonly string[] {
  const own = [...variablesIn(path), ...(desired === undefined ? [] : variablesIn(desired.value))];
  if (desired !== undefined || live === undefined) return own;
  return [...own, ...variablesIn(listAround(object, live.pointer) ?? null)];
}

/**
 * The outermost list of Git's object that a place of the live one would lie in: an item that only live has may be what
 * any of its items with a variable becomes.
 */
function listAround(object: Json, pointer: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of fromPointer(pointer)) {
    if (!isObject(value)) break;
    value = field(value, name);
  }
  return isList(value) ? value : undefined;
}
