import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { field, isObject, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";

/** Pairs of mesh objects judged by Istio's own code. They lie beside the clone and are not part of it. */
const pairsFolder = fileURLToPath(new URL("../../../shared/oracle/", import.meta.url));

/** What to say where the pairs are not there. */
export const skipped = "skipped: ../shared/oracle is not here, nothing was judged";

/** What Istio said: `order` and `metadata` are for the facts to decide, `unjudged` is nothing. */
export type Verdict = "same" | "different" | "order" | "metadata" | "unjudged";

const verdicts: readonly Verdict[] = ["same", "different", "order", "metadata", "unjudged"];

/** One pair, as two lists of objects. */
export interface JudgedPair {
  readonly file: string;
  readonly id: string;
  readonly kind: string;
  readonly expect: Verdict;
  readonly desired: readonly JsonObject[];
  readonly live: readonly JsonObject[];
  /** The name of the shared mesh configuration, where the pair has one. */
  readonly shared?: string;
}

/** Every judged pair; undefined where the folder is not there. */
export function readPairs(): readonly JudgedPair[] | undefined {
  if (!existsSync(pairsFolder)) return undefined;
  const files = readdirSync(pairsFolder).filter((name) => name.endsWith(".jsonl"));
  return files.sort().flatMap((file) =>
    readFileSync(join(pairsFolder, file), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => toPair(file, JSON.parse(line) as Json)),
  );
}

function toPair(file: string, line: Json): JudgedPair {
  const expect = verdicts.find((verdict) => verdict === textField(line, "expect"));
  if (expect === undefined) throw new Error(`${file}: a pair without a verdict: ${textField(line, "id")}`);
  const common = { file, id: textField(line, "id"), expect };
  const mesh = field(line, "mesh");
  if (mesh !== undefined) return { ...common, ...meshSides(mesh) };
  const [a, b] = [field(line, "a"), field(line, "b")];
  if (!isObject(a) || !isObject(b)) throw new Error(`${file}: a pair without objects: ${common.id}`);
  return { ...common, kind: textField(a, "kind"), desired: [a], live: [b] };
}

function meshSides(mesh: Json): Pick<JudgedPair, "kind" | "desired" | "live" | "shared"> {
  const shared = textField(mesh, "shared");
  const others = shared === "" ? [] : [configMap("istio-shared", shared)];
  return {
    kind: "MeshConfig",
    desired: [configMap("istio", textField(mesh, "a")), ...others],
    live: [configMap("istio", textField(mesh, "b")), ...others],
    ...(shared !== "" && { shared: "istio-shared" }),
  };
}

/** A ConfigMap of the root namespace that holds mesh configuration. */
export function configMap(name: string, mesh: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "istio-system" },
    data: { mesh },
  };
}
