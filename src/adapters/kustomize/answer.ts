import { gitFileLimits } from "../../core/manifest/limits.ts";
import { parseWrittenJson } from "../../core/manifest/written-json.ts";
import { field, isDeeperThan, isList, isObject, type Json, textField } from "../../core/model/json.ts";
import { formatKey, keyOf, type Provenance, type Resource } from "../../core/model/resource.ts";
import type { RenderFailure } from "../../ports/renderer.ts";

/** What the renderer answered (kustomize/internal/render, Answer), read. */
export type ReadAnswer =
  | { readonly type: "resources"; readonly resources: readonly Resource[] }
  | RenderFailure;

/** As for files: patches can nest what no file does. */
const maxDepth = gitFileLimits.depth;

/** Reads the JSON text of an answer. Never throws. */
export function readAnswer(text: string): ReadAnswer {
  const answer = parseWrittenJson(text);
  if (answer === undefined) return invalid("the renderer's answer is not JSON");
  const failure = field(answer, "failure");
  if (failure !== undefined) {
    return {
      type: "failed",
      code: textField(failure, "code"),
      reason: textField(failure, "reason"),
      hint: textField(failure, "hint"),
    };
  }
  return readResources(field(answer, "resources"), field(answer, "provenance"));
}

function readResources(objects: Json | undefined, origins: Json | undefined): ReadAnswer {
  const resources: Resource[] = [];
  for (const [index, object] of (isList(objects) ? objects : []).entries()) {
    const key = isObject(object) ? keyOf(object) : undefined;
    if (!isObject(object) || key === undefined) {
      return invalid(`object ${String(index + 1)} has no apiVersion, kind or metadata.name`);
    }
    if (isDeeperThan(object, maxDepth)) {
      return invalid(`${formatKey(key)} nests deeper than ${String(maxDepth)} levels`);
    }
    resources.push({ key, object, ...readProvenance(isList(origins) ? origins[index] : undefined) });
  }
  return { type: "resources", resources };
}

function readProvenance(origin: Json | undefined): { provenance?: Provenance } {
  const file = textField(origin, "file");
  if (file === "") return {};
  const changes = field(origin, "changedBy");
  const changedBy = (isList(changes) ? changes : []).map((change) => ({
    file: textField(change, "file"),
    by: textField(change, "by"),
  }));
  return { provenance: { file, changedBy } };
}

function invalid(reason: string): RenderFailure {
  const hint = "Run `kubectl kustomize` on the folder and look at what it writes.";
  return { type: "failed", code: "RENDER_OUTPUT_INVALID", reason, hint };
}
