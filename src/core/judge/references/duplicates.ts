import { field, isList } from "../../model/json.ts";
import { once } from "../../model/once.ts";
import { keyId, type Resource, type ResourceKey } from "../../model/resource.ts";
import { gatewaysOf, hostsOf } from "./gateways.ts";
import { specIn, textsAt } from "./paths.ts";
import { allIn, findIn, kinds, placeOf, type World } from "./world.ts";

/** Hosts that two VirtualServices route at one gateway. */

/** A host that another VirtualService routes, too. */
export interface Duplicate {
  /** The gateway and the host. */
  readonly id: string;
  /** The one that was there before. */
  readonly key: ResourceKey;
  readonly path: string;
  readonly reason: string;
  readonly code?: string;
  /** The one that came. */
  readonly by: ResourceKey;
}

/** What a VirtualService claims: a host at a gateway, for what it has routes for. */
function claimsOf(resource: Resource, world: World): readonly string[] {
  const { value: spec } = specIn(resource.object);
  const hosts = hostsOf(resource, world);
  const protocols = ["http", "tls", "tcp"].filter((name) => isFilled(field(spec, name)));
  return gatewaysOf(resource).flatMap((gateway) =>
    scopesOf(resource, gateway).flatMap((scope) =>
      hosts.flatMap((host) => protocols.map((protocol) => JSON.stringify([gateway, host, scope, protocol]))),
    ),
  );
}

function isFilled(value: Parameters<typeof isList>[0]): boolean {
  return isList(value) && value.length > 0;
}

/** For sidecars: the namespaces that see it. Source: istio virtualservice/conflictingmeshgatewayhosts.go. */
function scopesOf({ key, object }: Resource, gateway: string): readonly string[] {
  if (gateway !== "mesh") return ["*"];
  const exportTo = textsAt(specIn(object).value, "exportTo");
  if (exportTo.length === 0 || exportTo.includes("*")) return ["*"];
  return [...new Set(exportTo.map((name) => (name === "." ? key.namespace : name)))];
}

const claimants = once((world: World) => {
  const found = new Map<string, ResourceKey[]>();
  for (const resource of allIn(world, kinds.virtualService)) {
    for (const claim of new Set(claimsOf(resource, world))) {
      const others = found.get(claim);
      if (others === undefined) found.set(claim, [resource.key]);
      else others.push(resource.key);
    }
  }
  return found;
});

/** The hosts that a VirtualService shares live with one that it shares them with in no other world: one each. */
export function newDuplicates(key: ResourceKey, live: World, wanted: World): readonly Duplicate[] {
  const resource = findIn(live, key);
  if (resource === undefined) return [];
  const found = new Map<string, Duplicate>();
  for (const claim of new Set(claimsOf(resource, live))) {
    const before = new Set((claimants(wanted).get(claim) ?? []).map(keyId));
    const sharedBefore = before.has(keyId(key)) ? before : new Set<string>();
    const others = (claimants(live).get(claim) ?? []).filter((other) => keyId(other) !== keyId(key));
    const other = others.find((one) => !sharedBefore.has(keyId(one)));
    const [gateway = "", host = ""] = JSON.parse(claim) as readonly string[];
    const id = `${gateway} ${host}`;
    if (other === undefined || found.has(id)) continue;
    found.set(id, duplicate({ id, key: other, by: key }, { gateway, host }, live));
  }
  return [...found.values()];
}

function duplicate(
  { id, key, by }: Pick<Duplicate, "id" | "key" | "by">,
  { gateway, host }: { readonly gateway: string; readonly host: string },
  live: World,
): Duplicate {
  const other = findIn(live, key);
  const index = other === undefined ? -1 : hostsOf(other, live).indexOf(host);
  const path = `spec.hosts[${String(Math.max(index, 0))}]`;
  const what = `VirtualService ${placeOf(by)} routes host ${host}, too`;
  // At a gateway the routes of both are put together, the oldest first (istio pilot/pkg/model/config.go:316-333).
  return gateway === "mesh"
    ? { id, key, by, path, reason: `${what}: sidecars take only one of the two`, code: "IST0109" }
    : { id, key, by, path, reason: `${what}, at Gateway ${gateway}: the routes of the older one go first` };
}
