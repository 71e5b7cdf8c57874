import { type SourceMap, type SourceNode, type SourceText, textOf } from "../../manifest/source-nodes.ts";
import { field, textField } from "../../model/json.ts";
import { groupOf, type Resource } from "../../model/resource.ts";
import { nodeAt, objectsOf } from "./markable.ts";

/** The document, or item of a List, that holds an object; undefined where none is named like it. */
export function findObject({ roots }: SourceText, { key, object }: Resource): SourceNode | undefined {
  const maps = roots.flatMap(objectsOf);
  const named = maps.filter(
    (map) =>
      groupOf(textAt(map, ["apiVersion"])) === key.group &&
      textAt(map, ["kind"]) === key.kind &&
      textAt(map, ["metadata", "name"]) === key.name,
  );
  // Cluster-scoped objects have no namespace in their key, whatever is written.
  const written = textField(field(object, "metadata"), "namespace");
  return named.find((map) => textAt(map, ["metadata", "namespace"]) === written);
}

function textAt(map: SourceMap, path: readonly string[]): string {
  return textOf(nodeAt(map, path));
}

/** The deepest node at or above a path, and whether that is all of the path. */
export function deepestNode(
  root: SourceNode,
  path: readonly string[],
): { readonly node: SourceNode; readonly isWhole: boolean } {
  for (let depth = path.length; depth > 0; depth--) {
    const node = nodeAt(root, path.slice(0, depth));
    if (node !== undefined) return { node, isWhole: depth === path.length };
  }
  return { node: root, isWhole: path.length === 0 };
}
