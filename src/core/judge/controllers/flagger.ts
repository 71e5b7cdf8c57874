import { field, type Json, sameJson, textField } from "../../model/json.ts";
import type { GroupKind, Resource } from "../../model/resource.ts";
import {
  type AddedRoute,
  canaryPart,
  controllerName,
  count,
  type Drive,
  isBeingDeleted,
  type RoutesWanted,
  safeWord,
  silent,
  stablePart,
} from "./drive.ts";
import { flaggerSplits } from "./flagger-splits.ts";
import { destinationsOf, itemsOf, type RouteShape, serviceOf } from "./route-shape.ts";

/** Flagger's object that says how far a rollout is. */
export const canaryKind: GroupKind = { group: "flagger.app", kind: "Canary" };

/** Phases in which a rollout is under way. Source: fluxcd/flagger pkg/apis/flagger/v1beta1/status.go */
const underWay = new Set(["Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"]);

/**
 * What a Canary says of a live object of its namespace; undefined where it has nothing to do with it. It drives the
 * VirtualService or HTTPRoute that is called as its service, and the DestinationRules of primary and canary.
 * Source: fluxcd/flagger pkg/apis/flagger/v1beta1/canary.go (GetServiceNames), pkg/router/factory.go
 */
export function flaggerDrive(canary: Resource, { key }: Resource): Drive | undefined {
  const apex = apexOf(canary);
  if (canary.key.namespace !== key.namespace || apex === "" || !mayProvide(canary, key)) return undefined;
  if (key.kind === "DestinationRule") return policyDrive(canary, apex, key.name);
  return key.name === apex ? phaseDrive(canary, apex) : undefined;
}

function phaseDrive(canary: Resource, apex: string): Drive {
  const status = field(canary.object, "status");
  const phase = textField(status, "phase");
  if (isBeingDeleted(canary) || phase === "Terminating" || phase === "Terminated") {
    return silent(canary, "is being deleted");
  }
  if (phase === "")
    return silent(canary, status === undefined ? "has no status yet" : "names no phase in its status");
  const odd = ["canaryWeight", "iterations"].find((name) => isOddNumber(field(status, name)));
  if (odd !== undefined) return silent(canary, `has a ${odd} in its status that is no number`);
  const splits = flaggerSplits(canary);
  if (splits === undefined)
    return silent(canary, `is in phase ${safeWord(phase)}, which drift does not know`);
  return {
    type: "says",
    controller: controllerName(canary),
    stage: `phase ${safeWord(phase)}`,
    inFlight: underWay.has(phase),
    routes: routesWanted(canary, apex, splits),
  };
}

/** Flagger writes whole numbers: what is there and is none, nobody can check against. */
function isOddNumber(value: Json | undefined): boolean {
  return value !== undefined && count(value) === undefined;
}

function apexOf({ object }: Resource): string {
  const spec = field(object, "spec");
  const named = textField(field(spec, "service"), "name");
  return named === "" ? textField(field(spec, "targetRef"), "name") : named;
}

/** Whether the mesh provider of a Canary, where it names one, writes this kind. */
function mayProvide({ object }: Resource, { group }: GroupKind): boolean {
  const provider = textField(field(object, "spec"), "provider");
  if (provider === "") return true;
  return group === "networking.istio.io" ? provider === "istio" : provider.startsWith("gatewayapi");
}

function policyDrive(canary: Resource, apex: string, name: string): Drive | undefined {
  if (name !== `${apex}-primary` && name !== `${apex}-canary`) return undefined;
  if (isBeingDeleted(canary)) return silent(canary, "is being deleted");
  const value = field(field(field(canary.object, "spec"), "service"), "trafficPolicy");
  const stage = "spec.service.trafficPolicy";
  return { type: "says", controller: controllerName(canary), stage, inFlight: false, policy: { value } };
}

function routesWanted(canary: Resource, apex: string, splits: RoutesWanted["splits"]): RoutesWanted {
  const cookies = cookiesOf(canary);
  const partOf: RoutesWanted["partOf"] = (host) => {
    const service = serviceOf(host, canary.key.namespace);
    if (service === `${apex}-primary`) return stablePart;
    return service === `${apex}-canary` ? canaryPart : undefined;
  };
  return {
    partOf,
    splits,
    cookies,
    isDriven: (route, _routes, shape) => {
      const all = destinationsOf(route, shape);
      return all.length > 1 && all.some(({ host }) => partOf(host, "") === canaryPart);
    },
    judgeAdded: (added, shape) => {
      const cookie = cookies.find((one) => matchesCookie(added.route, one, shape));
      if (cookie === undefined) return "foreign";
      return isStickyRoute(added, { partOf, cookie }, shape) ? "in-step" : "out-of-step";
    },
  };
}

/** The cookies by which Flagger knows the users of this canary and of the one before. */
function cookiesOf({ object }: Resource): readonly string[] {
  const spec = field(object, "spec");
  const analysis = field(spec, "analysis") ?? field(spec, "canaryAnalysis");
  if (field(analysis, "sessionAffinity") === undefined) return [];
  const status = field(object, "status");
  const cookies = ["sessionAffinityCookie", "previousSessionAffinityCookie"].map((name) =>
    textField(status, name),
  );
  return cookies.filter((cookie) => cookie.includes("="));
}

/** Whether every match of a route asks for the cookie, as Flagger writes it. */
function matchesCookie(route: Json, cookie: string, shape: RouteShape): boolean {
  const [name = "", value = ""] = cookie.split("=");
  const regex = `.*${name}.*${value}.*`;
  const matches = itemsOf(route, shape.destinations === "route" ? "match" : "matches");
  const asks = (match: Json): boolean => {
    const headers = field(match, "headers");
    if (shape.destinations === "route") return textField(field(headers, "Cookie"), "regex") === regex;
    return itemsOf(match, "headers").some(
      (header) => textField(header, "name") === "Cookie" && textField(header, "value") === regex,
    );
  };
  return matches.length > 0 && matches.every(asks);
}

/** Fields in which the route of the cookie may differ from the one it was copied from. */
const ofStickyRoute = new Set([
  "name",
  "match",
  "matches",
  "headers",
  "route",
  "backendRefs",
  "mirror",
  "mirrorPercentage",
]);

/**
 * Whether a route is a copy of the split but for whom it takes and where they go: all to the canary, or as the split does.
 * Source: fluxcd/flagger pkg/router/istio.go (SetRoutes), gateway_api.go (getSessionAffinityRouteRules)
 */
function isStickyRoute(
  { route, driven }: AddedRoute,
  { partOf, cookie }: Pick<RoutesWanted, "partOf"> & { readonly cookie: string },
  shape: RouteShape,
): boolean {
  const destinations = destinationsOf(route, shape);
  const weights = (value: Json): Json =>
    destinationsOf(value, shape).map(({ host, weight }) => [partOf(host, "") ?? "", weight]);
  const isPlain = destinations.every(({ host, isPlain }) => isPlain && partOf(host, "") !== undefined);
  const isAll = destinations.every(({ host, weight }) => weight === 0 || partOf(host, "") === canaryPart);
  const isMirrored = shape.mirrorsOf(route).every(({ host }) => partOf(host, "") === canaryPart);
  const rest = (value: Json): Json =>
    Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !ofStickyRoute.has(name)));
  const isCopy = (other: Json): boolean =>
    other !== route &&
    sameJson(rest(other), rest(route)) &&
    (isAll || sameJson(weights(other), weights(route))) &&
    hasHeadersOf(other, route, cookie);
  return isPlain && isMirrored && driven.some(isCopy);
}

/** Whether a route has the headers of another one, and besides at most takes the cookie from its users. */
function hasHeadersOf(other: Json, route: Json, cookie: string): boolean {
  const [own, added] = [field(other, "headers"), field(route, "headers")];
  if (added === undefined || (own !== undefined && sameJson(own, added))) return true;
  const value = textField(field(field(added, "response"), "add"), "Set-Cookie");
  return value.startsWith(`${cookie}; `) && sameJson(added, { response: { add: { "Set-Cookie": value } } });
}
