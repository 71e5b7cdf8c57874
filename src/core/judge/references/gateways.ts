import { textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { resolveGateway, resolveHost } from "../../mesh/hosts.ts";
import { listAt } from "../../mesh/sites.ts";
import { hostsMeet } from "./host-names.ts";
import { fieldIn, itemsIn, specIn, textsAt } from "./paths.ts";
import { findIn, kinds, lookUp, type Reference, type World } from "./world.ts";

/** What a VirtualService is bound to: gateways, and other VirtualServices that it leaves a route to. */

/** The gateways of a VirtualService by their full names; `mesh` alone where it names none. */
export function gatewaysOf({ key, object }: Resource): readonly string[] {
  const named = textsAt(specIn(object).value, "gateways").map((name) => resolveGateway(name, key.namespace));
  return named.length === 0 ? ["mesh"] : [...new Set(named)];
}

/** The hosts of a VirtualService by their full names. */
export function hostsOf({ key, object }: Resource, { domain }: World): readonly string[] {
  return textsAt(specIn(object).value, "hosts").map((host) => resolveHost(host, key.namespace, domain));
}

/** Whether the gateways of a VirtualService are there, and open for one of its hosts. */
export function gatewayReferences(resource: Resource, world: World): readonly Reference[] {
  const { path, value } = specIn(resource.object);
  return textsAt(value, "gateways").flatMap((written, index): readonly Reference[] => {
    const full = resolveGateway(written, resource.key.namespace);
    const [namespace = "", name = "", ...rest] = full.split("/");
    if (name === "" || rest.length > 0) return [];
    const at = `${path}.gateways[${String(index)}]`;
    const key = { ...kinds.gateway, namespace, name };
    const missing = { reason: `there is no Gateway ${full}`, code: "IST0101" };
    const gateway = findIn(world, key);
    const reference: Reference = { id: `gateway ${full}`, path: at, state: lookUp(world, key, missing) };
    if (gateway === undefined) return [reference];
    return [reference, { id: `hosts at ${full}`, path: at, state: hostsState(resource, gateway, world) }];
  });
}

/** Source: istio pkg/config/analysis/analyzers/virtualservice/gateways.go (vsHostInGateway). */
function hostsState(resource: Resource, gateway: Resource, world: World): Reference["state"] {
  const open = listAt(specIn(gateway.object).value, "servers").flatMap((server) => textsAt(server, "hosts"));
  const { namespace } = resource.key;
  const names = open.flatMap((host) => hostFor(namespace, host, gateway.key.namespace));
  const hosts = [...textsAt(specIn(resource.object).value, "hosts"), ...hostsOf(resource, world)];
  const by = [gateway.key];
  if (hosts.some((host) => names.some((name) => hostsMeet(name, host)))) return { type: "holds", by };
  const shown = `${gateway.key.namespace}/${gateway.key.name}`;
  const reason = `Gateway ${shown} has no server for a host of it`;
  return hosts.length === 0 ? { type: "unknown" } : { type: "broken", by, reason, code: "IST0132" };
}

/** The host of a server, where it is open for VirtualServices of a namespace. */
function hostFor(namespace: string, written: string, own: string): readonly string[] {
  const slash = written.indexOf("/");
  if (slash < 0) return [written];
  const [place, host] = [written.slice(0, slash), written.slice(slash + 1)];
  const isOpen = place === "*" || (place === "." ? own : place) === namespace;
  return isOpen ? [host] : [];
}

/** Whether the VirtualServices that routes are left to are there. */
export function delegateReferences({ key, object }: Resource, world: World): readonly Reference[] {
  return itemsIn(specIn(object), "http")
    .flatMap((route) => fieldIn(route, "delegate"))
    .map(({ path, value }) => {
      const namespace = textField(value, "namespace") || key.namespace;
      const target = { ...kinds.virtualService, namespace, name: textField(value, "name") };
      const full = `${namespace}/${target.name}`;
      const reason = `there is no VirtualService ${full} to leave the route to`;
      return { id: `delegate ${full}`, path, state: lookUp(world, target, { reason }) };
    });
}
