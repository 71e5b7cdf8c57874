import { field as fieldOf, isList, isObject, type Json, type JsonObject, objectOf } from "../model/json.ts";
import { parseDurationNs } from "./scalar.ts";
import type { Field, ScalarShape } from "./table.ts";

/**
 * Text that no schema stood before: the decoder takes a field by its name in JSON or in the .proto file, an enumeration
 * by name or number, and skips what it does not know (golang/protobuf jsonpb/decode.go:264-295, 459-505). Each function
 * gives the same reference where it changes nothing.
 */

type Fields = Readonly<Record<string, Field>>;

/** What becomes of the parts of a value. */
interface Visitor {
  readonly message?: (fields: Fields, value: JsonObject) => JsonObject;
  readonly scalar?: (shape: ScalarShape, value: Json) => Json;
}

function visit({ shape }: Field, value: Json, visitor: Visitor): Json {
  if (shape.type === "scalar") return visitor.scalar?.(shape, value) ?? value;
  if (shape.type === "list" && isList(value)) {
    return visitItems(value, (item) => visit(shape.items, item, visitor));
  }
  if (!isObject(value)) return value;
  if (shape.type === "map") return visitFields(value, (item) => visit(shape.values, item, visitor));
  return shape.type === "message" ? visitMessage(shape.fields, value, visitor) : value;
}

function visitMessage(fields: Fields, value: JsonObject, visitor: Visitor): JsonObject {
  const current = visitor.message?.(fields, value) ?? value;
  return visitFields(current, (item, name) => {
    const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return known === undefined ? item : visit(known, item, visitor);
  });
}

function visitItems(value: readonly Json[], change: (item: Json) => Json): Json {
  const items = value.map(change);
  return items.every((item, index) => item === value[index]) ? value : items;
}

function visitFields(value: JsonObject, change: (item: Json, name: string) => Json): JsonObject {
  const entries = Object.entries(value).map(([name, item]) => [name, change(item, name)] as const);
  return entries.every(([name, item]) => item === value[name]) ? value : objectOf(entries);
}

/** Names in .proto files that do not follow from those in JSON. */
const oddNames: Readonly<Record<string, string>> = {
  enable64bitTraceId: "enable_64bit_trace_id",
  matchExpressions: "matchExpressions",
  matchLabels: "matchLabels",
  meshMTLS: "mesh_mTLS",
};

/** The name of a field in its .proto file: "access_log_file" of "accessLogFile". */
export function protoName(name: string): string {
  return oddNames[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The value with every field under its name in JSON, which wins where both are there. */
export function withJsonNames(field: Field, value: Json): Json {
  return visit(field, value, { message: renameFields });
}

function renameFields(fields: Fields, value: JsonObject): JsonObject {
  const renamed = new Map<string, string>();
  for (const name of Object.keys(fields)) {
    const other = protoName(name);
    if (other !== name && Object.hasOwn(value, other)) renamed.set(other, name);
  }
  if (renamed.size === 0) return value;
  return objectOf(
    Object.entries(value).flatMap(([name, item]): [string, Json][] => {
      const other = renamed.get(name);
      if (other === undefined) return [[name, item]];
      return Object.hasOwn(value, other) ? [] : [[other, item]];
    }),
  );
}

/** The value with enumerations by their names. */
export function withEnumNames(field: Field, value: Json): Json {
  return visit(field, value, {
    scalar: ({ numbers = {} }, number) =>
      typeof number === "number"
        ? (Object.keys(numbers).find((name) => numbers[name] === number) ?? number)
        : number,
  });
}

/** The value without fields that no table knows. A variable in a name may yet become any. */
export function withoutUnknown(field: Field, value: Json): Json {
  return visit(field, value, {
    message: (fields, message) => {
      const entries = Object.entries(message);
      const known = entries.filter(([name]) => Object.hasOwn(fields, name) || name.includes("${"));
      return known.length === entries.length ? message : objectOf(known);
    },
  });
}

/** Whether the decoder takes the value, whose fields stand under their names in JSON; what it does not know it skips. */
export function isDecodable({ shape }: Field, value: Json): boolean {
  switch (shape.type) {
    case "scalar":
      return scalarTests[shape.as](value, shape);
    case "free":
      return true;
    case "list":
      return isList(value) && value.every((item) => isDecodable(shape.items, item));
    case "map":
      return isObject(value) && Object.values(value).every((item) => isDecodable(shape.values, item));
    case "message":
      return (
        isObject(value) &&
        Object.entries(shape.fields).every(([name, known]) => {
          const item = fieldOf(value, name) ?? null;
          return item === null || isDecodable(known, item);
        })
      );
  }
}

type ScalarTest = (value: Json, shape: ScalarShape) => boolean;

const scalarTests: Readonly<Record<ScalarShape["as"], ScalarTest>> = {
  text: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  duration: (value) => typeof value === "string" && parseDurationNs(value) !== undefined,
  number: isNumber,
  enum: isEnum,
  bytes: (value) => typeof value === "string",
};

/** A number, or a whole one in quotes. The widest types have 32 bits, signed or not; wider ones do not occur. */
function isNumber(value: Json, { isFraction }: ScalarShape): boolean {
  const number = typeof value === "string" && /^(?:0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") return false;
  return isFraction === true || (Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 32);
}

/** A name, one of the enumeration's where they are known; or a number, known or not, if its name can be told. */
function isEnum(value: Json, { numbers }: ScalarShape): boolean {
  if (typeof value === "string") return numbers === undefined || Object.hasOwn(numbers, value);
  return (
    numbers !== undefined && isNumber(value, { type: "scalar", as: "enum" }) && typeof value === "number"
  );
}
