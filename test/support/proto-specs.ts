import { isList, isObject, type Json, type JsonObject, objectOf } from "../../src/core/model/json.ts";
import type { Seeded } from "./seeded.ts";

/** What messages hold, as test/decoder says it (describe.go). */
export interface Description {
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, Readonly<Record<string, ProtoField>>>>;
}

/** One field of a message, or one value of a list or map of it. */
export interface ProtoField {
  readonly type: string;
  readonly names?: readonly string[];
  readonly list?: boolean;
  readonly key?: string;
  readonly oneof?: string;
}

const durations = ["0s", "1s", "60s", "1m", "1500ms", "10s", "1h"];

/** Spellings of one duration each. */
const sameDurations: readonly (readonly string[])[] = [
  ["0s", "0", "0ms", "-0s"],
  ["1s", "1000ms", "1.0s", "+1s", "1000000us"],
  ["60s", "1m", "1m0s", "60000ms", "0.5m30s"],
  ["1500ms", "1.5s", "1s500ms", "1.50000s"],
  ["1h", "60m", "3600s", "1h0m0s"],
];

const scalars: Readonly<Record<string, readonly Json[]>> = {
  string: ["", "a", "b", "reviews", "v1.example.com", "*", "10.0.0.1/32", "1", "true"],
  bytes: ["", "aGk=", "aGkh", "+/8="],
  bool: [false, true],
  int32: [0, 1, 2, 5, 301, 443, -1],
  uint32: [0, 1, 2, 5, 80, 443, 9080],
  // The last two are one number to a double.
  uint64: [0, 1, 100, "9007199254740992", "9007199254740993"],
  double: [0, 0.5, 1, 50, 99.9, 1000],
  "google.protobuf.Duration": durations,
  "google.protobuf.BoolValue": [false, true],
  "google.protobuf.Int32Value": [0, 1, -5, 80],
  "google.protobuf.UInt32Value": [0, 1, 10, 80],
  "google.protobuf.DoubleValue": [0, 0.5, 1, 100],
};

/** The names of a message's fields that the definitions of the kinds let through beside those in camelCase. */
const aliases: Readonly<Record<string, string>> = { mirrorPercent: "mirror_percent", jwksUri: "jwks_uri" };

const free: readonly Json[] = [
  {},
  { a: 1 },
  { a: "1" },
  { a: null },
  { a: [], b: {} },
  { a: [1, { b: 2 }], c: false },
  { a: [{ b: 2 }, 1], c: false },
  { name: "envoy.lua", typed_config: { "@type": "type", inline: "x", share: 0.5 } },
];

/** Makes specs as the messages have them, spells them otherwise, and changes them. Everything comes from one seed. */
export class ProtoSpecs {
  readonly #description: Description;
  readonly #chance: Seeded;

  constructor(description: Description, chance: Seeded) {
    this.#description = description;
    this.#chance = chance;
  }

  /** A spec that Istio's decoder reads: deeper down fewer fields, one member of a oneof. */
  spec(kind: string): JsonObject {
    return this.#message(this.#rootOf(kind), 0);
  }

  /** The same spec in another spelling: most of them mean the same to the decoder, which is what is to be judged. */
  respelled(kind: string, spec: JsonObject): JsonObject {
    return this.#respelledMessage(this.#rootOf(kind), spec);
  }

  /** A spec that differs in one place. */
  changed(kind: string, spec: JsonObject): JsonObject {
    return this.#changedMessage(this.#rootOf(kind), spec);
  }

  #rootOf(kind: string): string {
    const root = this.#description.kinds[kind];
    if (root === undefined) throw new Error(`the decoder does not know ${kind}`);
    return root;
  }

  #fieldsOf(message: string): Readonly<Record<string, ProtoField>> | undefined {
    return this.#description.messages[message];
  }

  #message(message: string, depth: number): JsonObject {
    const fields = this.#chance.shuffled(Object.entries(this.#fieldsOf(message) ?? {}));
    const wanted = this.#chance.below(Math.max(3, 6 - depth) + 1);
    const taken = new Set<string>();
    const chosen = fields.slice(0, wanted).filter(([, { oneof }]) => {
      if (oneof === undefined) return true;
      const isFirst = !taken.has(oneof);
      taken.add(oneof);
      return isFirst;
    });
    return objectOf(chosen.map(([name, field]) => [name, this.#value(field, depth + 1)] as const));
  }

  #value(field: ProtoField, depth: number): Json {
    const one = (): Json => this.#single(field, depth);
    if (field.key !== undefined) return this.#map(field.key, one);
    return field.list === true ? Array.from({ length: this.#chance.below(4) }, one) : one();
  }

  #map(key: string, one: () => Json): JsonObject {
    const keys = key === "string" ? ["app", "version", "x-user", ""] : ["80", "8080", "0"];
    return objectOf(
      this.#chance
        .shuffled(keys)
        .slice(0, this.#chance.below(3))
        .map((name) => [name, one()] as const),
    );
  }

  #single({ type, names }: ProtoField, depth: number): Json {
    if (names !== undefined) return this.#chance.pick(names);
    if (type === "google.protobuf.Struct") return this.#chance.pick(free);
    return this.#fieldsOf(type) === undefined
      ? this.#chance.pick(scalars[type] ?? unknownType(type))
      : this.#message(type, depth);
  }

  #respelledMessage(message: string, value: JsonObject): JsonObject {
    const fields = this.#fieldsOf(message) ?? {};
    const kept = Object.entries(value).flatMap(([name, item]) => {
      const field = fields[name];
      if (field === undefined || (this.#chance.has(0.3) && isZero(field, item))) return [];
      const alias = this.#chance.has(0.3) ? aliases[name] : undefined;
      return [[alias ?? name, this.#respelledValue(field, item)] as const];
    });
    const silent = Object.entries(fields).flatMap(([name, field]) => {
      if (Object.hasOwn(value, name) || !this.#chance.has(0.08)) return [];
      const zero = this.#chance.has(0.5) ? null : zeroOf(field);
      return zero === undefined ? [] : [[name, zero] as const];
    });
    const unknown = this.#chance.has(0.03) ? [["nosuch", null] as const] : [];
    return objectOf(this.#chance.shuffled([...kept, ...silent, ...unknown]));
  }

  #respelledValue(field: ProtoField, value: Json): Json {
    if (isList(value) && field.list === true)
      return value.map((item) => this.#respelledSingle(field.type, item));
    if (!isObject(value) || field.key === undefined) return this.#respelledSingle(field.type, value);
    return objectOf(
      this.#chance
        .shuffled(Object.entries(value))
        .map(([key, item]) => [key, this.#respelledSingle(field.type, item)] as const),
    );
  }

  #respelledSingle(type: string, value: Json): Json {
    if (isObject(value)) {
      return this.#fieldsOf(type) === undefined
        ? objectOf(this.#chance.shuffled(Object.entries(value)))
        : this.#respelledMessage(type, value);
    }
    if (typeof value === "number") return this.#respelledNumber(type, value);
    if (type !== "google.protobuf.Duration" || typeof value !== "string" || this.#chance.has(0.4))
      return value;
    const spellings = sameDurations.find((all) => all.includes(value));
    return spellings === undefined ? value : this.#chance.pick(spellings);
  }

  #respelledNumber(type: string, value: number): Json {
    if (this.#chance.has(0.7)) return value;
    return /double/i.test(type) && this.#chance.has(0.5) ? value.toExponential() : String(value);
  }

  #changedMessage(message: string, value: JsonObject): JsonObject {
    const fields = this.#fieldsOf(message) ?? {};
    const names = Object.keys(value);
    if (names.length === 0 || this.#chance.has(0.15)) return this.#withOneMore(fields, value);
    const name = this.#chance.pick(names);
    const field = fields[name];
    const without = objectOf(Object.entries(value).filter(([other]) => other !== name));
    if (field === undefined || this.#chance.has(0.15)) return without;
    return { ...value, [name]: this.#changedValue(field, value[name] ?? null) };
  }

  #withOneMore(fields: Readonly<Record<string, ProtoField>>, value: JsonObject): JsonObject {
    const taken = new Set(Object.keys(value).map((name) => fields[name]?.oneof));
    const free = Object.entries(fields).filter(
      ([name, { oneof }]) => !Object.hasOwn(value, name) && (oneof === undefined || !taken.has(oneof)),
    );
    if (free.length === 0) return value;
    const [name, field] = this.#chance.pick(free);
    // A message without anything in it is what tables get wrong most easily.
    const isBare = this.#chance.has(0.4) && !field.list && this.#fieldsOf(field.type) !== undefined;
    return { ...value, [name]: isBare ? {} : this.#value(field, 3) };
  }

  #changedValue(field: ProtoField, value: Json): Json {
    if (isList(value) && field.list === true) return this.#changedList(field, value);
    if (isObject(value) && field.key !== undefined) return this.#changedMap(field, value);
    return this.#changedSingle(field, value);
  }

  #changedList(field: ProtoField, items: readonly Json[]): Json {
    const at = this.#chance.below(items.length);
    const item = items[at];
    if (item === undefined || this.#chance.has(0.15)) return [...items, this.#single(field, 3)];
    const way = this.#chance.below(5);
    if (way === 0) return items.toReversed();
    if (way === 1) return items.filter((_, i) => i !== at);
    if (way === 2) return [...items, item];
    return items.map((other, i) => (i === at ? this.#changedSingle(field, other) : other));
  }

  #changedMap(field: ProtoField, value: JsonObject): JsonObject {
    const keys = Object.keys(value);
    if (keys.length === 0) return { [field.key === "string" ? "app" : "80"]: this.#single(field, 3) };
    const key = this.#chance.pick(keys);
    return this.#chance.has(0.3)
      ? objectOf(Object.entries(value).filter(([other]) => other !== key))
      : { ...value, [key]: this.#changedSingle(field, value[key] ?? null) };
  }

  #changedSingle(field: ProtoField, value: Json): Json {
    return isObject(value) && this.#fieldsOf(field.type) !== undefined
      ? this.#changedMessage(field.type, value)
      : this.#single(field, 3);
  }
}

function unknownType(type: string): never {
  throw new Error(`nothing is known of values of type ${type}`);
}

/** What the decoder does not tell from an absent field; undefined where everything that is present counts. */
function zeroOf({ type, names, list, key, oneof }: ProtoField): Json | undefined {
  if (list === true) return [];
  if (key !== undefined) return {};
  if (oneof !== undefined || type.includes(".")) return undefined;
  return names?.[0] ?? scalars[type]?.[0];
}

function isZero(field: ProtoField, value: Json): boolean {
  return JSON.stringify(zeroOf(field)) === JSON.stringify(value);
}
