import { type FieldOwner, withoutMember } from "../model/field-owner.ts";
import { field, isList, isObject, type Json, type JsonObject, objectOf, textField } from "../model/json.ts";

/**
 * Reduces metadata.managedFields to who wrote which fields. Objects of one kind are mostly written by the same managers
 * in the same way, so equal sets of fields are kept once for all objects of a reader.
 */
export type ReadOwners = (metadata: Json | undefined) => readonly FieldOwner[];

/** A reader that remembers the sets of fields it has seen. */
export function createOwnersReader(): ReadOwners {
  const sets = new Map<string, JsonObject>();
  const fieldsOf = (fieldsV1: Json | undefined): JsonObject => {
    if (!isObject(fieldsV1)) return {};
    const text = textOf(fieldsV1);
    if (text === undefined) return withoutValues(fieldsV1);
    const known = sets.get(text);
    if (known !== undefined) return known;
    const fields = withoutValues(fieldsV1);
    sets.set(text, fields);
    return fields;
  };
  return (metadata) => {
    const entries = field(metadata, "managedFields");
    return (isList(entries) ? entries : []).map((entry) => {
      const [subresource, time] = [textField(entry, "subresource"), textField(entry, "time")];
      return {
        manager: textField(entry, "manager"),
        operation: textField(entry, "operation"),
        ...(subresource !== "" && { subresource }),
        ...(time !== "" && { time }),
        fields: fieldsOf(field(entry, "fieldsV1")),
      };
    });
  };
}

/** Undefined where there is none: a set of fields has no values, but who sends one may put a long number into it. */
function textOf(fields: JsonObject): string | undefined {
  try {
    return JSON.stringify(fields);
  } catch {
    return undefined;
  }
}

/** Members of sets are named by their value, which a digest stands for as well. */
function withoutValues(fields: JsonObject): JsonObject {
  return objectOf(
    Object.entries(fields).map(([name, below]) => [
      withoutMember(name),
      isObject(below) ? withoutValues(below) : {},
    ]),
  );
}
