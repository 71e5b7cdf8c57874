import { field, isObject, type Json, textField } from "../core/model/json.ts";
import type { RawPath } from "../core/model/path.ts";
import { closest } from "../core/model/closest.ts";
import type { Problem } from "./problem.ts";
import { keysAt, listAt } from "./raw.ts";
import { liveSides } from "./schema-cluster.ts";

/** Where exactly one of several keys has to stand, and which keys then may stand beside it. */
export function choiceProblems(root: Json): Problem[] {
  const targets = listAt(root, "targets");
  return [
    ...keysAt(root, "clusters").flatMap((name) =>
      liveProblems(field(field(root, "clusters"), name) ?? null, ["clusters", name]),
    ),
    ...targets.flatMap((target, index) => targetProblems(target, ["targets", index])),
    ...repositoryProblems(root, targets),
    ...renderProblems(field(root, "render") ?? null),
  ];
}

function liveProblems(cluster: Json, path: RawPath): Problem[] {
  const owners = Object.keys(liveSides);
  const problems = oneOfKeys(cluster, owners, path);
  for (const [owner, keys] of Object.entries(liveSides)) {
    if (field(cluster, owner) !== undefined) continue;
    for (const key of keys.filter((name) => field(cluster, name) !== undefined)) {
      problems.push({ path: [...path, key], at: "key", message: `belongs to ${owner}` });
    }
  }
  return problems;
}

function targetProblems(target: Json, path: RawPath): Problem[] {
  const problems = oneOfKeys(target, ["overlay", "manifests"], path);
  const transform = field(target, "transform");
  if (field(target, "manifests") !== undefined) {
    for (const key of keysAt(target, "transform").filter((name) => name !== "substitute")) {
      const message = "manifests are not rendered: only substitute has an effect on them";
      problems.push({ path: [...path, "transform", key], at: "key", message });
    }
  }
  for (const [index, patch] of listAt(transform ?? null, "patches").entries()) {
    problems.push(...oneOfKeys(patch, ["patch", "path"], [...path, "transform", "patches", index]));
  }
  return problems;
}

/** Every target needs a repository: its own, or the one of all. */
function repositoryProblems(root: Json, targets: readonly Json[]): Problem[] {
  if (!isObject(root) || hasRepository(root)) return [];
  const without = [...targets.entries()].filter(([, target]) => isObject(target) && !hasRepository(target));
  if (without.length === targets.length) {
    const message = "is missing; expected a path, a URL or a mapping";
    return [{ path: ["repository"], at: "value", message }];
  }
  const message = "no repository: name one here, or one for all targets";
  return without.map(([index]) => ({ path: ["targets", index], at: "value", message }));
}

function hasRepository(value: Json): boolean {
  return field(value, "repository") !== undefined || keysNear(value, "repository");
}

function renderProblems(render: Json): Problem[] {
  const engine = field(render, "engine") ?? "builtin";
  if (engine !== "builtin") {
    if (field(render, "remoteBases") === undefined) return [];
    const message = `engine ${JSON.stringify(textField(render, "engine"))} takes no remote bases: only builtin does`;
    return [{ path: ["render", "remoteBases"], at: "key", message }];
  }
  if (field(render, "binary") === undefined) return [];
  return [{ path: ["render", "binary"], at: "key", message: "needs engine kustomize or kubectl" }];
}

/** A mapping that has none of the keys, or several. */
function oneOfKeys(value: Json, keys: readonly string[], path: RawPath): Problem[] {
  if (!isObject(value)) return [];
  const present = keys.filter((key) => field(value, key) !== undefined);
  const listed = `${keys.slice(0, -1).join(", ")} or ${keys.at(-1) ?? ""}`;
  if (present.length === 0) {
    // A misspelt key is one mistake, and told as an unknown key.
    if (keys.some((key) => keysNear(value, key))) return [];
    return [{ path, at: "value", message: `expected ${listed}` }];
  }
  return present.slice(1).map((key) => ({
    path: [...path, key],
    at: "key",
    message: `stands beside ${present[0] ?? ""}: expected one of ${listed}`,
  }));
}

function keysNear(value: Json, key: string): boolean {
  return isObject(value) && Object.keys(value).some((name) => name !== key && closest(name, [key]) === key);
}
