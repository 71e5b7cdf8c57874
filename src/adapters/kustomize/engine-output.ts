import { decodeText } from "../../core/manifest/decode-text.ts";
import { snapshotLimits } from "../../core/manifest/limits.ts";
import { parseManifest } from "../../core/manifest/parse-manifest.ts";
import { field, isObject, type JsonObject, objectOf } from "../../core/model/json.ts";
import { keyOf, type Resource } from "../../core/model/resource.ts";

/** The objects that a command printed, or why they are not known: fit to follow "the output of kubectl: ". */
export type EngineOutput =
  | { readonly type: "resources"; readonly resources: readonly Resource[] }
  | { readonly type: "broken"; readonly reason: string };

/** Reads what a command printed. Secrets lose what they hold, objects their annotations about origin. Never throws. */
export function readOutput(stdout: Uint8Array): EngineOutput {
  const decoded = decodeText(stdout);
  if (decoded.type === "refused") return broken(decoded.problem.reason);
  const { text } = decoded;
  if (text !== "" && !text.endsWith("\n")) return broken("it was cut off: its last line has no line break");
  // A byte order mark apart, the text is no longer than the bytes, whose number the caller has capped.
  const { documents, problems } = parseManifest(text, { ...snapshotLimits, bytes: Number.MAX_SAFE_INTEGER });
  const [problem] = problems;
  if (problem !== undefined) {
    const line = problem.line === undefined ? "" : ` (line ${String(problem.line)})`;
    return broken(`${problem.reason}${line}`);
  }
  const resources: Resource[] = [];
  for (const { object, line } of documents) {
    const key = keyOf(object);
    if (key === undefined) {
      return broken(`the object at line ${String(line)} has no apiVersion, kind or metadata.name`);
    }
    const isSecret = key.group === "" && key.kind === "Secret";
    const known = isSecret ? without(object, ["data", "stringData"]) : object;
    resources.push({ key, object: withoutOrigins(known) });
  }
  return { type: "resources", resources };
}

/** What `buildMetadata: [originAnnotations, transformerAnnotations]` adds: it describes the render, not the object. */
const originAnnotations = ["config.kubernetes.io/origin", "alpha.config.kubernetes.io/transformations"];

function withoutOrigins(object: JsonObject): JsonObject {
  const metadata = field(object, "metadata");
  const annotations = field(metadata, "annotations");
  if (!isObject(metadata) || !isObject(annotations)) return object;
  if (!originAnnotations.some((name) => Object.hasOwn(annotations, name))) return object;
  const others = without(annotations, originAnnotations);
  const kept =
    Object.keys(others).length === 0
      ? without(metadata, ["annotations"])
      : replaced(metadata, "annotations", others);
  return replaced(object, "metadata", kept);
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return objectOf(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function replaced(object: JsonObject, name: string, value: JsonObject): JsonObject {
  return objectOf(Object.entries(object).map(([key, old]) => [key, key === name ? value : old]));
}

function broken(reason: string): EngineOutput {
  return { type: "broken", reason };
}
