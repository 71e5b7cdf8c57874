import { withoutLastApplied } from "../../core/manifest/last-applied.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import {
  field,
  isDeeperThan,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  textField,
} from "../../core/model/json.ts";
import {
  formatKey,
  type GroupKind,
  isSameKind,
  type Resource,
  type ResourceKey,
} from "../../core/model/resource.ts";
import type { ReadOwners } from "../../core/manifest/owners.ts";

/** An object that is there and cannot be compared. */
export interface UnclearObject extends Unchecked {
  readonly key: ResourceKey;
}

/** What became of one item of a list: a resource, an object that nobody can compare, or no object at all. */
export type Projected =
  | { readonly type: "resource"; readonly resource: Resource }
  | { readonly type: "unclear"; readonly unchecked: UnclearObject }
  | { readonly type: "invalid" };

/** No object of a mesh nests half as deep. */
const maxDepth = 100;

/** What is compared, what tells whose the object is, and what tells that it is being deleted. */
const keptMetadata = [
  "name",
  "namespace",
  "labels",
  "annotations",
  "ownerReferences",
  "deletionTimestamp",
  "finalizers",
  "generation",
  "creationTimestamp",
  "uid",
];

/** What is written anew. */
const rewritten = new Set(["metadata", "apiVersion", "kind"]);

/** What the server reports about an object, and a comparison has no use for. */
const pod: GroupKind = { group: "", kind: "Pod" };
const notCompared = new Set([...rewritten, "status"]);

/** Takes from an item of a list what is wanted of it. */
export type Project = (item: Json, kind: GroupKind, apiVersion: string, readOwners: ReadOwners) => Projected;

/**
 * Takes from an item of a list what a scan needs: without managedFields, status and last-applied, which are the larger
 * part. Items of built-in kinds say neither kind nor apiVersion. Who wrote the fields stays as an index without values.
 */
export const projectItem: Project = (item, kind, apiVersion, readOwners) =>
  project(item, kind, apiVersion, (metadata, parts) => ({
    parts: parts.filter(([part]) => !notCompared.has(part)),
    owners: readOwners(metadata),
  }));

/**
 * The same with the status, for objects that explain others; who wrote them does not matter. Of Pods, of which there are
 * many, only the labels: what runs in them is nobody's business here.
 */
export const projectWhole: Project = (item, kind, apiVersion) =>
  project(item, kind, apiVersion, (_metadata, parts) => ({
    parts: isSameKind(kind, pod) ? [] : parts.filter(([part]) => !rewritten.has(part)),
  }));

type Parts = readonly (readonly [string, Json])[];

function project(
  item: Json,
  { group, kind }: GroupKind,
  apiVersion: string,
  take: (metadata: Json, parts: Parts) => Pick<Resource, "owners"> & { readonly parts: Parts },
): Projected {
  const metadata = field(item, "metadata");
  const name = textField(metadata, "name");
  if (!isObject(item) || !isObject(metadata) || name === "") return { type: "invalid" };
  if (saysOther(item, "kind", kind) || saysOther(item, "apiVersion", apiVersion)) return { type: "invalid" };
  const key = { group, kind, namespace: textField(metadata, "namespace"), name };
  if (isDeeperThan(item, maxDepth)) return { type: "unclear", unchecked: tooDeep(key) };
  const { parts, ...rest } = take(metadata, Object.entries(item));
  const object = objectOf([
    ["apiVersion", apiVersion],
    ["kind", kind],
    ["metadata", slimMetadata(metadata)],
    ...parts,
  ]);
  return { type: "resource", resource: { key, object, ...rest } };
}

function saysOther(item: JsonObject, name: string, expected: string): boolean {
  const said = textField(item, name);
  return said !== "" && said !== expected;
}

function slimMetadata(metadata: JsonObject): JsonObject {
  const kept: (readonly [string, Json])[] = [];
  for (const part of keptMetadata) {
    const value = field(metadata, part);
    if (value === undefined) continue;
    kept.push([part, part === "annotations" ? withoutLastApplied(value) : value]);
  }
  return objectOf(kept);
}

function tooDeep(key: ResourceKey): UnclearObject {
  return {
    what: formatKey(key),
    key,
    code: "OBJECT_TOO_DEEP",
    reason: `it nests deeper than ${String(maxDepth)} levels`,
    hint: "Look at it with kubectl.",
  };
}
