import fc from "fast-check";
import { type Json, type JsonObject, objectOf } from "../../src/core/model/json.ts";
import type { Field, KindTable, ScalarType } from "../../src/core/mesh/table.ts";

/** What a generated object may hold beside what its shape says. */
export interface Making {
  /** The text that stands in every field that may hold a secret whatever stands around it. */
  readonly secret?: string;
}

const texts = [
  "a",
  "b",
  "web",
  "shop/web",
  "v1.example.com",
  "*",
  "*/a",
  "./a",
  "10.0.0.1/32",
  "reviews",
  "core",
];
const numbers: readonly Json[] = [0, 1, 2, 3, 5, 10, 80, 100, 301, 302, 443, 1024, 9080];
const durations = ["0s", "1s", "60s", "1m", "1500ms", "10s", "30s"];

/** Objects that a table can read: every field now and then, values that its rules speak of often. */
export function arbitraryObject(table: KindTable, making: Making = {}): fc.Arbitrary<JsonObject> {
  const fields = Object.entries(table.fields).map(
    ([name, field]) => [name, ofField(field, 0, making)] as const,
  );
  return fc.record(Object.fromEntries(fields)).map((parts) => ({
    apiVersion: table.group === "" ? "v1" : `${table.group}/v1`,
    kind: table.kind,
    metadata: { name: table.kind === "ConfigMap" ? "istio" : "reviews", namespace: "shop" },
    ...parts,
  }));
}

function ofField(field: Field, depth: number, making: Making): fc.Arbitrary<Json> {
  if (making.secret !== undefined && field.secret === true) return ofSecret(field, making.secret);
  const plain = ofShape(field, depth, making);
  const known = valuesOfRules(field);
  if (known.length === 0) return plain;
  return fc.oneof({ weight: 2, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom(...known) });
}

/** A secret in the form that the field wants. */
function ofSecret({ shape }: Field, secret: string): fc.Arbitrary<Json> {
  return fc.constant(shape.type === "list" ? [secret] : secret);
}

/** What the rules of a field speak of. A value that a rule works out from its surroundings is met by chance. */
function valuesOfRules({ rows = [] }: Field): readonly Json[] {
  return rows.flatMap((row) => {
    if (row.type === "absent") return typeof row.sameAs === "function" ? [] : [row.sameAs];
    return row.type === "trap" ? row.pair.filter((value) => value !== undefined) : [];
  });
}

function ofShape({ shape }: Field, depth: number, making: Making): fc.Arbitrary<Json> {
  switch (shape.type) {
    case "scalar":
      return ofScalar(shape.as, shape.zero);
    case "list":
      return fc.array(ofField(shape.items, depth + 1, making), { maxLength: 3 });
    case "map":
      return fc
        .dictionary(
          fc.constantFrom("app", "x-user", "X-User", "version", "8080"),
          ofField(shape.values, depth + 1, making),
          {
            maxKeys: 2,
          },
        )
        .map((entries) => objectOf(Object.entries(entries)));
    case "message":
      return ofMessage(shape.fields, depth, making);
    case "free":
      return fc.constantFrom<Json>({ a: 1 }, [1, "two"], "text", null);
  }
}

/** Deeper down fewer fields, so that objects stay small. */
function ofMessage(
  fields: Readonly<Record<string, Field>>,
  depth: number,
  making: Making,
): fc.Arbitrary<Json> {
  const names = Object.keys(fields);
  return fc
    .subarray(names, { maxLength: Math.min(names.length, Math.max(2, 5 - depth)) })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((name) => {
          const field = fields[name];
          const value = field === undefined ? fc.constant<Json>(null) : ofField(field, depth + 1, making);
          return value.map((made) => [name, made] as const);
        }),
      ),
    )
    .map((entries) => objectOf(entries));
}

function ofScalar(as: ScalarType, zero: string | undefined): fc.Arbitrary<Json> {
  switch (as) {
    case "text":
      return fc.constantFrom<Json>("", ...texts);
    case "number":
      return fc.constantFrom(...numbers);
    case "boolean":
      return fc.boolean();
    case "duration":
      return fc.constantFrom<Json>(...durations);
    case "enum":
      return fc.constantFrom<Json>(zero ?? "NONE", "LEAST_CONN", "PERMISSIVE");
    case "bytes":
      return fc.constantFrom<Json>("", "aGk=", "aGk");
  }
}
