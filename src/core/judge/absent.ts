import { oneSided } from "../compare/compare-sides.ts";
import type { Finding, Unchecked, UnreadKind } from "../model/finding.ts";
import {
  formatFew,
  formatKind,
  type GroupKind,
  isSameKind,
  type Resource,
  type ResourceKey,
} from "../model/resource.ts";
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
export function judgeAbsent(onlyDesired: readonly Resource[], live: LiveSide): Absent {
  const missing: Finding[] = [];
  const unserved = new Map<string, Resource[]>();
  const unknown = new Map<string, Resource[]>();
  for (const resource of onlyDesired) {
    const { key } = resource;
    if (live.unserved.some((kind) => isSameKind(key, kind))) collect(unserved, resource);
    else if (live.isComplete(key, key.namespace)) missing.push(oneSided("missing", resource));
    else if (whyUnread(live, key) === undefined) collect(unknown, resource);
  }
  missing.push(...[...unserved.values()].map(missingDefinition));
  // Where a whole part of the live side could not be read, that says it all.
  if (live.unchecked.some(({ key }) => key === undefined)) return { missing, unchecked: [] };
  return { missing, unchecked: [...unknown.values()].map(kindNotRead) };
}

/**
 * Kinds that could not be listed, as far as they matter to a target: it wants an object of them there, or looks after a
 * namespace in which nobody can say now what is extra.
 */
export function judgeUnread(
  set: DesiredSet,
  live: LiveSide,
  canBeExtra: (kind: GroupKind) => boolean,
): Unchecked[] {
  return live.unread.flatMap((unread) => {
    const { kind, code, reason, hint } = unread;
    const isAffected = (namespace: string): boolean =>
      !live.isComplete(kind, namespace) && whyUnread(live, { ...kind, namespace }) === unread;
    const wanted = set.mesh.filter(({ key }) => isSameKind(key, kind) && isAffected(key.namespace));
    const scope = canBeExtra(kind) ? set.scope.filter(isAffected) : [];
    if (wanted.length === 0 && scope.length === 0) return [];
    const place = unread.namespace === undefined ? "" : ` in namespace ${unread.namespace}`;
    return [{ what: `${formatKind(kind)}${place}`, kind, code, reason, hint }];
  });
}

/** Why there is no complete list of a kind in a namespace; what is said of that namespace goes first. */
function whyUnread(
  live: LiveSide,
  { namespace, ...kind }: Pick<ResourceKey, "group" | "kind" | "namespace">,
): UnreadKind | undefined {
  const ofKind = live.unread.filter((unread) => isSameKind(kind, unread.kind));
  return (
    ofKind.find((unread) => unread.namespace === namespace) ??
    ofKind.find((unread) => unread.namespace === undefined)
  );
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
