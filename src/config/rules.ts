import { field, isObject, type Json, textField } from "../core/model/json.ts";
import { didYouMean } from "../core/model/closest.ts";
import type { RawPath } from "../core/model/path.ts";
import type { Problem } from "./problem.ts";
import { keysAt, listAt } from "./raw.ts";
import { accessProblems } from "./rules-access.ts";
import { choiceProblems } from "./rules-choice.ts";
import { deployerProblems, judgingProblems } from "./rules-judging.ts";
import { duplicatePairs } from "./rules-pairs.ts";

/**
 * What holds between fields. The rules read the file as it is written, so that they speak up beside the problems of
 * the schema; what has the wrong shape they leave to the schema.
 */
export function crossFieldProblems(root: Json): Problem[] {
  const targets = listAt(root, "targets");
  const clusters = keysAt(root, "clusters");
  return [
    ...duplicateNames(targets),
    ...duplicatePairs(root),
    ...(isObject(field(root, "clusters")) ? unknownClusters(targets, clusters) : []),
    ...targets.flatMap((target, i) =>
      duplicateNamespaces(field(target, "scope"), ["targets", i, "scope", "namespaces"]),
    ),
    ...clusters.flatMap((name) =>
      duplicateNamespaces(field(field(root, "clusters"), name), ["clusters", name, "namespaces"]),
    ),
    ...secondStandardInput(root, clusters),
    ...choiceProblems(root),
    ...accessProblems(root),
    ...targets.flatMap((target, i) => deployerProblems(target, ["targets", i])),
    ...judgingProblems(
      root,
      targets.map((target) => textField(target, "name")),
    ),
  ];
}

/** What is allowed and most likely a mistake: a cluster that no target uses. */
export function crossFieldWarnings(root: Json): Problem[] {
  const used = new Set(listAt(root, "targets").map((target) => textField(target, "cluster")));
  return keysAt(root, "clusters")
    .filter((name) => !used.has(name))
    .map((name) => ({ path: ["clusters", name], at: "key", message: "no target uses this cluster" }));
}

function duplicateNames(targets: readonly Json[]): Problem[] {
  return repeated(targets.map((target) => textField(target, "name"))).map(({ text, index, first }) => ({
    path: ["targets", index, "name"],
    at: "value",
    message: `${JSON.stringify(text)} is already the name of targets[${String(first)}]`,
  }));
}

function unknownClusters(targets: readonly Json[], clusters: readonly string[]): Problem[] {
  return targets.flatMap((target, index): Problem[] => {
    const cluster = field(target, "cluster");
    if (typeof cluster !== "string" || clusters.includes(cluster)) return [];
    const known = clusters.length === 0 ? "there are none" : `expected one of ${clusters.join(", ")}`;
    const message = `${JSON.stringify(cluster)} names no cluster${didYouMean(cluster, clusters)}; ${known}`;
    return [{ path: ["targets", index, "cluster"], at: "value", message }];
  });
}

function duplicateNamespaces(holder: Json | undefined, path: RawPath): Problem[] {
  const namespaces = listAt(holder ?? null, "namespaces");
  const names = namespaces.map((item) => (typeof item === "string" ? item : ""));
  return repeated(names).map(({ text, index }) => ({
    path: [...path, index],
    at: "value",
    message: `${JSON.stringify(text)} stands twice`,
  }));
}

function secondStandardInput(root: Json, clusters: readonly string[]): Problem[] {
  const readers = clusters.filter(
    (name) => textField(field(field(root, "clusters"), name), "snapshot") === "-",
  );
  return readers.slice(1).map((name) => ({
    path: ["clusters", name, "snapshot"],
    at: "value",
    message: `standard input is already read by cluster ${JSON.stringify(readers[0])}`,
  }));
}

/** The texts that occurred before, with the position of their first occurrence; "" is never one. */
function repeated(texts: readonly string[]): { text: string; index: number; first: number }[] {
  const firsts = new Map<string, number>();
  const found: { text: string; index: number; first: number }[] = [];
  for (const [index, text] of texts.entries()) {
    const first = firsts.get(text);
    if (text !== "" && first !== undefined) found.push({ text, index, first });
    else firsts.set(text, index);
  }
  return found;
}
