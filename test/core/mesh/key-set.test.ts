import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainKeySet } from "../../../src/core/mesh/key-set.ts";
import { isObject, type Json, type JsonObject, objectOf, sameJson } from "../../../src/core/model/json.ts";

function turned(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(turned);
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, turned(item)] as const),
  );
}

const sets: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
  // Through text and back: no -0, and no object without a prototype.
  .map((made) => JSON.parse(JSON.stringify(made)) as JsonObject);

describe("plainKeySet", () => {
  it("gives two spellings of one set the same text, or leaves both as they are", () => {
    fc.assert(
      fc.property(sets, (set) => {
        const wide = JSON.stringify(turned(set), undefined, 2);
        const plain = plainKeySet(wide);
        expect([wide, plainKeySet(JSON.stringify(set))]).toContain(plain);
        expect(plainKeySet(plain)).toBe(plain);
      }),
    );
  });

  it("never gives two sets one text", () => {
    fc.assert(
      fc.property(sets, sets, (one, other) => {
        const [a, b] = [one, other].map((set) => plainKeySet(JSON.stringify(set)));
        expect(a === b).toBe(sameJson(one, other));
      }),
    );
  });

  it.for([
    "",
    " ",
    "{",
    '{"a',
    '{"a\\',
    '"text"',
    "[ ]",
    "{} {}",
    '{"a": 1e2}',
    '{"a": 12345678901234567890}',
    '{"a": "\\u0061"}',
    `${'{"a":'.repeat(20)}1${"}".repeat(20)} `,
  ])("leaves %j as it is", (text) => {
    expect(plainKeySet(text)).toBe(text);
  });

  it("takes no more time for a text that is long, deep or never ends", { timeout: 5_000 }, () => {
    for (const part of ["[", '"\\"', '{"a":', " ", '"']) {
      const text = part.repeat(1_500_000 / part.length);
      expect(plainKeySet(text)).toBe(text);
    }
  });
});
