import { field, isList, isObject, type Json, type JsonObject } from "../../../core/model/json.ts";
import { DriftError } from "../../../lib/errors.ts";

/** One mapping of a kubeconfig and where it stands. Its values are never part of an error. */
export interface Entry {
  readonly value: JsonObject;
  /** "users[2].user": for messages. */
  readonly path: string;
  /** The file, for messages and as the base of relative paths. */
  readonly file: string;
}

/** The error for a kubeconfig that says something wrong. `what` never quotes it. */
export function invalid(entry: Pick<Entry, "path" | "file">, name: string, what: string): DriftError {
  const place = [entry.path, name].filter((part) => part !== "").join(".");
  return new DriftError("KUBECONFIG_INVALID", `${entry.file}: ${place} ${what}`, {
    hint: "Correct the kubeconfig; kubectl config view shows it without its secrets.",
  });
}

/** The text under a name; undefined where it is absent, null or "", which are the same to kubectl. */
export function readText(entry: Entry, name: string): string | undefined {
  const value = field(entry.value, name);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw invalid(entry, name, "is not a string");
  return value;
}

/** The text under a name that must be there. */
export function requireText(entry: Entry, name: string): string {
  const text = readText(entry, name);
  if (text === undefined) throw invalid(entry, name, "is missing");
  return text;
}

/** The truth value under a name; false where it is absent. */
export function readFlag(entry: Entry, name: string): boolean {
  const value = field(entry.value, name);
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw invalid(entry, name, "is neither true nor false");
  return value;
}

/** The texts of the list under a name. */
export function readTexts(entry: Entry, name: string): readonly string[] {
  return readItems(entry, name).map((item, i) => {
    if (typeof item !== "string") throw invalid(entry, `${name}[${String(i)}]`, "is not a string");
    return item;
  });
}

/** The mappings of the list under a name. */
export function readEntries(entry: Entry, name: string): readonly Entry[] {
  return readItems(entry, name).map((item, i) => within(entry, `${name}[${String(i)}]`, item));
}

/** The mapping under a name; undefined where it is absent. */
export function readEntry(entry: Entry, name: string): Entry | undefined {
  const value = field(entry.value, name);
  return value === undefined || value === null ? undefined : within(entry, name, value);
}

function readItems(entry: Entry, name: string): readonly Json[] {
  const value = field(entry.value, name);
  if (value === undefined || value === null) return [];
  if (!isList(value)) throw invalid(entry, name, "is not a list");
  return value;
}

function within(entry: Entry, name: string, value: Json): Entry {
  if (!isObject(value)) throw invalid(entry, name, "is not a mapping");
  return { value, path: entry.path === "" ? name : `${entry.path}.${name}`, file: entry.file };
}
