import type { EqualityLevel, EqualitySetting } from "../model/finding.ts";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import {
  emptyRow,
  interpretFree,
  interpretList,
  interpretMap,
  interpretMessage,
  wrongType,
} from "./containers.ts";
import { decoderRows } from "./decoder-rows.ts";
import { meshMetadata, metadataField } from "./metadata.ts";
import { holds, leaf } from "./place.ts";
import type { Context, Outcome, Place } from "./place.ts";
import { isOfType } from "./of-type.ts";
import { readScalar } from "./scalar.ts";
import type { Facts, Field, KindTable, MessageShape, Node, Row, Undecided } from "./table.ts";

/** The levels that count as equal at a setting. CTX counts only where a rule could be decided. */
const levelsAt: Readonly<Record<EqualitySetting, ReadonlySet<EqualityLevel>>> = {
  strict: new Set<EqualityLevel>(["E1"]),
  istio: new Set<EqualityLevel>(["E1", "E2", "CTX"]),
  envoy: new Set<EqualityLevel>(["E1", "E2", "CTX", "E3"]),
};

/**
 * What one object means, by its table: a tree whose texts are equal exactly where the meanings are, at the given
 * equality setting. Only what holds meaning is in it: the table's fields, and the labels and annotations that the
 * mesh reads. Never throws on values of the wrong type: they keep a text of their own.
 * The object's depth must be bounded (core/manifest).
 */
export function interpret(table: KindTable, object: Resource, facts: Facts, setting: EqualitySetting): Node {
  const context: Context = { levels: levelsAt[setting], object, facts, interpretField };
  const shape: MessageShape = { type: "message", fields: { ...table.fields, metadata: metadataField } };
  const view = meaningful(table, object.object);
  const site = { value: view, name: "", up: undefined, object, facts };
  return interpretMessage(context, shape, view, {
    field: { shape },
    site,
    synthetic: false,
    secret: false,
  });
}

/** The parts of an object that hold meaning. A missing spec is an empty one: both decode to the empty message. */
function meaningful(table: KindTable, object: JsonObject): JsonObject {
  const fields: [string, Json][] = [["metadata", meshMetadata(table, object)]];
  for (const name of Object.keys(table.fields)) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value !== undefined && value !== null) fields.push([name, value]);
    else if (name === "spec") fields.push([name, {}]);
  }
  return Object.fromEntries(fields);
}

function interpretField(context: Context, place: Place, undecided: Undecided[]): Outcome {
  const raw = place.site.value;
  if (raw === undefined || (raw === null && !keepsNull(place.field))) {
    return { type: "absent", row: decoderRows.null };
  }
  const spelled = respell(context, place, raw, undecided);
  if (spelled.value === undefined) {
    const { node } = read(context, place, raw);
    return { type: "absent", row: spelled.by.at(-1) ?? decoderRows.null, ...(node && { node }) };
  }
  const outcome = read(context, respelledPlace(place, raw, spelled.value), spelled.value);
  noteOpenOrder(outcome, undecided);
  if (outcome.type === "absent") {
    const row = spelled.by.at(-1) ?? outcome.row;
    return { ...outcome, row, ...(outcome.node && { node: withRows(outcome.node, spelled.by) }) };
  }
  return sameAsAbsent(context, place, withRows(outcome.node, spelled.by), undecided);
}

/** JSON that no message holds may be null; a Struct cannot. */
function keepsNull({ shape, presence }: Field): boolean {
  return shape.type === "free" && presence === "matters";
}

/** A list whose order would not matter if more were known. */
function noteOpenOrder({ node }: Outcome, undecided: Undecided[]): void {
  if (node?.body.type !== "list" || node.body.order.missing === undefined) return;
  undecided.push({ row: node.body.order, missing: node.body.order.missing });
}

function withRows(node: Node, by: readonly Row[]): Node {
  return by.length === 0 ? node : { ...node, rewrittenBy: [...node.rewrittenBy, ...by] };
}

/** Parts of a container that a rule built do not stand in the raw object where their path says. */
function respelledPlace(place: Place, raw: Json, value: Json): Place {
  return value === raw || typeof value !== "object" ? place : { ...place, synthetic: true };
}

/** Gives a value the plain one of its spellings, rule by rule. */
function respell(
  context: Context,
  place: Place,
  raw: Json,
  undecided: Undecided[],
): { value: Json | undefined; by: readonly Row[] } {
  const by: Row[] = [];
  let value: Json = raw;
  for (const row of place.field.rows ?? []) {
    if (row.type !== "rewrite" || !holds(context, row, place.site, undecided)) continue;
    const next = row.to(value, place.site);
    // The decoder refuses the whole object, so it is no matter what the rest of Istio would have made of the value.
    if (next === value || (row.decodes !== true && !isOfType(place.field, value))) continue;
    by.push(row);
    if (next === undefined) return { value: undefined, by };
    value = next;
  }
  return { value, by };
}

/** Drops a value that a rule says means the same as none. */
function sameAsAbsent(context: Context, place: Place, node: Node, undecided: Undecided[]): Outcome {
  for (const row of place.field.rows ?? []) {
    if (row.type !== "absent" || !context.levels.has(row.level)) continue;
    const sameAs = typeof row.sameAs === "function" ? row.sameAs(place.site) : row.sameAs;
    if (sameAs === undefined) continue;
    if (textOf(context, place, sameAs) === node.text && holds(context, row, place.site, undecided)) {
      return { type: "absent", row, node };
    }
  }
  return { type: "present", node };
}

/** The text that another value would have at a place; undefined where it would be the same as none. */
function textOf(context: Context, place: Place, value: Json): string | undefined {
  const { shape } = place.field;
  if (shape.type === "scalar") {
    const { text, zero } = readScalar(shape.as, value, shape.zero);
    return zero && !matters({ ...place, site: { ...place.site, value } }) ? undefined : text;
  }
  const twin = read(context, { ...place, site: { ...place.site, value } }, value);
  return twin.type === "present" ? twin.node.text : undefined;
}

/** The meaning of a value that is there, by its shape alone. */
function read(context: Context, place: Place, value: Json): Outcome {
  const { shape } = place.field;
  if (shape.type === "scalar") {
    const scalar = readScalar(shape.as, value, shape.zero);
    // In no table, and no text that a person would expect here: it may be anything.
    const node = leaf(typeof value === "object" ? { ...place, secret: true } : place, scalar.text);
    return scalar.zero && !matters(place)
      ? { type: "absent", row: decoderRows.zero, node }
      : { type: "present", node };
  }
  const node = readContainer(context, place, value);
  const row = shape.type === "map" || shape.type === "list" ? emptyRow(shape.type, value, node) : undefined;
  return row !== undefined && !matters(place) ? { type: "absent", row, node } : { type: "present", node };
}

/** Whether the zero of a value is information at its place. */
function matters({ field: { presence }, site }: Place): boolean {
  return typeof presence === "function" ? presence(site) : presence === "matters";
}

function readContainer(context: Context, place: Place, value: Json): Node {
  const { shape } = place.field;
  if (shape.type === "free") return interpretFree(value, place);
  if (shape.type === "list") {
    return isList(value) ? interpretList(context, shape, value, place) : wrongType(value, place);
  }
  if (!isObject(value)) return wrongType(value, place);
  if (shape.type === "map") return interpretMap(context, shape, value, place);
  return shape.type === "message" ? interpretMessage(context, shape, value, place) : wrongType(value, place);
}
