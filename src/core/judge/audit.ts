import type { Attribution, AuditUser } from "../model/attribution.ts";
import type { AuditEntry } from "../model/audit-entry.ts";
import type { Change } from "../model/finding.ts";
import { parseInstant } from "../model/instant.ts";
import { fromPointer } from "../model/path.ts";
import { keyId, type ResourceKey } from "../model/resource.ts";
import { classifyWriter, type ManagerRules } from "./classify-writer.ts";

/** Requests by the object they are about, latest first. */
export type AuditIndex = ReadonlyMap<string, readonly AuditEntry[]>;

/** Makes the entries of an audit log findable. */
export function indexAudit(entries: readonly AuditEntry[]): AuditIndex {
  const index = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const id = keyId(entry.key);
    const known = index.get(id);
    if (known === undefined) index.set(id, [entry]);
    else known.push(entry);
  }
  for (const [id, found] of index)
    index.set(
      id,
      found.toSorted((a, b) => timeOf(b) - timeOf(a)),
    );
  return index;
}

function timeOf({ time }: AuditEntry): number {
  return parseInstant(time) ?? 0;
}

/**
 * The attribution with the user whose request it was, where the log has one by that manager at that time on that object.
 * Of a field that was removed, the last patch that speaks of it tells more than who wrote the object last. Where requests
 * of several users fit alike, none is named. The class of the writer stays: a user may be a deployer's service account.
 */
export function addUser(
  attribution: Attribution,
  { key, change }: { readonly key: ResourceKey; readonly change?: Change },
  index: AuditIndex,
): Attribution {
  const writes = (index.get(keyId(key)) ?? []).filter(({ verb }) => !isDeletion(verb));
  const user = removerOf(attribution, change, writes) ?? writerOf(attribution, change, writes);
  return user === undefined ? attribution : { ...attribution, user };
}

function isDeletion(verb: AuditEntry["verb"]): boolean {
  return verb === "delete" || verb === "deletecollection";
}

function removerOf(
  { precision }: Attribution,
  change: Change | undefined,
  writes: readonly AuditEntry[],
): AuditUser | undefined {
  if (change?.type !== "removed" || precision !== "object") return undefined;
  const remover = writes.find(({ paths = [] }) => paths.some((path) => holds(path, change)));
  return remover && userOf(remover, "field");
}

/** managedFields hold whole seconds, and are written while the request is under way. */
const toleranceMs = 2000;

function writerOf(
  { manager, time }: Attribution,
  change: Change | undefined,
  writes: readonly AuditEntry[],
): AuditUser | undefined {
  const claimed = parseInstant(time ?? "");
  if (claimed === undefined) return undefined;
  const near = writes.filter(
    (entry) =>
      Math.abs(timeOf(entry) - claimed) <= toleranceMs && (entry.manager === "" || entry.manager === manager),
  );
  const sure = near.filter(({ paths = [] }) => paths.some((path) => touches(path, change)));
  const fitting = sure.length > 0 ? sure : near;
  const [first] = fitting;
  const isOne = fitting.every(({ user }) => user === first?.user);
  return first !== undefined && isOne ? userOf(first, sure.length > 0 ? "field" : "object") : undefined;
}

/** Undefined for an event that does not name its user. */
function userOf(
  { user, groups, impersonatedBy, verb, time }: AuditEntry,
  precision: AuditUser["precision"],
): AuditUser | undefined {
  if (user === "") return undefined;
  return {
    name: user,
    groups,
    ...(impersonatedBy !== undefined && { impersonatedBy }),
    verb,
    time,
    precision,
  };
}

/** Whether a patch of this path wrote the place of a change, or something in it. */
function touches(path: string, change: Change | undefined): boolean {
  const place = change?.live ?? change?.desired;
  if (place === undefined) return false;
  const [mine, theirs] = [fromPointer(path), fromPointer(place.pointer)];
  const length = Math.min(mine.length, theirs.length);
  return length > 0 && mine.slice(0, length).every((step, at) => step === theirs[at]);
}

/** Whether a patch of this path wrote all of the place of a change. */
function holds(path: string, change: Change): boolean {
  return (
    touches(path, change) && fromPointer(path).length <= fromPointer(change.desired?.pointer ?? "").length
  );
}

/**
 * Who deleted an object that is not there any more: the last request that did, if no later one made it again. Undefined
 * where the log does not tell.
 */
export function attributeDeletion(
  key: ResourceKey,
  index: AuditIndex,
  rules: ManagerRules,
): Attribution | undefined {
  const all = ["", key.namespace].map((namespace) => keyId({ ...key, namespace, name: "" }));
  const found = [...new Set([keyId(key), ...all])].flatMap((id) => index.get(id) ?? []);
  // What waits for finalizers may be written after it was deleted.
  const ends = found.filter(({ verb }) => isDeletion(verb) || verb === "create");
  const [last] = ends.sort((a, b) => timeOf(b) - timeOf(a));
  if (last === undefined || last.verb === "create") return undefined;
  const { manager, time, verb } = last;
  const user = userOf(last, "object");
  return {
    manager,
    class: classifyWriter(rules, { manager, operation: "" }).class,
    time,
    wrote: "",
    precision: "object",
    ...(verb === "deletecollection" && {
      doubts: ["it deleted many at once, perhaps only those with a label"],
    }),
    ...(user && { user }),
  };
}
