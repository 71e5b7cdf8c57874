import { field, type Json, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { canaryPart, count, type Part, type Split, stablePart } from "./drive.ts";
import { itemsOf } from "./route-shape.ts";

/** Whether the new pods are the stable ones. Source: argo-rollouts utils/rollout (IsFullyPromoted) */
export function isPromoted(status: Json): boolean {
  const stable = textField(status, "stableRS");
  return stable !== "" && stable === textField(status, "currentPodHash");
}

/** Whether somebody or an analysis has ended it. */
export function isAborted(status: Json): boolean {
  return field(status, "abort") === true;
}

/** The Services of an experiment that get requests now. */
export function additionalOf({
  object,
}: Resource): readonly { readonly service: string; readonly weight: number }[] {
  const weights = field(field(field(object, "status"), "canary"), "weights");
  return itemsOf(weights, "additional").map((one) => ({
    service: textField(one, "serviceName"),
    weight: count(field(one, "weight")) ?? 0,
  }));
}

/**
 * The splits that the status of a Rollout allows now: the weights that it last set, which the status has since version
 * 1.0; where it has none what the steps say. Undefined where neither tells.
 * Source: argoproj/argo-rollouts rollout/trafficrouting.go (reconcileTrafficRouting, calculateWeightStatus)
 */
export function rolloutSplits(rollout: Resource): readonly Split[] | undefined {
  const status = field(rollout.object, "status") ?? null;
  const weights = field(field(status, "canary"), "weights");
  const canary = count(field(field(weights, "canary"), "weight"));
  const stable = count(field(field(weights, "stable"), "weight"));
  if (canary !== undefined && stable !== undefined) return withWeights(rollout, canary, stable);
  // Weights that cannot be read are not those that Argo Rollouts set: then the steps are no proof either.
  if (weights !== undefined && weights !== null) return undefined;
  return bySteps(rollout, status)?.map((weight) => splitOf(weight, 100 - weight, []));
}

function withWeights(rollout: Resource, canary: number, stable: number): readonly Split[] {
  const additional = additionalOf(rollout).map(({ service, weight }) => [service, weight] as const);
  const set = splitOf(canary, stable, additional);
  if (additional.length === 0) return [set];
  // The plugin for Gateway API leaves the canary out of what remains for the stable Service (pkg/plugin/experiment.go).
  const rest = 100 - additional.reduce((sum, [, weight]) => sum + weight, 0);
  return rest === stable ? [set] : [set, splitOf(canary, rest, additional)];
}

function splitOf(canary: number, stable: number, additional: readonly (readonly [Part, number])[]): Split {
  return { weights: new Map([[canaryPart, canary], [stablePart, stable], ...additional]) };
}

/** The last weight of the steps so far; until the pods of the current step are there, the one before it holds. */
function bySteps({ object }: Resource, status: Json): readonly number[] | undefined {
  const canary = field(field(field(object, "spec"), "strategy"), "canary");
  if (isPromoted(status)) return [0];
  if (isAborted(status)) return field(canary, "dynamicStableScale") === true ? undefined : [0];
  const index = count(field(status, "currentStepIndex"));
  if (index === undefined || field(status, "promoteFull") === true) return undefined;
  const set = itemsOf(canary, "steps")
    .slice(0, index + 1)
    .flatMap((step) => count(field(step, "setWeight")) ?? []);
  return [...new Set([set.at(-1) ?? 0, set.at(-2) ?? 0])];
}
