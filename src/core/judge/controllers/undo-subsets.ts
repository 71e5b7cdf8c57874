import { field, type JsonObject, sameJson, textField } from "../../model/json.ts";
import { toPointer } from "../../model/path.ts";
import { itemsOf } from "./route-shape.ts";
import { joinUndos, nothingToUndo, type Undo } from "./undo.ts";

/** Source: argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1 (DefaultRolloutUniqueLabelKey) */
const hashLabel = "rollouts-pod-template-hash";

/**
 * Takes from the subsets of a live DestinationRule the pod hashes that their Rollout wants there, and the subsets of
 * experiments. Source: argoproj/argo-rollouts rollout/trafficrouting/istio/istio.go (UpdateHash)
 */
export function undoSubsets(
  desired: JsonObject,
  live: JsonObject,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Undo {
  const own = itemsOf(field(desired, "spec"), "subsets");
  const undos = itemsOf(field(live, "spec"), "subsets").map((subset, index): Undo => {
    const name = textField(subset, "name");
    const hashes = wanted.get(name);
    if (hashes === undefined) return nothingToUndo;
    const path = ["spec", "subsets", index];
    const hash = textField(field(subset, "labels"), hashLabel);
    const position = own.findIndex((one) => textField(one, "name") === name);
    if (hash !== "" && !hashes.has(hash)) {
      return { ...nothingToUndo, wrong: [wrongHash(name, hash, { index, position })] };
    }
    const says = [`the pods of subset ${name} as they are`];
    if (position < 0) {
      const added = { name, labels: { [hashLabel]: hash } };
      return sameJson(subset, added) ? { edits: [{ path }], wrong: [], says } : nothingToUndo;
    }
    const labels = field(own[position], "labels");
    const kept = field(labels, hashLabel);
    if (hash === "" && kept === undefined) return nothingToUndo;
    const place = [...path, "labels", hashLabel];
    return { edits: [{ path: place, ...(kept !== undefined && { to: kept }) }], wrong: [], says };
  });
  return joinUndos(undos);
}

function wrongHash(
  name: string,
  hash: string,
  { index, position }: { readonly index: number; readonly position: number },
): Undo["wrong"][number] {
  const pointerTo = (at: number): string => toPointer(["spec", "subsets", at, "labels", hashLabel]);
  return {
    live: [pointerTo(index)],
    desired: position < 0 ? [] : [pointerTo(position)],
    expected: `the pods of subset ${name} as its Rollout has them`,
    found: `pod hash ${hash}`,
  };
}
