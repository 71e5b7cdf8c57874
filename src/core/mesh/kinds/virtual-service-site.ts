import { field, isList, isObject, type Json, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { fullGateway, fullHost } from "../hosts.ts";
import { isSet, itemOf, listAt, scalarText, specOf } from "../sites.ts";
import type { Answer, Site } from "../table.ts";

/** What rules of the VirtualService ask of their surroundings. */

/**
 * Whether an HTTP route stands for itself. In a delegate (no hosts), and in a route that delegates, a field left out
 * is taken from the other one, so that leaving it out is information (istio pilot/pkg/model/virtualservice.go:215-262).
 */
export function standsAlone(at: Site): boolean {
  return listAt(specOf(at), "hosts").length > 0 && !isSet(itemOf(at, "http"), "delegate");
}

/** The destinations of the HTTP route that a value stands in. */
export function destinationsOf(at: Site): readonly Json[] {
  return listAt(itemOf(at, "http"), "route");
}

/**
 * Whether at least two destinations have a DestinationRule that hashes: the hash policies of a route stand in the order
 * of its destinations.
 */
export function hashesApart(at: Site): Answer {
  const destinations = destinationsOf(at);
  if (destinations.length < 2) return false;
  const rules = hashedHosts(at);
  const hosts = destinations.map((item) => textField(field(item, "destination"), "host"));
  const isHashed = (host: string): boolean => {
    const full = scalarText(fullHost(host, at));
    return rules.names.has(full) || rules.patterns.some((pattern) => covers(pattern, full));
  };
  if (hosts.filter(isHashed).length > 1) return true;
  // A rule of any namespace may be for one of the hosts.
  const isWhole = at.facts.isWhole("networking.istio.io", "DestinationRule");
  return isWhole ? false : { missing: "all DestinationRules of the cluster" };
}

interface HashedHosts {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly string[];
}

/** Hosts whose DestinationRule hashes, by the list of rules: every VirtualService asks. */
const hashed = new WeakMap<readonly Resource[], HashedHosts>();

function hashedHosts(at: Site): HashedHosts {
  const rules = at.facts.all("networking.istio.io", "DestinationRule");
  const known = hashed.get(rules);
  if (known !== undefined) return known;
  const hosts = rules
    .filter(({ object }) => holdsField(field(object, "spec"), "consistentHash"))
    .map((rule) => fullHost(textField(field(rule.object, "spec"), "host"), { ...at, object: rule }))
    .map(scalarText);
  const found = {
    names: new Set(hosts),
    patterns: hosts.filter((host) => host.startsWith("*")),
  };
  hashed.set(rules, found);
  return found;
}

function holdsField(value: Json | undefined, name: string): boolean {
  if (isList(value)) return value.some((item) => holdsField(item, name));
  return (
    isObject(value) && (isSet(value, name) || Object.values(value).some((item) => holdsField(item, name)))
  );
}

/** Whether the matched prefix of the path may be what the route replaces. */
export function replacesPrefix(at: Site): boolean {
  return !standsAlone(at) || textField(field(itemOf(at, "http"), "rewrite"), "uri") !== "";
}

/** The gateways of the VirtualService by their full names; the sidecars of the mesh where it names none. */
function gatewaysOf(at: Site): readonly string[] {
  const named = listAt(specOf(at), "gateways").map((name) => scalarText(fullGateway(name, at)));
  return named.length === 0 ? ["mesh"] : named;
}

/** Whether the gateways of a match are at least those of the VirtualService, so that they narrow nothing. */
export function coversGateways(at: Site): boolean {
  const chosen = new Set(listAt(at.value).map((name) => scalarText(fullGateway(name, at))));
  return gatewaysOf(at).every((name) => chosen.has(name));
}

/**
 * Whether the hosts of every gateway take a name in lower case exactly where they take it as written: gateways
 * compare names by case, and Envoy gets them in lower case.
 */
export function isFoldedByGateways(at: Site): Answer {
  const name = at.value;
  const gateways = gatewaysOf(at);
  if (typeof name !== "string" || name.startsWith("*") || gateways.includes("mesh")) return false;
  for (const gateway of gateways) {
    const [namespace = "", gatewayName = ""] = gateway.split("/");
    const found = at.facts.find("networking.istio.io", "Gateway", namespace, gatewayName);
    if (found === "unknown") return { missing: `the Gateway ${gateway}` };
    const hosts = listAt(found.object, "spec", "servers").flatMap((server) => listAt(server, "hosts"));
    if (!hosts.every((host) => covers(host, name) === covers(host, name.toLowerCase()))) return false;
  }
  return true;
}

function covers(host: Json, name: string): boolean {
  const pattern = scalarText(host).split("/").at(-1) ?? "";
  return pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : pattern === name;
}
