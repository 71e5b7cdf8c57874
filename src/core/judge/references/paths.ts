import { isObject, type Json, textField } from "../../model/json.ts";
import { childPath, itemPath } from "../../model/path.ts";
import { listAt } from "../../mesh/sites.ts";

/** A value with the path that leads to it. */
export interface Placed {
  readonly path: string;
  readonly value: Json;
}

/** The items of a list, each with its path: by name where it has one of its own, else by position. */
export function itemsIn({ path, value }: Placed, name: string): readonly Placed[] {
  const items = listAt(value, name);
  const names = items.map((item) => textField(item, "name"));
  return items.map((item, index) => {
    const own = names[index] ?? "";
    const isUnique = /^[^\s[\]",=]+$/.test(own) && names.indexOf(own) === names.lastIndexOf(own);
    const label = isUnique ? `name=${own}` : String(index);
    return { path: itemPath(childPath(path, name), label), value: item };
  });
}

/** The mapping under a name; none where there is another value, or nothing. */
export function fieldIn({ path, value }: Placed, name: string): readonly Placed[] {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? [{ path: childPath(path, name), value: found }] : [];
}

/** The spec of an object. */
export function specIn(object: Json): Placed {
  return fieldIn({ path: "", value: object }, "spec")[0] ?? { path: "spec", value: {} };
}

/** The texts of a list. */
export function textsAt(value: Json, name: string): readonly string[] {
  return listAt(value, name).filter((item) => typeof item === "string");
}
