import { field, isList, isObject, type Json, type JsonObject, objectOf } from "../../model/json.ts";
import { parseDurationNs } from "../scalar.ts";
import { type EnvoyMessage, envoyMessages, patchedMessages } from "./envoy-messages.ts";

/** A field of a message of Envoy: its name in the API, and how its value is given the plain spelling. */
interface KnownField {
  readonly name: string;
  readonly plain: (value: Json) => Json;
}

/**
 * The value of a patch with the fields that are known by their names in Envoy's API (connect_timeout, not
 * connectTimeout) and their durations in nanoseconds; the same reference where nothing was spelled otherwise.
 */
export function plainEnvoyValue(value: Json, applyTo: string): Json {
  const name = Object.hasOwn(patchedMessages, applyTo) ? patchedMessages[applyTo] : undefined;
  return name === undefined ? value : plainMessage(value, name);
}

/** A message or a list of them; anything else as it stands. */
function plainMessage(value: Json, name: string): Json {
  if (isList(value))
    return sameOr(
      value,
      value.map((item) => plainMessage(item, name)),
    );
  if (!isObject(value)) return value;
  const fields = fieldsByName.get(name === "any" ? typeIn(value) : name);
  return fields === undefined ? value : plainFields(value, fields);
}

/** The message that an Any holds: the part of its "@type" behind the last slash. */
function typeIn(value: JsonObject): string {
  const type = field(value, "@type");
  return typeof type === "string" ? type.slice(type.lastIndexOf("/") + 1) : "";
}

function plainFields(value: JsonObject, fields: ReadonlyMap<string, KnownField>): Json {
  const entries = Object.entries(value).map(([written, item]) => {
    const known = fields.get(written);
    // Which of two spellings side by side counts is not ours to guess.
    if (known === undefined || isTwice(value, known.name)) return [written, item] as const;
    return [known.name, known.plain(item)] as const;
  });
  const isPlain = entries.every(([name, item]) => Object.hasOwn(value, name) && value[name] === item);
  return isPlain ? value : objectOf(entries);
}

function isTwice(value: JsonObject, name: string): boolean {
  return camelCase(name) !== name && Object.hasOwn(value, name) && Object.hasOwn(value, camelCase(name));
}

/** The entries of a map: the keys are as they stand. */
function plainMap(value: Json, name: string): Json {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, plainMessage(item, name)] as const);
  return entries.every(([key, item]) => item === value[key]) ? value : objectOf(entries);
}

function sameOr(value: readonly Json[], other: readonly Json[]): Json {
  return value.every((item, index) => item === other[index]) ? value : other;
}

function plainTime(value: Json): Json {
  const nanoseconds = typeof value === "string" ? parseDurationNs(value) : undefined;
  return nanoseconds === undefined ? value : `${nanoseconds.toString()}ns`;
}

/** The fields of every known message, under both of their names. */
const fieldsByName: ReadonlyMap<string, ReadonlyMap<string, KnownField>> = new Map(
  Object.entries(envoyMessages).map(([name, message]) => [name, bothNames(message)]),
);

function bothNames({ plain, times, parts = {}, maps = {} }: EnvoyMessage): ReadonlyMap<string, KnownField> {
  const known: readonly KnownField[] = [
    ...words(plain).map((name) => ({ name, plain: (value: Json) => value })),
    ...words(times).map((name) => ({ name, plain: plainTime })),
    ...Object.entries(parts).map(([name, part]) => ({
      name,
      plain: (value: Json) => plainMessage(value, part),
    })),
    ...Object.entries(maps).map(([name, part]) => ({ name, plain: (value: Json) => plainMap(value, part) })),
  ];
  return new Map(known.flatMap((one) => [one.name, camelCase(one.name)].map((name) => [name, one] as const)));
}

function words(text = ""): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** The name of a field in JSON (protobuf's JSON mapping). */
function camelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
