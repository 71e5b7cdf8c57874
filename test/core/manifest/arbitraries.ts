import fc from "fast-check";
import { type Json, objectOf } from "../../../src/core/model/json.ts";

/** Keys as they occur, and keys that trip up careless code. */
const key = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "items",
    "kind",
    "on",
    "1",
    "~",
    "a b",
    "a: b",
    "<<",
  ),
);

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    "yes",
    "0644",
    "1e3",
    "null",
    "a: b",
    " #",
    "- x",
    "[[[[",
    "line\nline",
    "  x\n\n y\n",
    "|",
    "",
  ),
);

const integer = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }));

/** Any value, without numbers that JSON cannot tell apart (-0). */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(null, true, false, 0.5, -1.25e-7),
    integer,
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map(objectOf),
  ),
})).value;

/** JSON text of a value; bigints as the integers they are. */
export function toJson(value: Json, indent?: number): string {
  const marked = JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === "bigint" ? `\uE000${String(item)}` : item),
    indent,
  );
  return marked.replaceAll(/"\uE000(-?\d+)"/g, "$1");
}
