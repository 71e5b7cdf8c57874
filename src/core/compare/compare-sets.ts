import type { Operation } from "fast-json-patch";
import type { Change, EqualBy, Finding, Note } from "../model/finding.ts";
import type { JsonObject } from "../model/json.ts";
import { compareKeys, keyId, type Resource, type ResourceKey } from "../model/resource.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import type { KindTable } from "../mesh/table.ts";
import { adoptingPatch } from "./adopt.ts";
import { type Comparison, compareObjects } from "./compare-objects.ts";

/** A finding about an object on both sides, with the patch that would make the desired object mean what live means. */
export interface ChangedObject {
  readonly finding: Finding;
  /** RFC 6902, on the desired object. Holds raw values: never shown without redaction. */
  readonly patch: () => readonly Operation[];
}

/** What the comparison of two sets of objects found. */
export interface SetsDiff {
  readonly changed: readonly ChangedObject[];
  /** Objects that only one side has. Whether they are missing or extra depends on what else is known. */
  readonly onlyDesired: readonly Resource[];
  readonly onlyLive: readonly Resource[];
  readonly inSync: readonly ResourceKey[];
  readonly notes: readonly Note[];
  readonly equalBy: readonly EqualBy[];
}

/** Compares two sets of mesh objects (core/compare/select), each key at most once a side. Sorted by key. */
export function compareSets(
  desired: readonly Resource[],
  live: readonly Resource[],
  how: Comparison,
): SetsDiff {
  const liveById = new Map(live.map((resource) => [keyId(resource.key), resource]));
  const changed: ChangedObject[] = [];
  const onlyDesired: Resource[] = [];
  const inSync: ResourceKey[] = [];
  const notes: Note[] = [];
  const equalBy: EqualBy[] = [];
  for (const resource of byKey(desired)) {
    const id = keyId(resource.key);
    const other = liveById.get(id);
    liveById.delete(id);
    if (other === undefined) {
      onlyDesired.push(resource);
      continue;
    }
    const diff = compareOne(resource, other, how);
    if (diff.changed === undefined) inSync.push(resource.key);
    else changed.push(diff.changed);
    // Loops: one object may have more of them than a call takes arguments.
    for (const note of diff.notes) notes.push(note);
    for (const entry of diff.equalBy) equalBy.push(entry);
  }
  return { changed, onlyDesired, onlyLive: byKey([...liveById.values()]), inSync, notes, equalBy };
}

function byKey(resources: readonly Resource[]): Resource[] {
  return [...resources].sort((a, b) => compareKeys(a.key, b.key));
}

interface OneDiff {
  readonly changed?: ChangedObject;
  readonly notes: readonly Note[];
  readonly equalBy: readonly EqualBy[];
}

/** Whether a change stands where no table says what it means. */
function isAsWritten({ structural, structuralField }: KindTable, changes: readonly Change[]): boolean {
  if (structural === true) return true;
  const place = structuralField?.join(".");
  return place !== undefined && changes.some(({ path }) => path === place || path.startsWith(`${place}.`));
}

function compareOne(desired: Resource, live: Resource, how: Comparison): OneDiff {
  const table = meshKindOf(desired.key)?.table;
  if (table === undefined) return { notes: [], equalBy: [] };
  const { changes, ineffective, notes, equalBy, pair } = compareObjects(table, desired, live, how);
  if (changes.length + ineffective.length === 0 || pair === undefined) return { notes, equalBy };
  const finding: Finding = {
    type: changes.length > 0 ? "changed" : "ineffective",
    key: desired.key,
    changes,
    ...(ineffective.length > 0 && { ineffective }),
    ...(desired.provenance && { provenance: desired.provenance }),
    ...(isAsWritten(table, changes) && { structural: true }),
  };
  const meansLive = (object: JsonObject): boolean =>
    compareObjects(table, { ...desired, object }, live, how).changes.length === 0;
  const patch = (): readonly Operation[] => adoptingPatch(pair, desired.object, meansLive);
  return { changed: { finding, patch }, notes, equalBy };
}
