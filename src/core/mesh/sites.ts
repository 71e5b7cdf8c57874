import { field, isList, type Json, type JsonObject, objectOf } from "../model/json.ts";
import type { Site } from "./table.ts";

/** Ways for a rule to look at what stands around the value it is asked about. */

/** The nearest place on the way up, or the one given, that fits; undefined where none does. */
export function enclosing<T extends { readonly up?: T | undefined }>(
  at: T,
  fits: (place: T) => boolean,
): T | undefined {
  for (let place: T | undefined = at; place !== undefined; place = place.up) if (fits(place)) return place;
  return undefined;
}

/** The `spec` of the object that a value stands in. */
export function specOf(at: Site): Json | undefined {
  return enclosing(at, (site) => site.name === "spec" && site.up?.up === undefined)?.value;
}

/** The item of the list `name` that a value stands in: the route of `http`, the server of `servers`. */
export function itemOf(at: Site, name: string): Json | undefined {
  return enclosing(at, (site) => typeof site.name === "number" && site.up?.name === name)?.value;
}

/** The items of a list; none where there is no list. */
export function listAt(value: Json | undefined, ...names: readonly string[]): readonly Json[] {
  const found = names.reduce<Json | undefined>((inner, name) => field(inner, name), value);
  return isList(found) ? found : [];
}

/** Whether a field is set to something: neither absent nor null. */
export function isSet(value: Json | undefined, name: string): boolean {
  return (field(value, name) ?? null) !== null;
}

/** The same mapping without some of its fields. */
export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return objectOf(Object.entries(value).filter(([key]) => !names.includes(key)));
}

/** The same mapping with one more field, or another value of it. */
export function withField(value: JsonObject, name: string, item: Json): JsonObject {
  return objectOf([...Object.entries(value).filter(([key]) => key !== name), [name, item]]);
}

/** A whole number that is written as one or in quotes, as the decoder takes it; undefined otherwise. */
export function wholeNumber(value: Json | undefined): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A string or number as text; "" for anything else. */
export function scalarText(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A string in lower case; anything else as it is. */
export function lowerCase(value: Json): Json {
  return typeof value === "string" ? value.toLowerCase() : value;
}
