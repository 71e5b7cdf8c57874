import type { Located } from "../model/finding.ts";
import { field, isList, type Json, type JsonObject } from "../model/json.ts";
import { toPointer } from "../model/path.ts";
import type { Node } from "../mesh/table.ts";
import { lineInText, locate } from "./locate.ts";
import { isHarmless, secretPlaces } from "./secret-places.ts";

/** Where a node's value stands in the raw object, the value, and what of it may be a secret. */
export function located(object: JsonObject, node: Node): Located {
  const secret = secretPlaces(node);
  const line = lineInText(object, node);
  return {
    pointer: toPointer(locate(object, node)),
    ...(line !== undefined && { line }),
    value: node.raw,
    ...(secret.length > 0 && { secret }),
  };
}

/**
 * The same for a part of a node that means as much as none. One of which the interpretation kept nothing may hold
 * anything, and one that is not in the raw value (a rule built what is around it) stands where the node stands.
 */
export function locatedPart(object: JsonObject, node: Node, name: string | number): Located {
  const kept = silentPart(node, name);
  if (kept !== undefined) return located(object, kept);
  const value = rawPart(node.raw, name);
  if (value === undefined) return located(object, node);
  const pointer = toPointer([...locate(object, node), name]);
  return { pointer, value, ...(!isHarmless(value) && { secret: [""] }) };
}

function silentPart({ body }: Node, name: string | number): Node | undefined {
  if (body.type === "record") return body.silent.get(String(name));
  return body.type === "list" ? body.silent.get(Number(name)) : undefined;
}

function rawPart(raw: Json, name: string | number): Json | undefined {
  if (typeof name === "string") return field(raw, name);
  return isList(raw) ? raw[name] : undefined;
}
