import type { Field, KindTable } from "../../src/core/mesh/table.ts";
import type { Description, ProtoField } from "./proto-specs.ts";

const scalarTypes: Readonly<Record<string, string>> = {
  string: "text",
  bytes: "bytes",
  bool: "boolean",
  "google.protobuf.BoolValue": "boolean",
  "google.protobuf.Duration": "duration",
  "google.protobuf.Struct": "free",
};

/** Where the spec of a table is not what the message of its kind is: names, types, first enumeration names, presence. */
export function fieldMismatches(table: KindTable, { kinds, messages }: Description): readonly string[] {
  return mismatches(
    { shape: { type: "message", fields: {} }, ...table.fields["spec"] },
    {
      type: kinds[table.kind] ?? "",
      path: table.kind,
      messages,
    },
  );
}

interface Expected extends ProtoField {
  readonly path: string;
  readonly messages: Description["messages"];
}

function mismatches(field: Field, expected: Expected): readonly string[] {
  const { shape } = field;
  const { list, key, ...item } = expected;
  if (list === true) {
    if (shape.type !== "list") return [`${item.path}: no list`];
    return mismatches(shape.items, { ...item, path: `${item.path}[]` });
  }
  if (key !== undefined) {
    if (shape.type !== "map") return [`${item.path}: no map`];
    return mismatches(shape.values, { ...item, path: `${item.path}{}` });
  }
  return expected.messages[expected.type] === undefined
    ? scalarMismatches(field, expected)
    : messageMismatches(field, expected);
}

function messageMismatches({ shape }: Field, { path, type, messages }: Expected): readonly string[] {
  if (shape.type !== "message") return [`${path}: no message`];
  const fields = messages[type] ?? {};
  const surplus = Object.keys(shape.fields).filter((name) => !Object.hasOwn(fields, name));
  const below = Object.entries(fields).flatMap(([name, inner]) => {
    const field = shape.fields[name];
    const inside = `${path}.${name}`;
    return field === undefined
      ? [`${inside}: not of the table`]
      : mismatches(field, { ...inner, path: inside, messages });
  });
  return [...surplus.map((name) => `${path}.${name}: not of the message`), ...below];
}

function scalarMismatches(field: Field, expected: Expected): readonly string[] {
  const { shape } = field;
  const { path, names } = expected;
  const wanted = names === undefined ? (scalarTypes[expected.type] ?? "number") : "enum";
  const found = shape.type === "scalar" ? shape.as : shape.type;
  if (found !== wanted) return [`${path}: ${found} instead of ${wanted}`];
  if (shape.type !== "scalar") return [];
  const [zero] = names ?? [];
  if (shape.zero !== zero) return [`${path}: the zero is ${String(zero)}`];
  return isPresenceRight(field, expected) ? [] : [`${path}: presence is not that of the message`];
}

/** The zero of a wrapper, a duration or a member of a oneof is information; items of lists and maps are always there. */
function isPresenceRight({ presence }: Field, { path, type, names, oneof }: Expected): boolean {
  const isItem = path.endsWith("]") || path.endsWith("}");
  const matters = oneof !== undefined || (names === undefined && type.includes("."));
  return isItem || (presence === "matters") === matters;
}
