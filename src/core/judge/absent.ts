import { oneSided } from "../compare/compare-sides.ts";
import type { Finding, Unchecked, UnreadKind } from "../model/finding.ts";
import { formatFew, formatKind, type GroupKind, isSameKind, type Resource } from "../model/resource.ts";
import { canBeExtra } from "./extra.ts";
import type { DesiredSet, LiveSide } from "./side.ts";

/** What Git has and live has not, judged. */
export interface Absent {
  readonly missing: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

/**
 * What Git has and live has not: missing where the live list of its kind is complete, else not known. Of a kind that
 * the cluster does not know, its definition is what is missing.
 */
export function judgeAbsent(onlyDesired: readonly Resource[], live: LiveSide, why: WhyUnread): Absent {
  const missing: Finding[] = [];
  const unserved = new Map<string, Resource[]>();
  const unknown = new Map<string, Resource[]>();
  for (const resource of onlyDesired) {
    const { key } = resource;
    if (live.unserved.some((kind) => isSameKind(key, kind))) collect(unserved, resource);
    else if (live.isComplete(key, key.namespace)) missing.push(oneSided("missing", resource));
    else if (why(key, key.namespace) === undefined) collect(unknown, resource);
  }
  missing.push(...[...unserved.values()].map(missingDefinition));
  // Where a whole part of the live side could not be read, that says it all.
  if (live.unchecked.some(({ key }) => key === undefined)) return { missing, unchecked: [] };
  return { missing, unchecked: [...unknown.values()].map(kindNotRead) };
}

/** Why there is no complete list of a kind in a namespace, where something is said of it. */
export type WhyUnread = (kind: GroupKind, namespace: string) => UnreadKind | undefined;

/** Looks up why something was not read; what is said of a namespace itself goes first. */
export function findWhyUnread(unread: readonly UnreadKind[]): WhyUnread {
  const byPlace = new Map<string, UnreadKind>();
  const placeOf = (kind: GroupKind, namespace?: string): string =>
    JSON.stringify([kind.group, kind.kind, namespace]);
  for (const one of unread) {
    const place = placeOf(one.kind, one.namespace);
    if (!byPlace.has(place)) byPlace.set(place, one);
  }
  return (kind, namespace) => byPlace.get(placeOf(kind, namespace)) ?? byPlace.get(placeOf(kind));
}

/**
 * Kinds that could not be listed, as far as they matter to a target: it wants an object of them there, or looks after a
 * namespace in which nobody can say now what is extra.
 */
export function judgeUnread(set: DesiredSet, live: LiveSide, why: WhyUnread): Unchecked[] {
  const affecting = new Set<UnreadKind | undefined>();
  const look = (kind: GroupKind, namespace: string): void => {
    if (!live.isComplete(kind, namespace)) affecting.add(why(kind, namespace));
  };
  for (const { key } of set.mesh) look(key, key.namespace);
  const kinds = new Map(live.unread.map(({ kind }) => [formatKind(kind), kind]));
  for (const kind of kinds.values()) {
    if (canBeExtra(kind)) for (const namespace of set.scope) look(kind, namespace);
  }
  return live.unread
    .filter((unread) => affecting.has(unread))
    .map(({ kind, namespace, code, reason, hint }) => {
      const place = namespace === undefined ? "" : ` in namespace ${namespace}`;
      return { what: `${formatKind(kind)}${place}`, kind, code, reason, hint };
    });
}

function collect(byKind: Map<string, Resource[]>, resource: Resource): void {
  const kind = formatKind(resource.key);
  const others = byKind.get(kind);
  if (others === undefined) byKind.set(kind, [resource]);
  else others.push(resource);
}

function kindNotRead(resources: readonly Resource[]): Unchecked {
  const { group, kind } = kindOf(resources);
  const names = resources.map(({ key: { namespace, name } }) =>
    namespace === "" ? name : `${namespace}/${name}`,
  );
  const shown = formatKind({ group, kind });
  return {
    what: shown,
    kind: { group, kind },
    code: "KIND_NOT_READ",
    reason: `Git has ${formatFew(names)}, and no complete list of live ${shown} objects was read`,
    hint: "Read this kind too; if the list is complete and empty, name the kind under `kinds` of the snapshot.",
  };
}

/** Objects of a kind cannot be live without its definition, so that alone has to be mended. */
function missingDefinition(resources: readonly Resource[]): Finding {
  const kind = kindOf(resources);
  const name = `${guessPlural(kind.kind)}.${kind.group}`;
  const key = {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    namespace: "",
    name,
  };
  return { type: "missing", key, changes: [], blocks: resources.map((resource) => resource.key) };
}

function kindOf([first]: readonly Resource[]): GroupKind {
  return { group: first?.key.group ?? "", kind: first?.key.kind ?? "" };
}

/**
 * The name of a kind's resource, as its definition has it: right for every kind of the mesh (gateways, telemetries,
 * gatewayclasses). Source: the definitions of istio.io/api and sigs.k8s.io/gateway-api.
 */
function guessPlural(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith("s")) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
