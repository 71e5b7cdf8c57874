import { field, isObject, type Json } from "../core/model/json.ts";
import { closest, didYouMean } from "../core/model/closest.ts";
import type { RawPath } from "../core/model/path.ts";
import type { Problem } from "./problem.ts";
import { keysAt, listAt } from "./raw.ts";

/** What holds between the fields about judging, and the rest of the file. */
export function judgingProblems(root: Json, targets: readonly string[]): Problem[] {
  return [
    ...[...selecting].flatMap(([list, keys]) =>
      listAt(root, list).flatMap((rule, index) => selectorProblems(rule, keys, [list, index])),
    ),
    ...["ignore", "maintenance"].flatMap((list) =>
      listAt(root, list).flatMap((rule, index) => unknownTargets(rule, targets, [list, index, "targets"])),
    ),
  ];
}

/** The keys that say what a rule is about: without any it would be about everything. */
const selecting: ReadonlyMap<string, readonly string[]> = new Map([
  ["ignore", ["kinds", "namespaces", "names", "paths", "managers", "targets"]],
  ["risk", ["kinds", "namespaces", "names", "paths", "types", "direction"]],
]);

function selectorProblems(rule: Json, keys: readonly string[], path: RawPath): Problem[] {
  if (!isObject(rule)) return [];
  // A misspelt key is one mistake, and told as an unknown key.
  if (Object.keys(rule).some((key) => keys.includes(key) || closest(key, keys) !== undefined)) return [];
  const listed = `${keys.slice(0, -1).join(", ")} or ${keys.at(-1) ?? ""}`;
  return [{ path, at: "value", message: `says nothing of what it is about: expected ${listed}` }];
}

function unknownTargets(rule: Json, targets: readonly string[], path: RawPath): Problem[] {
  return listAt(rule, "targets").flatMap((name, index): Problem[] => {
    if (typeof name !== "string" || targets.includes(name)) return [];
    const message = `${JSON.stringify(name)} names no target${didYouMean(name, targets)}`;
    return [{ path: [...path, index], at: "value", message }];
  });
}

/** An object delivers a target: one, or none. */
export function deployerProblems(target: Json, path: RawPath): Problem[] {
  const deployer = field(target, "deployer");
  if (!isObject(deployer) || keysAt(target, "deployer").some((key) => key !== "argocd" && key !== "flux"))
    return [];
  const [first, second] = keysAt(target, "deployer");
  const at = [...path, "deployer"];
  if (first === undefined) return [{ path: at, at: "value", message: "expected argocd or flux" }];
  if (second === undefined) return [];
  const message = `stands beside ${first}: expected one of argocd or flux`;
  return [{ path: [...at, second], at: "key", message }];
}
