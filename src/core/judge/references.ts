import type { Dangling, Finding } from "../model/finding.ts";
import {
  compareKeys,
  formatKind,
  type GroupKind,
  isSameKind,
  keyId,
  type Resource,
  type ResourceKey,
} from "../model/resource.ts";
import { destinationsOf, hostReference } from "./references/destinations.ts";
import { newDuplicates } from "./references/duplicates.ts";
import { delegateReferences, gatewayReferences } from "./references/gateways.ts";
import { backendReferences, parentReferences, targetReferences } from "./references/routes.ts";
import { selectorReferences } from "./references/selectors.ts";
import { subsetReferences } from "./references/subsets.ts";
import { findIn, kinds, type Reference, type World } from "./references/world.ts";

/**
 * References that the drift broke: they lead nowhere live, and would lead somewhere if live were what Git wants. Nothing
 * is said of what was broken anyway, nor of what cannot be told because not everything was read.
 */

/** The live side of a cluster, and what its targets want. */
export interface ReferenceInput extends World {
  /** What the targets want, by keyId. */
  readonly desired: ReadonlyMap<string, Resource>;
}

/** One sort of references. */
interface Finder {
  readonly find: (resource: Resource, world: World) => readonly Reference[];
  /** The kinds that they lead to: only drift of these, or of the object that refers, can break one. */
  readonly to: readonly GroupKind[];
}

const { virtualService, destinationRule, serviceEntry, workloadEntry, service, routeGateway } = kinds;

const routeFinders: readonly Finder[] = [
  { find: parentReferences, to: [routeGateway, kinds.gateway, service, serviceEntry] },
  { find: backendReferences, to: [service, serviceEntry, kinds.referenceGrant] },
];

const findersByKind: Readonly<Record<string, readonly Finder[]>> = {
  [formatKind(virtualService)]: [
    { find: destinationReferences, to: [destinationRule, serviceEntry, service] },
    { find: gatewayReferences, to: [kinds.gateway] },
    { find: delegateReferences, to: [virtualService] },
  ],
  ...Object.fromEntries(
    ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].map((kind) => [
      formatKind({ group: routeGateway.group, kind }),
      routeFinders,
    ]),
  ),
};

const findersOfAll: readonly Finder[] = [
  { find: targetReferences, to: [routeGateway, service, serviceEntry] },
  { find: selectorReferences, to: [workloadEntry, kinds.pod] },
];

function destinationReferences(resource: Resource, world: World): readonly Reference[] {
  return destinationsOf(resource, world).flatMap((destination) => [
    ...subsetReferences(destination, resource, world),
    hostReference(destination, world),
  ]);
}

function findersOf({ key }: Resource): readonly Finder[] {
  return [...(findersByKind[formatKind(key)] ?? []), ...findersOfAll];
}

/**
 * What the findings of a cluster broke, one finding for each place that refers to something gone; sorted by key. The
 * findings are those of all targets that are reported.
 */
export function findDangling(findings: readonly Finding[], input: ReferenceInput): readonly Finding[] {
  const drifted = driftedKeys(findings);
  if (drifted.size === 0) return [];
  const sides: Sides = {
    live: input,
    wanted: wantedWorld(drifted, input),
    drifted,
    kinds: new Set([...drifted.values()].map(formatKind)),
  };
  const broken = [...input.resources.flatMap((resource) => brokenBy(resource, sides)), ...duplicates(sides)];
  return broken
    .map(({ key, dangling }): Finding => {
      const provenance = input.desired.get(keyId(key))?.provenance;
      return { type: "dangling", key, changes: [], ...(provenance && { provenance }), dangling };
    })
    .sort((a, b) => compareKeys(a.key, b.key));
}

/** The objects that live has otherwise than Git wants. A conflict says nothing of live. */
function driftedKeys(findings: readonly Finding[]): ReadonlyMap<string, ResourceKey> {
  const keys = findings
    .filter(({ type }) => type === "changed" || type === "missing" || type === "extra")
    .flatMap(({ key, blocks }) => blocks ?? [key]);
  return new Map(keys.map((key) => [keyId(key), key]));
}

interface Sides {
  readonly live: World;
  /** What would be live without the drift. */
  readonly wanted: World;
  readonly drifted: ReadonlyMap<string, ResourceKey>;
  /** The kinds of what drifted. */
  readonly kinds: ReadonlySet<string>;
}

function wantedWorld(
  drifted: ReadonlyMap<string, ResourceKey>,
  { desired, ...live }: ReferenceInput,
): World & Pick<ReferenceInput, "desired"> {
  const kept = live.resources.filter(({ key }) => !drifted.has(keyId(key)));
  const wanted = [...drifted.keys()].flatMap((id) => desired.get(id) ?? []);
  return { ...live, desired, resources: [...kept, ...wanted] };
}

interface BrokenReference {
  readonly key: ResourceKey;
  readonly dangling: Dangling;
}

function brokenBy(resource: Resource, sides: Sides): readonly BrokenReference[] {
  const { key } = resource;
  const live = findersOf(resource)
    .filter(({ to }) => sides.drifted.has(keyId(key)) || to.some((kind) => sides.kinds.has(formatKind(kind))))
    .flatMap(({ find }) => find(resource, sides.live))
    .filter(({ state }) => state.type === "broken");
  if (live.length === 0) return [];
  const before = wantedReferences(key, sides);
  if (before === undefined) return [];
  const found = new Map<string, BrokenReference>();
  for (const { id, path, state } of live) {
    const was = before.get(id) ?? { type: "holds", by: [] };
    if (state.type !== "broken" || was.type !== "holds" || found.has(path)) continue;
    const cause = [...was.by, ...state.by, key].find((one) => sides.drifted.has(keyId(one)));
    if (cause === undefined) continue;
    const { reason, code } = state;
    const dangling = { path, reason, ...(code !== undefined && { code }), brokenBy: cause };
    found.set(path, { key, dangling });
  }
  return [...found.values()];
}

/** The states of what an object refers to without the drift; undefined where a variable without a value may decide it. */
function wantedReferences(
  key: ResourceKey,
  { wanted }: Sides,
): ReadonlyMap<string, Reference["state"]> | undefined {
  const resource = findIn(wanted, key);
  if (resource === undefined) return new Map();
  if (resource.unresolved !== undefined) return undefined;
  const all = findersOf(resource).flatMap(({ find }) => find(resource, wanted));
  return new Map(all.map(({ id, state }) => [id, state]));
}

/** Hosts that a VirtualService took which another one has; of two that both drifted, once. */
function duplicates({ live, wanted, drifted }: Sides): readonly BrokenReference[] {
  const told = new Set<string>();
  const routing = [...drifted.values()].filter((key) => isSameKind(key, virtualService));
  return routing.flatMap((one) =>
    newDuplicates(one, live, wanted).flatMap(({ id, key, by, path, reason, code }) => {
      const pair = [...[keyId(key), keyId(by)].sort(), id].join(" ");
      if (told.has(pair)) return [];
      told.add(pair);
      return [{ key, dangling: { path, reason, ...(code !== undefined && { code }), brokenBy: by } }];
    }),
  );
}
