import { describe, expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import { meshKindOf } from "../../../../src/core/mesh/kinds.ts";
import type { Field } from "../../../../src/core/mesh/table.ts";
import { isList, isObject, type Json, type JsonObject, objectOf } from "../../../../src/core/model/json.ts";
import { keyOf } from "../../../../src/core/model/resource.ts";
import { realObjects } from "../../../support/real-objects.ts";

const present = realObjects !== undefined;
const objects = realObjects ?? [];

const tabled = objects.flatMap((object) => {
  const key = keyOf(object);
  const table = key && meshKindOf(key)?.table;
  return table === undefined || table.structural ? [] : [{ object, table }];
});

/** Names that stand in the object and that no table knows. */
function unknownIn(value: Json | undefined, { shape }: Field, path: string): readonly string[] {
  if (shape.type === "list" && isList(value)) {
    return value.flatMap((item) => unknownIn(item, shape.items, `${path}[]`));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (shape.type === "map") return unknownIn(item, shape.values, `${path}{}`);
    if (shape.type !== "message") return [];
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    return known === undefined ? [`${path}.${name}`] : unknownIn(item, known, `${path}.${name}`);
  });
}

/** The same data, spelled otherwise: keys the other way round, a null more, numbers in quotes (not in any JSON). */
function respelled(value: Json, { shape }: Field): Json {
  if (typeof value === "number") return shape.type === "free" ? value : String(value);
  if (isList(value))
    return value.map((item) => respelled(item, shape.type === "list" ? shape.items : anyJson));
  if (!isObject(value)) return value;
  const fieldOf = (name: string): Field => {
    if (shape.type === "map") return shape.values;
    return (shape.type === "message" ? shape.fields[name] : undefined) ?? anyJson;
  };
  return objectOf(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, respelled(item, fieldOf(name))] as const),
  );
}

const anyJson: Field = { shape: { type: "free" } };

describe.skipIf(!present)("real objects", () => {
  it("are there in every kind that comes from Istio", () => {
    expect(new Set(tabled.map(({ table }) => table.kind)).size).toBe(14);
  });

  it("hold no field that their table does not know, but some that Istio does not know either", () => {
    const unknown = tabled.flatMap(({ object, table }) =>
      Object.entries(table.fields).flatMap(([name, known]) => unknownIn(object[name], known, name)),
    );
    expect([...new Set(unknown)].sort()).toEqual([
      "spec.configPatches[].match.app",
      "spec.http[].websocketUpgrade",
    ]);
  });

  it("mean the same as themselves in another spelling of the decoder", () => {
    for (const { object, table } of tabled) {
      const spec = respelled(object["spec"] ?? {}, table.fields["spec"] ?? anyJson);
      const live: JsonObject = { ...object, spec: isObject(spec) ? { nosuch: null, ...spec } : spec };
      const { findings, notes } = compare([object], [live], { equality: "strict" });
      expect([findings, notes]).toEqual([[], []]);
    }
  });
});
