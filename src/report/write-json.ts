/**
 * How a value is written: as it is, or with the fields of a known object in a fixed order. Foreign values (what an
 * object of the mesh holds) are written as they are.
 */
export type Shape =
  | { readonly type: "as-is" }
  | { readonly type: "list"; readonly items: Shape }
  | { readonly type: "map"; readonly values: Shape }
  | { readonly type: "object"; readonly fields: Readonly<Record<string, Shape>> };

/**
 * Writes a value as JSON with two spaces of indentation. Fields of an `object` come in the order of the shape and
 * absent ones are left out; the keys of a `map` are sorted. A bigint is written with all its digits; NaN and the
 * infinities, which JSON lacks, as the strings that YAML has for them.
 */
export function writeJson(value: unknown, shape: Shape, indent = ""): string {
  if (Array.isArray(value)) {
    const items = shape.type === "list" ? shape.items : asIs;
    return block(
      "[]",
      value.map((item: unknown) => writeJson(item, items, `${indent}  `)),
      indent,
    );
  }
  if (typeof value === "object" && value !== null) {
    const fields = entriesOf(value, shape).map(
      ([name, part, partShape]) => `${quote(name)}: ${writeJson(part, partShape, `${indent}  `)}`,
    );
    return block("{}", fields, indent);
  }
  return writeScalar(value);
}

const asIs: Shape = { type: "as-is" };

function entriesOf(value: object, shape: Shape): [string, unknown, Shape][] {
  const own = new Map(Object.entries(value).filter(([, part]) => part !== undefined));
  const names =
    shape.type === "object"
      ? Object.keys(shape.fields).filter((name) => own.has(name))
      : shape.type === "map"
        ? [...own.keys()].sort()
        : [...own.keys()];
  return names.map((name) => [name, own.get(name), shapeOf(shape, name)]);
}

function shapeOf(shape: Shape, name: string): Shape {
  if (shape.type === "map") return shape.values;
  return shape.type === "object" ? (shape.fields[name] ?? asIs) : asIs;
}

function block(brackets: string, parts: readonly string[], indent: string): string {
  if (parts.length === 0) return brackets;
  const inner = parts.map((part) => `${indent}  ${part}`).join(",\n");
  return `${brackets.charAt(0)}\n${inner}\n${indent}${brackets.charAt(1)}`;
}

function writeScalar(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '".nan"' : value > 0 ? '".inf"' : '"-.inf"';
  }
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

/** A string in JSON. Characters that a terminal obeys or nobody sees are escaped, too: reports are looked at. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // A character outside the first plane takes two escapes.
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
