import path from "node:path";
import { field, isObject, type Json, textField } from "../core/model/json.ts";
import { canonicalUrl, isUrl, normaliseOverlay } from "./location.ts";
import type { Problem } from "./problem.ts";
import { listAt } from "./raw.ts";

/** Targets that compare the same with the same: what one of them finds the other would find again. */
export function duplicatePairs(root: Json): Problem[] {
  const firsts = new Map<string, number>();
  return listAt(root, "targets").flatMap((target, index): Problem[] => {
    const pair = pairOf(target, root);
    if (pair === undefined) return [];
    const id = JSON.stringify(pair);
    const first = firsts.get(id);
    if (first === undefined) {
      firsts.set(id, index);
      return [];
    }
    const message = `${pair.what} on cluster ${JSON.stringify(pair.cluster)} is already targets[${String(first)}]`;
    return [{ path: ["targets", index], at: "value", message }];
  });
}

/** What a target compares with what, in one spelling. */
interface Pair {
  readonly what: string;
  readonly cluster: string;
  readonly repository: string;
  readonly revision: string;
}

/** The pair of a target; undefined where it is not clear. */
function pairOf(target: Json, root: Json): Pair | undefined {
  const cluster = textField(target, "cluster");
  const key = ["overlay", "manifests"].find((name) => typeof field(target, name) === "string");
  const folder = key === undefined ? undefined : normaliseOverlay(textField(target, key));
  if (key === undefined || folder === undefined || cluster === "") return undefined;
  const repository = field(target, "repository") ?? field(root, "repository") ?? ".";
  const own = textField(target, "revision");
  return {
    what: `${key} ${JSON.stringify(folder)}`,
    cluster,
    repository: placeOf(isObject(repository) ? (field(repository, "url") ?? "") : repository),
    revision: own === "" ? textField(repository, "revision") : own,
  };
}

/** A repository in one spelling. All paths are relative to the same file. */
function placeOf(url: Json): string {
  if (typeof url !== "string") return JSON.stringify(url);
  return isUrl(url) ? (canonicalUrl(url) ?? url) : path.normalize(`${url}/`);
}
