import { fromPointer } from "../../model/path.ts";
import {
  type SourceList,
  type SourceMap,
  type SourceNode,
  type SourceScalar,
  textOf,
} from "../../manifest/source-nodes.ts";
import type { OriginType } from "../../model/origin.ts";

/** A value that may stand for something else while a render is watched. */
export interface Markable {
  readonly node: SourceNode;
  /** The field that it stands for: of a JSON6902 operation the last name of its path. */
  readonly name: string;
  readonly by: OriginType;
  /** Whether it stands in labels or annotations: selectors of patches may look at those. */
  readonly isMetadata: boolean;
  /** Of a generator's literal: what stands before the value ("mesh="), and the value. */
  readonly literal?: { readonly before: string; readonly value: string };
}

/** The fields that say which object it is: with others there it would be another one. */
const identity = ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"];

/** What a document sets, be it a resource or a strategic merge patch; a List is its items. */
export function markDocument(root: SourceMap, by: OriginType): readonly Markable[] {
  const objects = objectsOf(root);
  // Known for all first: an anchor may make a name of one object a value of another one.
  const names = objects.flatMap((object) =>
    identity.flatMap((path) => nodeAt(object, path.split("/").slice(1)) ?? []),
  );
  const walk = newWalk(by, names);
  for (const object of objects) walkObject(object, walk);
  return walk.found;
}

/** The objects of a document: itself, or the items of a List. */
export function objectsOf(root: SourceNode): readonly SourceMap[] {
  if (root.type !== "map") return [];
  const items = root.fields.get("items");
  const isItems = items?.type === "list" && textAt(root, "kind").endsWith("List");
  return isItems ? items.items.flatMap(objectsOf) : [root];
}

function walkObject(object: SourceMap, walk: Walk): void {
  const metadata = object.fields.get("metadata");
  walk.found.push({ node: object, name: "", by: walk.by, isMetadata: false });
  for (const [name, node] of object.fields) {
    if (node !== metadata) walkNode({ node, name, isMetadata: false }, walk);
  }
  for (const name of ["labels", "annotations"]) {
    const node = metadata && nodeAt(metadata, [name]);
    if (node !== undefined) walkNode({ node, name, isMetadata: true }, walk);
  }
}

/** What the operations of a JSON6902 patch set, and those that only test. */
export function markOperations(root: SourceList): {
  readonly markables: readonly Markable[];
  readonly tests: readonly SourceMap[];
} {
  const walk = newWalk("json6902-patch", []);
  const tests: SourceMap[] = [];
  for (const item of root.items) {
    if (item.type !== "map") continue;
    const operation = textAt(item, "op");
    const path = textAt(item, "path");
    const node = item.fields.get("value");
    if (operation === "test") tests.push(item);
    if (node === undefined || !["add", "replace"].includes(operation)) continue;
    // Another whole object, or metadata, is another object.
    if (["", "/", "/metadata", ...identity].includes(path)) continue;
    const isMetadata = /^\/metadata\/(?:labels|annotations)(?:\/|$)/.test(path);
    walkNode({ node, name: lastName(path), isMetadata }, walk);
  }
  return { markables: walk.found, tests };
}

function lastName(path: string): string {
  return fromPointer(path).findLast((part) => part !== "-" && !/^\d+$/.test(part)) ?? "";
}

/** Fields of a kustomization whose texts become labels and annotations, and where they stand. */
const metadataPaths: readonly { readonly path: readonly string[]; readonly name: string }[] = [
  { path: ["labels", "*", "pairs"], name: "labels" },
  { path: ["commonLabels"], name: "labels" },
  { path: ["commonAnnotations"], name: "annotations" },
  { path: ["configMapGenerator", "*", "options", "labels"], name: "labels" },
  { path: ["configMapGenerator", "*", "options", "annotations"], name: "annotations" },
  { path: ["generatorOptions", "labels"], name: "labels" },
  { path: ["generatorOptions", "annotations"], name: "annotations" },
];

const patchPaths: readonly (readonly string[])[] = [
  ["patches", "*", "patch"],
  ["patchesJson6902", "*", "patch"],
  ["patchesStrategicMerge", "*"],
];

/** What a kustomization sets itself, and the patches that are written in it. */
export function markKustomization(roots: readonly SourceNode[]): {
  readonly markables: readonly Markable[];
  readonly embedded: readonly SourceScalar[];
} {
  const [root] = roots;
  if (root === undefined) return { markables: [], embedded: [] };
  const walk = newWalk("kustomization", []);
  for (const { path, name } of metadataPaths) {
    for (const node of nodesAt(root, path)) walkNode({ node, name, isMetadata: true }, walk);
  }
  for (const node of nodesAt(root, ["replacements", "*", "sourceValue"])) {
    walkNode({ node, name: "", isMetadata: false }, walk);
  }
  const literals = nodesAt(root, ["configMapGenerator", "*", "literals", "*"]).flatMap(literalOf);
  const embedded = patchPaths
    .flatMap((path) => nodesAt(root, path))
    .flatMap((node) => (node.type === "scalar" && /[\n{[]/.test(textOf(node)) ? [node] : []));
  return { markables: [...walk.found, ...literals], embedded };
}

/** Of `key=value`, as Kustomize reads it: quotes around the value go. */
function literalOf(node: SourceNode): readonly Markable[] {
  const text = textOf(node);
  const sign = text.indexOf("=");
  if (sign <= 0) return [];
  const written = text.slice(sign + 1);
  const [first = ""] = written;
  const isQuoted = written.length > 1 && /["']/.test(first) && written.endsWith(first);
  const value = isQuoted ? written.slice(1, -1) : written;
  const before = text.slice(0, sign + 1);
  return [
    { node, name: before.slice(0, -1), by: "generator", isMetadata: false, literal: { before, value } },
  ];
}

interface Walk {
  readonly by: OriginType;
  readonly found: Markable[];
  /** What was seen already, or may not be touched: anchors make one node stand in several places. */
  readonly seen: Set<SourceNode>;
}

function newWalk(by: OriginType, untouched: readonly SourceNode[]): Walk {
  return { by, found: [], seen: new Set(untouched) };
}

type Step = Pick<Markable, "node" | "name" | "isMetadata">;

/** Everything below a node; what begins with `$` tells Kustomize how to merge. */
function walkNode({ node, name, isMetadata }: Step, walk: Walk): void {
  if (walk.seen.has(node)) return;
  walk.seen.add(node);
  walk.found.push({ node, name, by: walk.by, isMetadata });
  if (node.type === "list") {
    for (const item of node.items) walkNode({ node: item, name, isMetadata }, walk);
  } else if (node.type === "map") {
    for (const [key, child] of node.fields) {
      if (!key.startsWith("$")) walkNode({ node: child, name: key, isMetadata }, walk);
    }
  }
}

/** The nodes at a path, `*` for every item. */
function nodesAt(root: SourceNode, path: readonly string[]): readonly SourceNode[] {
  let nodes: readonly SourceNode[] = [root];
  for (const part of path) {
    nodes = nodes.flatMap((node) =>
      part === "*" ? (node.type === "list" ? node.items : []) : (nodeAt(node, [part]) ?? []),
    );
  }
  return nodes;
}

function textAt(node: SourceNode, name: string): string {
  return textOf(nodeAt(node, [name]));
}

/** The node that a path leads to, aliases and merge keys followed. */
export function nodeAt(root: SourceNode, path: readonly string[]): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const part of path) {
    if (node?.type === "map") node = node.fields.get(part);
    else if (node?.type === "list") node = /^\d+$/.test(part) ? node.items[Number(part)] : undefined;
    else return undefined;
  }
  return node;
}
