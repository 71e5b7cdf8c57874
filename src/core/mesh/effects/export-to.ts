import type { Direction } from "../../model/finding.ts";
import type { Difference, EffectTable } from "../effect.ts";
import { itemsOf, valueOf } from "../effect-values.ts";
import { added, any, emptied, filled, from, listRows, removed, to, where } from "../effect-words.ts";

/**
 * Sentences about which namespaces see a VirtualService or ServiceEntry: without a list the mesh's default counts, as
 * a rule every namespace. Facts: istio pilot/pkg/model/push_context.go:1117-1128; pkg/config/visibility/visibility.go.
 */

/** Whether every namespace is named beside the item. */
function isForAll({ up }: Difference): boolean {
  return itemsOf(up?.live).some((item) => valueOf(item) === "*");
}

/** What changes of the list at a path do; `fewer`: what it does that fewer namespaces see the object. */
export function exportToRows(path: string, fewer: Direction): EffectTable {
  return listRows(path, [
    emptied("every namespace may see it", "weakens"),
    to("*", "every namespace sees it", "weakens"),
    filled("only the namespaces that it names see it"),
    to("~", "no namespace sees it unless another entry says so"),
    from("~", "some namespaces see it, no longer none", "weakens"),
    ...where(isForAll, [removed("every namespace sees it, whether it is named or not")]),
    from("*", "only the namespaces that it names see it", fewer),
    added("namespace {value} sees it, too", "weakens"),
    removed("namespace {git} no longer sees it", fewer),
    any("other namespaces see it", "weakens"),
  ]);
}
