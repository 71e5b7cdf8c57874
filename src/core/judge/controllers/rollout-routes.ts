import { field, isList, isObject, type Json, objectOf, sameJson, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { type AddedRoute, canaryPart, count, type RoutesWanted, type Split } from "./drive.ts";
import { destinationsOf, itemsOf, type RouteShape } from "./route-shape.ts";
import { isAborted, isPromoted } from "./rollout-splits.ts";

/** A route that only live has, and what its Rollout wants of routes. */
interface Question extends Pick<RoutesWanted, "partOf"> {
  readonly added: AddedRoute;
  readonly splits: readonly Split[];
}

/** A step that adds a route. */
interface Added {
  readonly name: string;
  readonly type: "header" | "mirror";
  readonly step: Json;
}

/**
 * Whether a Rollout has added a route, and whether its steps so far say so: those of setHeaderRoute and setMirrorRoute
 * under a name of `managedRoutes`, which go with the rollout. In HTTPRoutes they have no name.
 * Source: argoproj/argo-rollouts rollout/trafficrouting/istio/istio.go (SetHeaderRoute, SetMirrorRoute,
 * RemoveManagedRoutes); argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi pkg/plugin/httproute.go (setHTTPHeaderRoute)
 */
export function judgeManaged(
  rollout: Resource,
  question: Question,
  shape: RouteShape,
): "foreign" | "in-step" | "out-of-step" {
  const added = addedSoFar(rollout);
  const { route } = question.added;
  if (shape.destinations !== "route") {
    return added.some(({ type, step }) => type === "header" && isHeaderRule(step, question, shape))
      ? "in-step"
      : "foreign";
  }
  const name = textField(route, "name");
  const routing = field(canaryOf(rollout), "trafficRouting");
  const isManaged = itemsOf(routing, "managedRoutes").some((one) => textField(one, "name") === name);
  if (name === "" || !isManaged) return "foreign";
  const found = added.find((one) => one.name === name);
  if (found === undefined) return "out-of-step";
  const isAsWanted =
    found.type === "header"
      ? isHeaderRoute(found.step, question, shape)
      : isMirrorRoute(found.step, question, shape);
  return isAsWanted ? "in-step" : "out-of-step";
}

function canaryOf({ object }: Resource): Json | undefined {
  return field(field(field(object, "spec"), "strategy"), "canary");
}

/** The routes that the steps have added up to now, and not taken back: a step without a match does that. */
function addedSoFar(rollout: Resource): readonly Added[] {
  const status = field(rollout.object, "status") ?? null;
  const index = count(field(status, "currentStepIndex")) ?? -1;
  if (hasNoSteps(status)) return [];
  const found = new Map<string, Added>();
  for (const one of itemsOf(canaryOf(rollout), "steps").slice(0, index + 1)) {
    const header = field(one, "setHeaderRoute");
    const step = header ?? field(one, "setMirrorRoute");
    if (step === undefined) continue;
    const name = textField(step, "name");
    const type = header === undefined ? "mirror" : "header";
    if (itemsOf(step, "match").length === 0) found.delete(name);
    else found.set(name, { name, type, step });
  }
  return [...found.values()];
}

/** Whether what the steps have added is gone again. */
function hasNoSteps(status: Json): boolean {
  return isPromoted(status) || isAborted(status) || field(status, "promoteFull") === true;
}

function hasOnly(route: Json, names: readonly string[]): boolean {
  return isObject(route) && Object.keys(route).every((name) => names.includes(name));
}

/** Without what a serializer may leave out. */
function pruned(value: Json): Json {
  if (isList(value)) return value.map(pruned);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, pruned(item)] as const);
  return objectOf(
    entries.filter(
      ([, item]) => item !== null && item !== "" && !(isObject(item) && Object.keys(item).length === 0),
    ),
  );
}

/** All that match the headers go to the canary. */
function isHeaderRoute(step: Json, { added: { route }, partOf }: Question, shape: RouteShape): boolean {
  const wanted = itemsOf(step, "match").map((one) => ({
    headers: { [textField(one, "headerName")]: pruned(field(one, "headerValue") ?? null) },
  }));
  return (
    hasOnly(route, ["name", "match", "route"]) &&
    sameJson(wanted, itemsOf(route, "match").map(pruned)) &&
    isToCanary(route, partOf, shape)
  );
}

function isToCanary(route: Json, partOf: RoutesWanted["partOf"], shape: RouteShape): boolean {
  const destinations = destinationsOf(route, shape);
  const [only] = destinations;
  return (
    destinations.length === 1 &&
    only !== undefined &&
    only.isPlain &&
    only.weight > 0 &&
    partOf(only.host, only.subset) === canaryPart
  );
}

/** What matches is split like the rest, and a share of it is mirrored to the canary. */
function isMirrorRoute(step: Json, question: Question, shape: RouteShape): boolean {
  const { added, splits, partOf } = question;
  const { route } = added;
  const wanted = itemsOf(step, "match").map((one) =>
    pruned({
      method: field(one, "method") ?? null,
      uri: field(one, "path") ?? null,
      headers: field(one, "headers") ?? null,
    }),
  );
  const percent = count(field(step, "percentage")) ?? 100;
  const mirrors = shape.mirrorsOf(route);
  const isMirrored = mirrors.every(
    (mirror) => partOf(mirror.host, mirror.subset) === canaryPart && mirror.percent === percent,
  );
  const isSplit = splits.some(({ weights }) =>
    destinationsOf(route, shape).every(
      ({ host, subset, weight, isPlain }) =>
        isPlain && weight === (weights.get(partOf(host, subset) ?? "") ?? -1),
    ),
  );
  return (
    hasOnly(route, ["name", "match", "route", "mirror", "mirrorPercentage"]) &&
    sameJson(wanted, itemsOf(route, "match").map(pruned)) &&
    mirrors.length === 1 &&
    isMirrored &&
    isSplit
  );
}

/** A rule of the plugin: the split's own matches with the headers of the step, to the canary alone. */
function isHeaderRule(step: Json, { added, partOf }: Question, shape: RouteShape): boolean {
  const { route, driven } = added;
  const headers = itemsOf(step, "match").map(headerMatch);
  const copies = driven.some((other) => {
    const wanted = itemsOf(other, "matches").map((match) => ({ ...plainMatch(match), headers }));
    const isCopy = sameJson(itemsOf(other, "filters"), itemsOf(route, "filters"));
    return isCopy && sameJson(wanted, itemsOf(route, "matches"));
  });
  return hasOnly(route, ["matches", "filters", "backendRefs"]) && copies && isToCanary(route, partOf, shape);
}

/** What the plugin copies of a match. */
function plainMatch(match: Json): Record<string, Json> {
  const parts = ["path", "queryParams"].flatMap((name): readonly (readonly [string, Json])[] => {
    const value = field(match, name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(parts);
}

function headerMatch(match: Json): Json {
  const value = field(match, "headerValue");
  const name = textField(match, "headerName");
  const exact = textField(value, "exact");
  if (exact !== "") return { name, type: "Exact", value: exact };
  const prefix = textField(value, "prefix");
  return {
    name,
    type: "RegularExpression",
    value: prefix === "" ? textField(value, "regex") : `${prefix}.*`,
  };
}
