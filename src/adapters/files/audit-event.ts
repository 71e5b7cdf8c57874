import type { AuditEntry, AuditVerb } from "../../core/model/audit-entry.ts";
import { parseInstant } from "../../core/model/instant.ts";
import { field, isList, isObject, type Json, textField } from "../../core/model/json.ts";
import { toPointer } from "../../core/model/path.ts";
import { pluralOf } from "../../core/model/plural.ts";
import type { GroupKind, ResourceKey } from "../../core/model/resource.ts";

/** What a line of an audit log comes to: of no interest, no event at all, or a request that wrote a wanted object. */
export type AuditLine =
  | { readonly type: "entry"; readonly entry: AuditEntry }
  | { readonly type: "other" }
  | { readonly type: "broken" };

/** The objects that somebody asks about, by what audit events call them. */
export interface WantedObjects {
  readonly byName: ReadonlyMap<string, ResourceKey>;
  /** Kinds by their plural, for requests that name no object. */
  readonly byPlural: ReadonlyMap<string, GroupKind>;
}

/** Makes objects findable by what audit events call them. */
export function wantedObjects(keys: readonly ResourceKey[]): WantedObjects {
  return {
    byName: new Map(keys.map((key) => [idOf(key.group, pluralOf(key.kind), key.namespace, key.name), key])),
    byPlural: new Map(keys.map(({ group, kind }) => [idOf(group, pluralOf(kind)), { group, kind }] as const)),
  };
}

function idOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

const other: AuditLine = { type: "other" };
const verbs: ReadonlySet<string> = new Set<AuditVerb>([
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
]);

/**
 * Reads an event of audit.k8s.io/v1. Kept are requests that changed something for good: over, successful, not a dry run,
 * and about the object itself. Source: k8s.io/apiserver pkg/apis/audit/v1/types.go
 */
export function readAuditLine(text: string, wanted: WantedObjects): AuditLine {
  const event = parse(text);
  const isEvent =
    textField(event, "kind") === "Event" && textField(event, "apiVersion") === "audit.k8s.io/v1";
  if (!isEvent) return { type: "broken" };
  if (!changedSomething(event)) return other;
  const key = keyOf(event, wanted);
  if (key === undefined) return other;
  const time = textField(event, "requestReceivedTimestamp");
  if (parseInstant(time) === undefined) return { type: "broken" };
  const paths = textField(event, "verb") === "patch" ? pathsOf(field(event, "requestObject")) : undefined;
  const entry: AuditEntry = {
    key,
    verb: textField(event, "verb") as AuditVerb, // changedSomething has looked.
    ...userOf(event),
    time,
    userAgent: textField(event, "userAgent"),
    manager: managerOf(event),
    ...(paths !== undefined && { paths }),
  };
  return { type: "entry", entry };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // JSON.parse gives nothing else.
  } catch {
    return undefined;
  }
}

function changedSomething(event: Json | undefined): boolean {
  const code = field(field(event, "responseStatus"), "code");
  return (
    textField(event, "stage") === "ResponseComplete" &&
    verbs.has(textField(event, "verb")) &&
    typeof code === "number" &&
    code < 300 &&
    textField(field(event, "objectRef"), "subresource") === "" &&
    queryOf(event)?.has("dryRun") !== true
  );
}

function keyOf(event: Json | undefined, { byName, byPlural }: WantedObjects): ResourceKey | undefined {
  const about = field(event, "objectRef");
  const [group, plural] = [textField(about, "apiGroup"), textField(about, "resource")];
  const namespace = textField(about, "namespace");
  const name = textField(about, "name") || nameIn(event, "responseObject") || nameIn(event, "requestObject");
  if (textField(event, "verb") !== "deletecollection")
    return byName.get(idOf(group, plural, namespace, name));
  const kind = byPlural.get(idOf(group, plural));
  return kind && { ...kind, namespace, name: "" };
}

/** Who creates an object does not name it in the address. */
function nameIn(event: Json | undefined, part: string): string {
  return textField(field(field(event, part), "metadata"), "name");
}

function userOf(event: Json | undefined): Pick<AuditEntry, "user" | "groups" | "impersonatedBy"> {
  const [user, impersonated] = [field(event, "user"), field(event, "impersonatedUser")];
  const of = textField(impersonated, "username") === "" ? user : impersonated;
  const groups = field(of, "groups");
  return {
    user: textField(of, "username"),
    groups: isList(groups) ? groups.filter((group) => typeof group === "string") : [],
    ...(of !== user && { impersonatedBy: textField(user, "username") }),
  };
}

function queryOf(event: Json | undefined): URLSearchParams | undefined {
  const uri = textField(event, "requestURI");
  return uri === "" ? undefined : new URLSearchParams(uri.split("?").slice(1).join("?"));
}

/** As the API server names it. Source: k8s.io/apiserver pkg/endpoints/handlers/create.go (managerOrUserAgent) */
function managerOf(event: Json | undefined): string {
  const named = queryOf(event)?.get("fieldManager") ?? "";
  return named === "" ? (textField(event, "userAgent").split("/")[0] ?? "") : named;
}

/** Whoever writes more, or deeper, is taken for somebody of whom the log does not tell. */
const maxPaths = 500;
const maxDepth = 50;

/** The fields that a patch speaks of: names alone. Undefined where nobody can say. */
function pathsOf(patch: Json | undefined): readonly string[] | undefined {
  const found = new Set<string>();
  const isRead = isList(patch) ? addOperations(patch, found) : isObject(patch) && addFields(patch, [], found);
  return isRead && found.size <= maxPaths ? [...found] : undefined;
}

/** A JSON patch (RFC 6902). */
function addOperations(operations: readonly Json[], into: Set<string>): boolean {
  for (const operation of operations.slice(0, maxPaths)) {
    const op = textField(operation, "op");
    if (op !== "test") into.add(textField(operation, "path"));
    if (op === "move") into.add(textField(operation, "from"));
  }
  return operations.length <= maxPaths;
}

/** A merge patch, or an applied configuration: what stands in it is what it wants, and lists are wanted as a whole. */
function addFields(value: Json, path: readonly string[], into: Set<string>): boolean {
  if (path.length > maxDepth || into.size > maxPaths) return false;
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) into.add(toPointer(path));
  return entries.every(([name, below]) => isDirective(name) || addFields(below, [...path, name], into));
}

/** `$patch`, `$setElementOrder/ports`: how to merge, not what. */
function isDirective(name: string): boolean {
  return name.startsWith("$");
}
