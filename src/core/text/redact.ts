import { fingerprint } from "../model/digest.ts";
import type { Change, Effect, Finding, Located, Note } from "../model/finding.ts";
import { isList, isObject, type Json, objectOf } from "../model/json.ts";
import { fromPointer, toPointer } from "../model/path.ts";
import type { EqualPlace } from "../model/scan-result.ts";
import { holdsCredential } from "./credential.ts";

/**
 * The same place with every value that may be a secret replaced by `‹hidden 3f9a2c1b0d4e›`, a keyed fingerprint of the
 * value: equal values have equal marks, and without the key nothing can be guessed. Hidden are the places that `secret`
 * names and, as a second net, every other string that holds a credential by its looks; these join `secret`. A pointer
 * that leads nowhere hides what it should have led through, so that an error never shows more.
 */
export function conceal(located: Located, fingerprintKey: string | undefined): Located {
  const found = credentialPlaces(located.value, []);
  const secret = [...new Set([...(located.secret ?? []), ...found])];
  if (secret.length === 0) return located;
  const value = hide(located.value, secret.map(fromPointer), fingerprintKey);
  return { ...located, value, secret };
}

/** The same place with one mark for every value that may be a secret: for fingerprints of what is left. */
export function withoutSecrets(located: Located): Located {
  return conceal(located, undefined);
}

/** The same with both sides concealed. */
function concealSides<T extends { readonly desired?: Located; readonly live?: Located }>(
  sided: T,
  fingerprintKey: string,
): T {
  const { desired, live } = sided;
  return {
    ...sided,
    ...(desired === undefined ? {} : { desired: conceal(desired, fingerprintKey) }),
    ...(live === undefined ? {} : { live: conceal(live, fingerprintKey) }),
  };
}

function concealChange(change: Change, fingerprintKey: string): Change {
  return concealSides(withoutTellingEffect(change), fingerprintKey);
}

/** A sentence names values that no table calls secret; one that holds a credential all the same is left out. */
function withoutTellingEffect<T extends { readonly effect?: Effect }>(told: T): T {
  if (told.effect === undefined || !holdsCredential(told.effect.text)) return told;
  const left = Object.entries(told).filter(([name]) => name !== "effect");
  return Object.fromEntries(left) as T;
}

/** The place with both sides concealed. */
export function concealPlace(place: EqualPlace, fingerprintKey: string): EqualPlace {
  return concealSides(place, fingerprintKey);
}

/** The finding with all its values concealed. */
export function concealFinding(finding: Finding, fingerprintKey: string): Finding {
  const { ineffective } = finding;
  return {
    ...withoutTellingEffect(finding),
    changes: finding.changes.map((change) => concealChange(change, fingerprintKey)),
    ...(ineffective && { ineffective: ineffective.map((one) => concealSides(one, fingerprintKey)) }),
  };
}

/** The note with its change concealed. */
export function concealNote(note: Note, fingerprintKey: string): Note {
  return { ...note, change: concealSides(note.change, fingerprintKey) };
}

/** Hides the places that the paths lead to, each from `value` on. */
function hide(value: Json, paths: readonly (readonly string[])[], key: string | undefined): Json {
  if (paths.length === 0) return value;
  const below = new Map<string, string[][]>();
  for (const [step, ...rest] of paths) {
    if (step === undefined || !hasStep(value, step)) return mark(value, key);
    below.set(step, [...(below.get(step) ?? []), rest]);
  }
  if (isList(value)) return value.map((item, i) => hide(item, below.get(String(i)) ?? [], key));
  if (!isObject(value)) return mark(value, key);
  return objectOf(
    Object.entries(value).map(([name, item]) => [name, hide(item, below.get(name) ?? [], key)] as const),
  );
}

function hasStep(value: Json, step: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, step) && step !== "length";
}

function mark(value: Json, key: string | undefined): string {
  return key === undefined ? "‹hidden›" : `‹hidden ${fingerprint(key, canonicalJson(value))}›`;
}

/** JSON with sorted keys, so that equal values are equal texts. */
function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (isObject(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join(",")}}`;
  }
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/** Pointers to the strings inside a value that hold a credential by their looks, and to mappings with a name that does. */
function credentialPlaces(value: Json, path: readonly (string | number)[]): string[] {
  if (typeof value === "string") return holdsCredential(value) ? [toPointer(path)] : [];
  if (isList(value)) return value.flatMap((item, i) => credentialPlaces(item, [...path, i]));
  if (!isObject(value)) return [];
  if (Object.keys(value).some(holdsCredential)) return [toPointer(path)];
  return Object.entries(value).flatMap(([name, item]) => credentialPlaces(item, [...path, name]));
}
