import { describe, expect, it } from "vitest";
import { compare, type Compared } from "../../../../src/core/compare/compare.ts";
import { meshKinds } from "../../../../src/core/mesh/kinds.ts";
import type { Field, ScalarType } from "../../../../src/core/mesh/table.ts";
import { fieldsOf, type TableField } from "../../../../src/core/mesh/table-fields.ts";
import type { Json, JsonObject } from "../../../../src/core/model/json.ts";
import { toPointer } from "../../../../src/core/model/path.ts";
import { meshObject, rootOf } from "../../../support/mesh-object.ts";
import { merge, wrap } from "../../../support/table-fields.ts";
import { kindCases } from "./read-cases.ts";

const tables = meshKinds.filter(({ table }) => !table.structural).map(({ table }) => table);

const goodScalar: Readonly<Record<ScalarType, Json>> = {
  text: "reviews",
  number: 7,
  boolean: true,
  duration: "7s",
  enum: "OTHER",
  bytes: "aGk=",
};

/** No spelling of a good value (proto3 JSON): a number may stand in quotes, and text not without them. */
const wrongScalar: Readonly<Record<ScalarType, readonly Json[]>> = {
  text: [7, true, ["reviews"], { reviews: 1 }],
  number: ["many", "0x7", "", " 7", true, [7], { value: 7 }],
  boolean: ["true", 1, [true], {}],
  duration: ["soon", "7", "1d", 7, true, ["7s"], { seconds: 7 }],
  enum: ["NO_SUCH", true, ["OTHER"], { OTHER: 1 }],
  bytes: [7, true, [104, 105], {}],
};

/** What is different there is different everywhere. */
const atEnvoy = { equality: "envoy" } as const;

function goodValue({ shape }: Field): Json {
  switch (shape.type) {
    case "scalar":
      return goodScalar[shape.as];
    case "list":
      return [goodValue(shape.items)];
    case "map":
      return { "x-key": goodValue(shape.values) };
    case "message":
      return Object.fromEntries(
        Object.entries(shape.fields)
          .filter(([, field]) => field.shape.type === "scalar")
          .slice(0, 1)
          .map(([name, field]) => [name, goodValue(field)]),
      );
    case "free":
      return { a: 1 };
  }
}

function wrongValues({ shape }: Field): readonly Json[] {
  switch (shape.type) {
    case "scalar":
      return wrongScalar[shape.as];
    case "list":
      return ["reviews", "", 0, 7, false, { "0": "reviews" }, {}, ...withWrongItem(shape.items)];
    case "map":
    case "message":
      return ["reviews", "", 0, 7, false, ["reviews"], [{}], []];
    case "free":
      return [];
  }
}

/** A good item and a wrong one behind it. */
function withWrongItem(items: Field): readonly Json[] {
  return wrongValues(items)
    .slice(0, 1)
    .map((wrong) => [goodValue(items), wrong]);
}

/** Where a field of a table stands in the object that `wrap` makes: "[]" is the first item. */
function pointerOf(path: readonly string[]): string {
  return toPointer(path.map((name) => (name === "[]" ? 0 : name === "{}" ? "x-key" : name)));
}

/**
 * Whether what is told of one place is about another: about it, a part of it, or an item of a list that the value names
 * or that a rule made of it. All of the spec is no place.
 */
function isAbout(told: string, pointer: string): boolean {
  if (told === pointer || told.startsWith(`${pointer}/`)) return true;
  return told !== "/spec" && pointer.startsWith(`${told}/`);
}

/** What is wrong with what was told of a value of the wrong type at a place. */
function complaint({ findings, unchecked }: Compared, pointer: string): string | undefined {
  const changes = findings.flatMap((finding) => finding.changes);
  if (changes.length === 0) return unchecked.length === 0 ? "EQUAL" : undefined;
  const places = changes.flatMap(({ desired, live }) =>
    [desired, live].flatMap((side) => side?.pointer ?? []),
  );
  return places.some((place) => isAbout(place, pointer)) ? undefined : `told elsewhere: ${places.join(" ")}`;
}

describe.for(tables)("$kind.$group", (table) => {
  const { base } = kindCases.find(({ group, kind }) => group === table.group && kind === table.kind) ?? {
    base: {},
  };
  const root = rootOf(table.kind);
  const objectWith = (path: readonly string[], value: Json | undefined): JsonObject => {
    const below = path.slice(root.length);
    return meshObject(table, below.length === 0 ? (value ?? {}) : merge(base, wrap(below, value)));
  };
  // Any text may stand where the mesh configuration is: only what is in it has a type.
  const fields = fieldsOf(table).filter(
    ({ path }) =>
      root.every((name, i) => path[i] === name) && (root.length === 1 || path.length > root.length),
  );
  const complaintsAbout = ({ path, field }: TableField): readonly string[] => {
    const pointer = pointerOf(path);
    const good = objectWith(path, goodValue(field));
    const without = objectWith(path, undefined);
    return wrongValues(field).flatMap((value, index, values) => {
      const wrong = objectWith(path, value);
      const otherWrong = objectWith(path, values[index - 1] ?? { other: "wrong" });
      const pairs = [
        ["good, wrong", compare([good], [wrong])],
        ["wrong, good", compare([wrong], [good], atEnvoy)],
        ["none, wrong", compare([without], [wrong], atEnvoy)],
        ["wrong, other wrong", compare([wrong], [otherWrong], atEnvoy)],
      ] as const;
      return pairs.flatMap(([what, compared]) => {
        const found = complaint(compared, pointer);
        return found === undefined ? [] : [`${path.join(".")} ${what}: ${JSON.stringify(value)}: ${found}`];
      });
    });
  };

  it("tells a value of the wrong type from a good one and from none, at its place, for every field", () => {
    expect(fields.flatMap(complaintsAbout)).toEqual([]);
  }, 120_000);
});
