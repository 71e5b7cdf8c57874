import { field, type Json, textField } from "../../model/json.ts";
import { type GroupKind, isSameKind, type Resource, type ResourceKey } from "../../model/resource.ts";
import {
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
import { destinationsOf, itemsOf, serviceOf } from "./route-shape.ts";
import { judgeManaged } from "./rollout-routes.ts";
import { additionalOf, isAborted, isPromoted, rolloutSplits } from "./rollout-splits.ts";

/** Argo Rollouts' object that says how far a rollout is. */
export const rolloutKind: GroupKind = { group: "argoproj.io", kind: "Rollout" };

const destinationRule: GroupKind = { group: "networking.istio.io", kind: "DestinationRule" };

/** How a Rollout names an object whose routes it sets. */
interface Claim {
  /** Names of the HTTP routes that are meant; none: the first without a name. */
  readonly names?: readonly string[];
}

/**
 * What a Rollout says of a live object; undefined where it has nothing to do with it.
 * Source: argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/types.go (RolloutTrafficRouting, RolloutStatus)
 */
export function rolloutDrive(rollout: Resource, { key }: Resource): Drive | undefined {
  const canary = field(field(field(rollout.object, "spec"), "strategy"), "canary");
  const routing = field(canary, "trafficRouting");
  const named = field(field(routing, "istio"), "destinationRule");
  const claim = claimOf(routing, rollout.key.namespace, key);
  if (claim === undefined && !isNamedRule(named, rollout.key.namespace, key)) return undefined;
  const status = field(rollout.object, "status");
  const why = whySilent(rollout, canary, status);
  if (why !== undefined || status === undefined) return silent(rollout, why ?? "");
  const about = {
    type: "says" as const,
    controller: controllerName(rollout),
    stage: stageOf(canary, status),
    inFlight: !isPromoted(status) && !isAborted(status),
  };
  if (claim === undefined) return { ...about, subsets: subsetHashes(named, status) };
  const splits = rolloutSplits(rollout);
  if (splits === undefined) return silent(rollout, "does not say in its status how requests are split");
  return { ...about, routes: routesWanted(rollout, claim, splits) };
}

/** Whether it is the DestinationRule whose subsets a Rollout labels. */
function isNamedRule(named: Json | undefined, own: string, key: ResourceKey): boolean {
  return isSameKind(key, destinationRule) && key.namespace === own && textField(named, "name") === key.name;
}

/** Why nothing can be checked against a Rollout. */
function whySilent(
  rollout: Resource,
  canary: Json | undefined,
  status: Json | undefined,
): string | undefined {
  if (isBeingDeleted(rollout)) return "is being deleted";
  if (status === undefined) return "has no status yet";
  return field(canary, "pingPong") === undefined ? undefined : "plays ping-pong, which drift does not check";
}

/** How many of the steps are done, and what the phase is. */
function stageOf(canary: Json | undefined, status: Json): string {
  const phase = textField(status, "phase");
  const steps = itemsOf(canary, "steps").length;
  const index = count(field(status, "currentStepIndex"));
  const told = phase === "" ? "" : `phase ${safeWord(phase)}`;
  const step = index === undefined || index >= steps ? "" : `step ${String(index + 1)} of ${String(steps)}`;
  return [told, step].filter((text) => text !== "").join(", ") || "no phase";
}

/** Whether a Rollout sets the routes of an object. */
function claimOf(routing: Json | undefined, own: string, key: ResourceKey): Claim | undefined {
  return key.group === "networking.istio.io"
    ? claimOfVirtualService(field(routing, "istio"), own, key)
    : claimOfRoute(field(field(routing, "plugins"), "argoproj-labs/gatewayAPI"), own, key);
}

/** One may be of another namespace: "name.namespace". Source: argo-rollouts utils/istio (GetVirtualServiceNamespaceName) */
function claimOfVirtualService(istio: Json | undefined, own: string, key: ResourceKey): Claim | undefined {
  const one = field(istio, "virtualService");
  const all = [...(one === undefined ? [] : [one]), ...itemsOf(istio, "virtualServices")];
  const found = all.find((entry) => {
    const [name, namespace = own] = textField(entry, "name").split(".");
    return key.kind === "VirtualService" && name === key.name && namespace === key.namespace;
  });
  if (found === undefined) return undefined;
  return { names: itemsOf(found, "routes").filter((name) => typeof name === "string") };
}

/** Source: argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi pkg/plugin/types.go (GatewayAPITrafficRouting) */
function claimOfRoute(plugin: Json | undefined, own: string, key: ResourceKey): Claim | undefined {
  const kind = key.kind.replace(/^[A-Z]+/, (letters) => letters.toLowerCase().replace(/r$/, "R"));
  const namespace = textField(plugin, "namespace");
  if (key.namespace !== (namespace === "" ? own : namespace)) return undefined;
  const named = [
    textField(plugin, kind),
    ...itemsOf(plugin, `${kind}s`).map((one) => textField(one, "name")),
  ];
  return named.includes(key.name) ? {} : undefined;
}

function routesWanted(rollout: Resource, { names }: Claim, splits: RoutesWanted["splits"]): RoutesWanted {
  const canary = field(field(field(rollout.object, "spec"), "strategy"), "canary");
  const rule = field(field(field(canary, "trafficRouting"), "istio"), "destinationRule");
  const services = new Map([
    [textField(canary, "stableService"), stablePart],
    [textField(canary, "canaryService"), canaryPart],
  ]);
  const subsets = new Map([
    [textField(rule, "stableSubsetName"), stablePart],
    [textField(rule, "canarySubsetName"), canaryPart],
  ]);
  const extra = new Set(additionalOf(rollout).map(({ service }) => service));
  const partOf: RoutesWanted["partOf"] = (host, subset) => {
    const bySubset = subset === "" ? undefined : subsets.get(subset);
    const service = serviceOf(host, rollout.key.namespace);
    if (service === undefined) return undefined;
    return bySubset ?? services.get(service) ?? (extra.has(service) ? service : undefined);
  };
  return {
    partOf,
    splits,
    cookies: [],
    isDriven: (route, routes, shape) => {
      const parts = new Set(destinationsOf(route, shape).map(({ host, subset }) => partOf(host, subset)));
      const isMeant = parts.has(canaryPart) && parts.has(stablePart);
      if (!isMeant || names === undefined || !hasNames(routes)) return isMeant;
      const name = textField(route, "name");
      if (names.length > 0) return names.includes(name);
      return route === routes.find((one) => textField(one, "name") === "");
    },
    judgeAdded: (added, shape) => judgeManaged(rollout, { added, splits, partOf }, shape),
  };
}

/** Only routes of HTTP have names, by which a Rollout chooses among them. */
function hasNames(routes: readonly Json[]): boolean {
  return routes.some((route) => textField(route, "name") !== "");
}

/** The pods that stand behind the subsets of stable and canary, and behind those of experiments. */
function subsetHashes(named: Json | undefined, status: Json): ReadonlyMap<string, ReadonlySet<string>> {
  const weights = field(field(status, "canary"), "weights");
  const hashes = (...found: readonly string[]): ReadonlySet<string> =>
    new Set(found.filter((hash) => hash !== ""));
  const hashIn = (part: string): string => textField(field(weights, part), "podTemplateHash");
  return new Map([
    [textField(named, "stableSubsetName"), hashes(textField(status, "stableRS"), hashIn("stable"))],
    [textField(named, "canarySubsetName"), hashes(textField(status, "currentPodHash"), hashIn("canary"))],
    ...itemsOf(weights, "additional").map(
      (one) => [textField(one, "serviceName"), hashes(textField(one, "podTemplateHash"))] as const,
    ),
  ]);
}
