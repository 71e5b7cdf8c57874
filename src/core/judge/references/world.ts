import { once } from "../../model/once.ts";
import { formatKind, type GroupKind, keyId, type Resource, type ResourceKey } from "../../model/resource.ts";

/** One side of a cluster, as references are looked up in it. */
export interface World {
  /** The cluster's DNS domain. */
  readonly domain: string;
  /** The namespace whose rules hold for clients of every other. */
  readonly rootNamespace: string;
  readonly resources: readonly Resource[];
  /** Whether these are all objects of a kind that a namespace, or the cluster, has. */
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}

/** One thing that an object refers to. */
export interface Reference {
  /** What is referred to, and by whom of its users: the same on both sides. */
  readonly id: string;
  readonly path: string;
  readonly state: ReferenceState;
}

/** Whether a reference leads to something; `by` are the objects that decide it. */
export type ReferenceState =
  | { readonly type: "holds"; readonly by: readonly ResourceKey[] }
  | {
      readonly type: "broken";
      readonly by: readonly ResourceKey[];
      /** One sentence for people, without a full stop. */
      readonly reason: string;
      /** What `istioctl analyze` calls it. */
      readonly code?: string;
    }
  /** Not everything was read that would have to be known. */
  | { readonly type: "unknown" };

/** Kinds that references lead to. */
export const kinds = {
  virtualService: { group: "networking.istio.io", kind: "VirtualService" },
  destinationRule: { group: "networking.istio.io", kind: "DestinationRule" },
  gateway: { group: "networking.istio.io", kind: "Gateway" },
  serviceEntry: { group: "networking.istio.io", kind: "ServiceEntry" },
  workloadEntry: { group: "networking.istio.io", kind: "WorkloadEntry" },
  routeGateway: { group: "gateway.networking.k8s.io", kind: "Gateway" },
  referenceGrant: { group: "gateway.networking.k8s.io", kind: "ReferenceGrant" },
  service: { group: "", kind: "Service" },
  pod: { group: "", kind: "Pod" },
} as const satisfies Readonly<Record<string, GroupKind>>;

const idsOf = once(
  ({ resources }: World) => new Map(resources.map((resource) => [keyId(resource.key), resource])),
);

const kindsOf = once(({ resources }: World) => {
  const byKind = new Map<string, Resource[]>();
  for (const resource of resources) {
    const kind = formatKind(resource.key);
    const others = byKind.get(kind);
    if (others === undefined) byKind.set(kind, [resource]);
    else others.push(resource);
  }
  return byKind;
});

/** An object of a world. */
export function findIn(world: World, key: ResourceKey): Resource | undefined {
  return idsOf(world).get(keyId(key));
}

/** All objects of a kind that were read. */
export function allIn(world: World, kind: GroupKind): readonly Resource[] {
  return kindsOf(world).get(formatKind(kind)) ?? [];
}

/** Whether an object is there; unknown where its kind was not read in full and it was not seen. */
export function lookUp(
  world: World,
  key: ResourceKey,
  broken: { readonly reason: string; readonly code?: string },
): ReferenceState {
  if (findIn(world, key) !== undefined) return { type: "holds", by: [key] };
  return world.isComplete(key, key.namespace) ? { type: "broken", by: [], ...broken } : { type: "unknown" };
}

/** "shop/reviews" */
export function placeOf({ namespace, name }: ResourceKey): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}
