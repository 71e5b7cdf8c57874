import { isList, isObject, type Json } from "../model/json.ts";
import { readScalar } from "./scalar.ts";
import type { Field } from "./table.ts";

/**
 * Whether the decoder takes a value for a field, with all that is inside of it. Of fields that no table knows, and of
 * the names of an enumeration, nothing can be said: they pass. null is the same as leaving the field out.
 */
export function isOfType({ shape }: Field, value: Json): boolean {
  if (value === null) return true;
  switch (shape.type) {
    case "scalar":
      return readScalar(shape.as, value, shape.zero).foreign !== true;
    case "list":
      return isList(value) && value.every((item) => isOfType(shape.items, item));
    case "map":
      return isObject(value) && Object.values(value).every((item) => isOfType(shape.values, item));
    case "message":
      return (
        isObject(value) && Object.entries(value).every(([name, item]) => isPart(shape.fields, name, item))
      );
    case "free":
      return true;
  }
}

function isPart(fields: Readonly<Record<string, Field>>, name: string, value: Json): boolean {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field === undefined || isOfType(field, value);
}
