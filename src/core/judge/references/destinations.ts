import { textField } from "../../model/json.ts";
import { once } from "../../model/once.ts";
import type { Resource, ResourceKey } from "../../model/resource.ts";
import { resolveHost } from "../../mesh/hosts.ts";
import { coversHost } from "./host-names.ts";
import { fieldIn, itemsIn, type Placed, specIn, textsAt } from "./paths.ts";
import { allIn, findIn, kinds, type Reference, type ReferenceState, type World } from "./world.ts";

/** Where a VirtualService sends requests, and which objects make a host known. */

/** One destination of a route or of copies of requests. */
export interface Destination {
  readonly path: string;
  /** The full name of the host. */
  readonly host: string;
  /** "" where there is none. */
  readonly subset: string;
}

/** Every destination of a VirtualService, also of one that others delegate to. */
export function destinationsOf({ key, object }: Resource, { domain }: World): readonly Destination[] {
  const spec = specIn(object);
  const http = itemsIn(spec, "http");
  const routes = [...http, ...itemsIn(spec, "tls"), ...itemsIn(spec, "tcp")];
  const placed = [
    ...routes.flatMap((route) => [...itemsIn(route, "route"), ...itemsIn(route, "mirrors")]),
  ].flatMap((item) => fieldIn(item, "destination"));
  return [...placed, ...http.flatMap((route) => fieldIn(route, "mirror"))].flatMap(
    ({ path, value }: Placed): readonly Destination[] => {
      const host = textField(value, "host");
      if (host === "") return [];
      return [{ path, host: resolveHost(host, key.namespace, domain), subset: textField(value, "subset") }];
    },
  );
}

/** The namespace and name of the Service that a host is the name of; undefined for other hosts. */
export function serviceKeyOf(host: string, { domain }: World): ResourceKey | undefined {
  const suffix = `.svc.${domain}`;
  if (!host.endsWith(suffix)) return undefined;
  const [name = "", namespace = "", ...rest] = host.slice(0, -suffix.length).split(".");
  if (rest.length > 0 || name === "" || namespace === "") return undefined;
  return { ...kinds.service, namespace, name };
}

interface EntryHost {
  readonly host: string;
  readonly key: ResourceKey;
}

/** The hosts of all ServiceEntries: by name, and those with a wildcard. */
const entryHosts = once((world: World) => {
  const named = new Map<string, ResourceKey[]>();
  const wild: EntryHost[] = [];
  for (const { key, object } of allIn(world, kinds.serviceEntry)) {
    for (const host of textsAt(specIn(object).value, "hosts")) {
      if (host.startsWith("*")) wild.push({ host, key });
      else named.set(host, [...(named.get(host) ?? []), key]);
    }
  }
  return { named, wild };
});

/** The ServiceEntries that make a host known. */
export function entriesOf(host: string, world: World): readonly ResourceKey[] {
  const { named, wild } = entryHosts(world);
  const covering = wild.filter((entry) => coversHost(entry.host, host));
  return [...(named.get(host) ?? []), ...covering.map(({ key }) => key)];
}

const hostStates = once<World, Map<string, ReferenceState>>(() => new Map());

/** Whether the host of a destination is known. */
export function hostReference({ path, host }: Destination, world: World): Reference {
  const known = hostStates(world);
  const state = known.get(host) ?? hostState(host, world);
  known.set(host, state);
  return { id: `host ${host}`, path: `${path}.host`, state };
}

/** Names that other clusters of a set may give (sigs.k8s.io/mcs-api). */
const clusterSet = ".svc.clusterset.local";

function hostState(host: string, world: World): ReferenceState {
  const service = serviceKeyOf(host, world);
  const found = service === undefined ? undefined : findIn(world, service);
  const by = [...(found === undefined ? [] : [found.key]), ...entriesOf(host, world)];
  if (by.length > 0) return { type: "holds", by };
  if (!isOrdinaryName(host) || !areHostsRead(service, world)) return { type: "unknown" };
  const what = service === undefined ? "no ServiceEntry" : "neither a Service nor a ServiceEntry";
  return { type: "broken", by: [], reason: `${what} has the host ${host}`, code: "IST0101" };
}

function isOrdinaryName(host: string): boolean {
  const isAddress = /^[\d.]+$|:/.test(host);
  return host.includes(".") && !host.includes("*") && !isAddress && !host.endsWith(clusterSet);
}

function areHostsRead(service: ResourceKey | undefined, world: World): boolean {
  const areServicesRead = service === undefined || world.isComplete(kinds.service, service.namespace);
  return areServicesRead && world.isComplete(kinds.serviceEntry);
}
