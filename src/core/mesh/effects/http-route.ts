import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { eitherSide, hostsInWords, itemsOf, nameAt } from "../effect-values.ts";
import { added, any, changed, falls, from, removed, reordered, rises, to, where } from "../effect-words.ts";
import { listAt, scalarText } from "../sites.ts";
import { filterRows } from "./http-route-filters.ts";
import {
  aboutRequests,
  destinationRows,
  matchRows,
  newShare,
  routeRows,
  timeLimitRows,
  tryLimitRows,
} from "./route-words.ts";

/** Sentences about HTTPRoutes: what requests see. Facts: gateway-api apis/v1/httproute_types.go. */

function parentOf(at: Difference): string {
  return nameAt(eitherSide(at), "name") ?? "a parent";
}

/** The only backend of a rule takes everything, unless it weighs nothing. */
function isOnly({ up }: Difference): boolean {
  return itemsOf(up?.up?.live).length === 1;
}

const fields: EffectTable = {
  spec: [any("requests may be routed differently")],
  "spec.parentRefs": [
    added("it is reachable through its parents", "weakens"),
    removed("it is no longer reachable through its parents", "strengthens"),
    any("it is reachable in another way", "weakens"),
  ],
  "spec.parentRefs[]": [
    added((at) => `its hosts are also reachable through ${parentOf(at)}`, "weakens"),
    removed((at) => `its hosts are no longer reachable through ${parentOf(at)}`, "strengthens"),
    any((at) => `its hosts are reachable through another place of ${parentOf(at)}`, "weakens"),
  ],
  "spec.parentRefs[].sectionName": [
    added("its hosts are reachable through listener {value} only", "strengthens"),
    removed("its hosts are reachable through every listener, no longer only {git}", "weakens"),
    changed("its hosts are reachable through listener {value} in place of {git}", "weakens"),
  ],
  "spec.useDefaultGateways": [any("it may be reachable through the default Gateways", "weakens")],
  "spec.hostnames": [
    added("it holds for the named hosts only"),
    removed("it holds for every host of its listeners", "weakens"),
    any("it holds for other hosts"),
  ],
  "spec.hostnames[]": [added("it also holds for {value}"), removed("it no longer holds for {git}")],
  "spec.rules": [
    reordered("of matches that are equally specific the first wins: another rule may be taken"),
    added("requests are routed by rules that Git does not have"),
    removed("no rule routes requests any more"),
    any("requests are routed by other rules"),
  ],
  "spec.rules[]": routeRows("requests"),
  "spec.rules[].name": [any("access logs and statistics name the rule differently")],
  ...matchRows("spec.rules[].matches"),
  "spec.rules[].matches[].path": [any("the route takes other paths")],
  "spec.rules[].matches[].path.value": [changed("the route takes {value} in place of {git}")],
  "spec.rules[].matches[].queryParams": [any("the route takes requests with other query parameters")],
  "spec.rules[].matches[].method": [
    added("the route takes only {value} requests"),
    removed("the route takes requests with every method"),
    changed("the route takes {value} requests in place of {git}"),
  ],
  ...filterRows("spec.rules[].filters"),
  "spec.rules[].backendRefs": [
    removed("requests are answered with an error: no backend is left"),
    any("requests go to other backends"),
  ],
  "spec.rules[].backendRefs[]": destinationRows,
  "spec.rules[].backendRefs[].weight": [
    ...where(isOnly, [
      to(0, aboutRequests("are answered with 500")),
      from(0, aboutRequests("are answered again, no longer with 500")),
    ]),
    any(newShare),
  ],
  "spec.rules[].backendRefs[].name": [changed("requests go to {value} in place of {git}")],
  "spec.rules[].backendRefs[].port": [any("requests go to another port")],
  ...filterRows("spec.rules[].backendRefs[].filters"),
  "spec.rules[].timeouts": [
    added(aboutRequests("get a time limit")),
    removed(aboutRequests("have no time limit any more")),
    any(aboutRequests("have another time limit")),
  ],
  "spec.rules[].timeouts.request": timeLimitRows,
  "spec.rules[].timeouts.backendRequest": tryLimitRows,
  "spec.rules[].retry": [
    added("failed requests are tried again as written here, not by the default of the mesh"),
    removed("failed requests are tried again by the default of the mesh"),
    any("failed requests are tried again differently"),
  ],
  "spec.rules[].retry.attempts": [
    to(0, "retries are now off"),
    from(0, "retries are now on"),
    rises("failed requests are tried again more often: up to {value}, no longer {git}"),
    falls("failed requests are tried again less often: up to {value}, no longer {git}"),
    any("failed requests are tried another number of times again"),
  ],
  "spec.rules[].retry.codes": [any("other failures are tried again")],
  "spec.rules[].retry.backoff": [any("retries wait another time before they are made")],
  "spec.rules[].sessionPersistence": [
    added("requests of one session stay with one backend"),
    removed("requests of one session may go to any backend"),
    any("requests of one session stay with one backend in another way"),
  ],
};

function hostsOf({ object }: Resource): string {
  return hostsInWords(listAt(object, "spec", "hostnames").map(scalarText), 50);
}

/** What changes of an HTTPRoute do. */
export const httpRouteEffects: KindEffects = {
  group: "gateway.networking.k8s.io",
  kind: "HTTPRoute",
  fields,
  missing: (resource) => ({
    text: `requests to ${hostsOf(resource)} are not routed by it, or get no answer`,
    direction: "neutral",
  }),
  extra: (resource) => ({
    text: `requests to ${hostsOf(resource)} are routed by rules that Git does not have`,
    direction: "weakens",
  }),
};
