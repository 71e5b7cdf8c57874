import type { Change, EqualBy, EqualitySetting, Ineffective, Note } from "../model/finding.ts";
import { field, isObject, sameJson } from "../model/json.ts";
import { childPath, toPointer } from "../model/path.ts";
import type { Resource } from "../model/resource.ts";
import { interpret } from "../mesh/interpret.ts";
import { meshMetadata, plainMetadata, withoutAnnotation, withoutForeignLabels } from "../mesh/metadata.ts";
import { effectsOf } from "../mesh/effects/effects.ts";
import type { Facts, KindTable, Node } from "../mesh/table.ts";
import { adopt } from "./adopt.ts";
import { type Differences, findDifferences } from "./changes.ts";
import { findEqualBy } from "./equal-by.ts";
import type { Pair } from "./pair.ts";

/** Which labels and annotations without meaning to the mesh become notes: none, those Git declares, or all. */
export type MetadataSetting = "mesh" | "declared" | "all";

/** How objects are compared. */
export interface Comparison {
  readonly facts: Facts;
  readonly equality: EqualitySetting;
  readonly metadata: MetadataSetting;
  /** The annotation with which people document an edit: it is told as what it is, and is itself no difference. */
  readonly breakGlass?: string;
}

/** What the comparison of one object on both sides found. */
export interface ObjectDiff {
  readonly changes: readonly Change[];
  /** What only Git has because the API server drops it. */
  readonly ineffective: readonly Ineffective[];
  readonly notes: readonly Note[];
  readonly equalBy: readonly EqualBy[];
  /** The interpreted sides, where they differ in meaning: for a patch. */
  readonly pair?: Pair;
}

/**
 * Compares one object by what it means. Both sides have the same key. What only Envoy's defaults make equal is a note
 * at the default setting; whoever asks for `strict` wants to see it, and at `envoy` it is equal.
 */
export function compareObjects(
  table: KindTable,
  given: Resource,
  other: Resource,
  how: Comparison,
): ObjectDiff {
  const desired = withoutNote(given, how);
  const noted = withoutNote(other, how);
  const object = withoutForeignLabels(table, noted.object, desired.object);
  const live = object === noted.object ? noted : { ...noted, object };
  const notes = metadataNotes(table, desired, live, how.metadata);
  if (isSameAsWritten(table, desired, live)) return { changes: [], ineffective: [], notes, equalBy: [] };
  const pair = interpretBoth(table, desired, live, how);
  const equalBy = findEqualBy(desired.key, pair, { desired: desired.object, live: live.object });
  if (pair.desired.text === pair.live.text) return { changes: [], ineffective: [], notes, equalBy };
  const { changes: found, ineffective } = differences(table, pair, { desired, live });
  const isLetOff =
    how.equality === "istio" ? byEnvoyDefaults(table, { desired, live, pair }, found, how) : () => false;
  const reason = "the same by Envoy's defaults (E3)";
  const letOff = found.filter(isLetOff).map((change) => ({ key: desired.key, change, reason }));
  return {
    changes: found.filter((change) => !isLetOff(change)),
    ineffective,
    notes: [...letOff, ...notes],
    equalBy,
    pair,
  };
}

function withoutNote(resource: Resource, { breakGlass }: Comparison): Resource {
  const object = breakGlass === undefined ? resource.object : withoutAnnotation(resource.object, breakGlass);
  return object === resource.object ? resource : { ...resource, object };
}

function differences(
  table: KindTable,
  pair: Pair,
  { desired, live }: Pick<Compared, "desired" | "live">,
): Differences {
  return findDifferences(pair, { desired: desired.object, live: live.object, effects: effectsOf(table) });
}

interface Compared {
  readonly desired: Resource;
  readonly live: Resource;
  readonly pair: Pair;
}

/** Of more changes than these none is tried alone, as each try reads the whole object: they are shown. */
const mostTried = 100;

/**
 * Which changes Envoy's defaults make equal: those without which live would mean the same to Envoy. All that are at no
 * place where a difference remains are tried together (weights of one split only make sense so), then one by one.
 */
function byEnvoyDefaults(
  table: KindTable,
  { desired, live, pair }: Compared,
  found: readonly Change[],
  how: Comparison,
): (change: Change) => boolean {
  const envoy = interpretBoth(table, desired, live, { ...how, equality: "envoy" });
  if (envoy.desired.text === envoy.live.text) return () => true;
  const { changes: remaining } = differences(table, envoy, { desired, live });
  const touchesRemaining = nearAny(remaining);
  const candidates = found.filter((change) => change.type !== "reordered" && !touchesRemaining(change));
  const isIdle = (changes: readonly Change[]): boolean => {
    const kept = new Set(changes.map(({ path }) => path));
    const reverted = { ...live, object: adopt(pair, desired.object, kept) };
    return interpret(table, reverted, how.facts, "envoy").text === envoy.live.text;
  };
  if (candidates.length === 0) return () => false;
  if (isIdle(candidates)) return (change) => candidates.includes(change);
  if (candidates.length === 1 || candidates.length > mostTried) return () => false;
  const idle = candidates.filter((change) => isIdle([change]));
  return (change) => idle.includes(change);
}

/** A pair of which both sides are there. */
type FullPair = Pair & { readonly desired: Node; readonly live: Node };

/** The short way: equal data needs no rules. */
function isSameAsWritten(table: KindTable, desired: Resource, live: Resource): boolean {
  return (
    Object.keys(table.fields).every((name) =>
      sameJson(field(desired.object, name), field(live.object, name)),
    ) &&
    (hasSameMetadata(desired, live) ||
      sameJson(meshMetadata(table, desired.object), meshMetadata(table, live.object)))
  );
}

/** Whether labels and annotations are the same, whatever they mean. */
function hasSameMetadata(desired: Resource, live: Resource): boolean {
  const [mine, other] = [field(desired.object, "metadata"), field(live.object, "metadata")];
  return ["labels", "annotations"].every((part) => sameJson(field(mine, part), field(other, part)));
}

function interpretBoth(table: KindTable, desired: Resource, live: Resource, how: Comparison): FullPair {
  return {
    name: "",
    path: "",
    desired: interpret(table, desired, how.facts, how.equality),
    live: interpret(table, live, how.facts, how.equality),
    undecided: [],
  };
}

/** Tells of a change whether one of the others speaks of the same place, of one inside it, or of one around it. */
function nearAny(others: readonly Change[]): (change: Change) => boolean {
  const places = new Set(others.flatMap(pointersOf));
  const around = new Set([...places].flatMap(pointersAround));
  return (change) =>
    pointersOf(change).some(
      (mine) => around.has(mine) || pointersAround(mine).some((pointer) => places.has(pointer)),
    );
}

function pointersOf({ desired, live }: Change): readonly string[] {
  return [desired, live].flatMap((side) => side?.pointer ?? []);
}

/** A pointer and those of everything around its place. */
function pointersAround(pointer: string): readonly string[] {
  const parts = pointer.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Labels and annotations that mean nothing to the mesh: changed or gone live is worth a note, never drift. */
function metadataNotes(
  table: KindTable,
  desired: Resource,
  live: Resource,
  setting: MetadataSetting,
): readonly Note[] {
  if (hasSameMetadata(desired, live)) return [];
  const labels = partNotes("labels", table, { desired, live }, table.labels === "copied" ? "all" : setting);
  return [...labels, ...partNotes("annotations", table, { desired, live }, setting)];
}

function partNotes(
  part: "labels" | "annotations",
  table: KindTable,
  objects: { readonly desired: Resource; readonly live: Resource },
  setting: MetadataSetting,
): readonly Note[] {
  if (setting === "mesh") return [];
  const declared = plainMetadata(table, objects.desired.object, part);
  const present = plainMetadata(table, objects.live.object, part);
  const names = new Set([...Object.keys(declared), ...(setting === "all" ? Object.keys(present) : [])]);
  const reason = `${part === "labels" ? "a label" : "an annotation"} that decides nothing in the mesh`;
  return [...names].sort().flatMap((name): readonly Note[] => {
    const change = metadataChange(part, name, field(declared, name), field(present, name));
    return change === undefined ? [] : [{ key: objects.desired.key, change, reason }];
  });
}

function metadataChange(
  part: string,
  name: string,
  desired: ReturnType<typeof field>,
  live: ReturnType<typeof field>,
): Change | undefined {
  if (sameJson(desired, live)) return undefined;
  const pointer = toPointer(["metadata", part, name]);
  return {
    type: desired === undefined ? "added" : live === undefined ? "removed" : "changed",
    path: childPath(`metadata.${part}`, name),
    // Anybody may write anything into an annotation.
    ...(desired !== undefined && {
      desired: { pointer, value: desired, ...secretUnlessLabel(part, desired) },
    }),
    ...(live !== undefined && { live: { pointer, value: live, ...secretUnlessLabel(part, live) } }),
  };
}

function secretUnlessLabel(part: string, value: ReturnType<typeof field>): { secret?: readonly string[] } {
  return part === "labels" && !isObject(value) ? {} : { secret: [""] };
}
