import type { ManifestObject } from "../../core/manifest/expand-list.ts";
import { withoutLastApplied } from "../../core/manifest/last-applied.ts";
import { createOwnersReader } from "../../core/manifest/owners.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import {
  field,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  sameJson,
  textField,
} from "../../core/model/json.ts";
import {
  formatKey,
  type GroupKind,
  groupOf,
  keyId,
  keyOf,
  type Resource,
  type ResourceKey,
} from "../../core/model/resource.ts";
import { type CheckedContent, openEnd } from "./cut-off.ts";

/** One resource and where it stands: "live/eu1/mesh.yaml:12". */
interface Placed {
  readonly resource: Resource;
  readonly place: string;
}

/** The objects of all files, sorted out. */
export class Collection {
  /** Every kind of which an object was seen, as `kindId` gives it. */
  readonly kinds = new Set<string>();
  /** Whether something was there that nobody can name: it may have been of any kind. */
  isDamaged = false;
  /** All objects that were seen, also those that are not kept. */
  count = 0;
  private readonly keep: (kind: GroupKind) => boolean;
  private readonly placed = new Map<string, Placed>();
  /** Objects that are there, by their keyId, but cannot be compared. */
  private readonly unclear = new Map<string, Unchecked>();
  private readonly others: Unchecked[] = [];
  private readonly readOwners = createOwnersReader();

  /** Only objects of kinds that pass `keep` are kept; Secrets never are. */
  constructor(keep: (kind: GroupKind) => boolean) {
    this.keep = keep;
  }

  /** One of each key, without those that cannot be compared, in the order they were seen. */
  get resources(): readonly Resource[] {
    const clear = [...this.placed].filter(([id]) => !this.unclear.has(id));
    return clear.map(([, { resource }]) => resource);
  }

  get unchecked(): readonly Unchecked[] {
    return [...this.others, ...this.unclear.values()];
  }

  /** Takes something that could not be read: from now on nothing is known to be all. */
  addDamage(unchecked: Unchecked): void {
    this.isDamaged = true;
    this.others.push(unchecked);
  }

  /** Takes the objects and the damage of one file. */
  addContent({ name, objects, doubtful, unchecked }: CheckedContent): void {
    for (const entry of unchecked) this.addDamage(entry);
    const placeOf = ({ line }: ManifestObject): string => `${name}:${String(line)}`;
    // Of a file that tells of writers, what tells of none has none left: somebody may have taken them away.
    const isTold = objects.some(({ object }) => tellsOfWriters(object));
    for (const one of objects) {
      const place = placeOf(one);
      const key = this.admit(one.object, place);
      if (key !== undefined) this.addResource(this.toResource(key, one.object, isTold), place);
    }
    if (doubtful !== undefined) this.addDoubtful(doubtful.object, placeOf(doubtful));
  }

  /** What ends in its spec is at least known by its name; of everything else not even that is sure. */
  private addDoubtful(object: JsonObject, place: string): void {
    const key = this.admit(object, place);
    if (key === undefined) return;
    if (Object.keys(object).at(-1) !== "spec") this.addDamage(openEnd(formatKey(key), place));
    else this.unclear.set(keyId(key), { ...openEnd(formatKey(key), place), key });
  }

  /** Counts an object. Its key, if it has one and is of a kind that is kept. */
  private admit(object: JsonObject, place: string): ResourceKey | undefined {
    this.count++;
    const kind = { group: groupOf(textField(object, "apiVersion")), kind: textField(object, "kind") };
    if (kind.kind === "" || textField(object, "apiVersion") === "") {
      this.addDamage(withoutKind(place));
      return undefined;
    }
    this.kinds.add(kindId(kind));
    if (!this.keep(kind) || isSecret(kind)) return undefined;
    const key = keyOf(object);
    if (key === undefined) this.addDamage(withoutName(place, kind.kind));
    return key;
  }

  private toResource(key: ResourceKey, object: JsonObject, isTold: boolean): Resource {
    const owners = isTold && { owners: this.readOwners(field(object, "metadata")) };
    return { key, object: withoutNotes(object), ...owners };
  }

  private addResource(resource: Resource, place: string): void {
    const id = keyId(resource.key);
    const first = this.placed.get(id);
    if (first === undefined) this.placed.set(id, { resource, place });
    else if (!sameJson(first.resource.object, resource.object)) {
      this.unclear.set(id, duplicate(resource.key, first.place, place));
    }
  }
}

/** One string a kind. */
export function kindId({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

function isSecret({ group, kind }: GroupKind): boolean {
  return group === "" && kind === "Secret";
}

/** The object without what the API server and kubectl note about it, which is never compared. */
function withoutNotes(object: JsonObject): JsonObject {
  const metadata = field(object, "metadata");
  if (!isObject(metadata)) return object;
  const kept: readonly (readonly [string, Json])[] = Object.entries(metadata)
    .filter(([name]) => name !== "managedFields")
    .map(([name, value]) => [name, name === "annotations" ? withoutLastApplied(value) : value]);
  return objectOf(
    Object.entries(object).map(([name, value]) => [name, name === "metadata" ? objectOf(kept) : value]),
  );
}

/** kubectl leaves managedFields out unless it is told --show-managed-fields: then nothing is known of writers. */
function tellsOfWriters(object: JsonObject): boolean {
  return field(field(object, "metadata"), "managedFields") !== undefined;
}

function withoutKind(place: string): Unchecked {
  return {
    what: place,
    code: "OBJECT_WITHOUT_KIND",
    reason: "an object without kind or apiVersion stands here",
    hint: "Add them, or remove the object.",
  };
}

function withoutName(place: string, kind: string): Unchecked {
  return {
    what: `${place} ${kind}`,
    code: "OBJECT_WITHOUT_NAME",
    reason: "it has no metadata.name",
    hint: "Give it a name, or remove it.",
  };
}

function duplicate(key: ResourceKey, first: string, second: string): Unchecked {
  return {
    what: formatKey(key),
    key,
    code: "DUPLICATE_OBJECT",
    reason: `it stands at ${first} and at ${second} with different contents`,
    hint: "Keep one of the two.",
  };
}
