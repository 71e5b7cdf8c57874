import type { Direction } from "../../model/finding.ts";
import type { Difference, EffectTable } from "../effect.ts";
import { eitherSide, nameAt } from "../effect-values.ts";
import { added, any, removed, where } from "../effect-words.ts";
import { rootNamespace } from "../mesh-config.ts";
import type { Node } from "../table.ts";

/**
 * Which workloads a policy holds for, in the words of its kind. Facts: istio pilot/pkg/model/policyattachment.go:109-137
 * (no selector is the namespace, in the root namespace the mesh; proxies without a target skip what has targetRefs).
 */

/** Whether live means more than Git, less, or something else: of workloads, of requests. */
export type Shift = "more" | "less" | "other";

/** What a policy for more or fewer workloads does to security. */
export type ByShift = (at: Difference, shift: Shift) => Direction;

/** Longer names do not fit into a sentence. */
const longestNamespace = 30;

/** "namespace shop", or "the whole mesh" for what stands in the root namespace. */
export function ownScope(node: Node | undefined): string {
  if (node === undefined) return "its namespace";
  const { namespace } = node.site.object.key;
  if (namespace === rootNamespace(node.site)) return "the whole mesh";
  return namespace.length > longestNamespace ? "its namespace" : `namespace ${namespace}`;
}

/** Rows about `selector`; `what` is what has it: "the policy". */
export function selectorRows(what: string, direction: ByShift): EffectTable {
  const by = (shift: Shift) => (at: Difference) => direction(at, shift);
  return {
    "spec.selector": [
      ...where(selectsNothing, [any(`in an ambient mesh ${what} holds for other workloads`, by("other"))]),
      added(`${what} holds only for the workloads it selects`, by("less")),
      removed((at) => `${what} holds for every workload of ${ownScope(at.desired)}`, by("more")),
      any(`${what} holds for other workloads`, by("other")),
    ],
    "spec.selector.matchLabels": [any(`${what} holds for other workloads`, by("other"))],
    "spec.selector.matchLabels.*": [
      added(`${what} holds for fewer workloads`, by("less")),
      ...where(isNotLast, [removed(`${what} holds for more workloads`, by("more"))]),
      any(`${what} holds for other workloads`, by("other")),
    ],
  };
}

/** Rows about `selector` and `targetRefs`. */
export function scopeRows(what: string, direction: ByShift): EffectTable {
  const by = (shift: Shift) => (at: Difference) => direction(at, shift);
  const target = (at: Difference): string => nameAt(eitherSide(at), "name") ?? "another target";
  return {
    ...selectorRows(what, direction),
    "spec.targetRefs": [
      added(`sidecars ignore ${what}: it holds for its named targets only`, by("other")),
      removed(`${what} holds for workloads, no longer for its named targets`, by("other")),
      any(`${what} holds for other targets`, by("other")),
    ],
    "spec.targetRefs[]": [
      added((at) => `${what} also holds for ${target(at)}`, by("more")),
      removed((at) => `${what} no longer holds for ${target(at)}`, by("less")),
      any(`${what} holds for another target`, by("other")),
    ],
  };
}

/** The same with `targetRef`, for a kind that had a single target before. */
export function scopeAndTargetRows(what: string, direction: ByShift): EffectTable {
  return {
    ...scopeRows(what, direction),
    "spec.targetRef": [any(`${what} holds for another target`, (at) => direction(at, "other"))],
  };
}

/** Only an ambient mesh tells such a selector from none. */
function selectsNothing({ desired, live }: Difference): boolean {
  return [desired, live].some((node) => node !== undefined && !/[^{}]/.test(withoutName(node.text)));
}

function withoutName(text: string): string {
  return text.replace('"matchLabels":', "");
}

/** With its last label gone a selector selects everything, or, in an ambient mesh, nothing. */
function isNotLast({ up }: Difference): boolean {
  return up?.live?.body.type === "record" && up.live.body.fields.size > 0;
}
