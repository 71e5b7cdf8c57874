import { decodeText } from "../../core/manifest/decode-text.ts";
import { parseManifest } from "../../core/manifest/parse-manifest.ts";
import { sha256 } from "../../core/model/digest.ts";
import { field, isList, type Json, type JsonObject, objectOf, textField } from "../../core/model/json.ts";
import type { RenderFailure } from "../../ports/renderer.ts";
import type { Checkout, TreeEntry } from "../../ports/source.ts";
import type { Transform } from "../../core/model/transform.ts";
import { findKustomization } from "./overlay-path.ts";

/** A commit whose one kustomization says more than it does in Git, or why that cannot be. */
export type TransformedCheckout = { readonly type: "transformed"; readonly checkout: Checkout } | RenderFailure;

/**
 * Adds to an overlay's kustomization what the deployer adds, as Flux and Argo CD do it in their own copy of the folder:
 * namespace, prefix and suffix take the place of what stands there, images that of images of the same name, components
 * and patches come after those that are there. Nothing is written anywhere.
 * Sources: fluxcd/pkg kustomize/kustomize_generator.go, argo-cd util/kustomize/kustomize.go.
 */
export async function transformCheckout(
  checkout: Checkout,
  overlay: string,
  transform: Transform,
): Promise<TransformedCheckout> {
  const path = findKustomization(checkout.tree, overlay);
  const entry = path === undefined ? undefined : checkout.tree.get(path);
  // Whoever renders says better what is wrong with the folder.
  if (path === undefined || entry?.type !== "file") return { type: "transformed", checkout };
  const [bytes = new Uint8Array()] = await checkout.readBlobs([entry.oid]);
  const parsed = parseKustomization(bytes);
  if (parsed.type === "broken") return unreadable(path, parsed.reason);
  const content = Buffer.from(JSON.stringify(addTransform(parsed.kustomization, transform)));
  return { type: "transformed", checkout: withFile(checkout, path, content) };
}

function parseKustomization(
  bytes: Uint8Array,
):
  | { readonly type: "parsed"; readonly kustomization: JsonObject }
  | { readonly type: "broken"; readonly reason: string } {
  const decoded = decodeText(bytes);
  if (decoded.type === "refused") return { type: "broken", reason: decoded.problem.reason };
  const { documents, problems } = parseManifest(decoded.text);
  const [problem] = problems;
  if (problem !== undefined) return { type: "broken", reason: problem.reason };
  const [document, ...others] = documents;
  if (others.length > 0) return { type: "broken", reason: "it holds several documents" };
  return { type: "parsed", kustomization: document?.object ?? {} };
}

function addTransform(kustomization: JsonObject, transform: Transform): JsonObject {
  const { namespace, namePrefix, nameSuffix, components = [], patches = [], images = [] } = transform;
  const set = Object.entries({ namespace, namePrefix, nameSuffix }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const names = new Set(images.map(({ name }) => name));
  const kept = listOf(kustomization, "images").filter((image) => !names.has(textField(image, "name")));
  return objectOf([
    ...Object.entries(kustomization),
    ...set,
    ...added(kustomization, "components", listOf(kustomization, "components"), components),
    // What the configuration holds is JSON: it was read from YAML.
    ...added(kustomization, "patches", listOf(kustomization, "patches"), patches as readonly JsonObject[]),
    ...added(kustomization, "images", kept, images),
  ]);
}

function added(
  kustomization: JsonObject,
  name: string,
  present: readonly Json[],
  more: readonly Json[],
): readonly (readonly [string, Json])[] {
  const isOdd = field(kustomization, name) !== undefined && !isList(field(kustomization, name));
  return more.length === 0 || isOdd ? [] : [[name, [...present, ...more]]];
}

function listOf(value: JsonObject, name: string): readonly Json[] {
  const found = field(value, name);
  return isList(found) ? found : [];
}

/** The same commit with another content of one file. */
function withFile(checkout: Checkout, path: string, content: Uint8Array): Checkout {
  const oid = sha256(content);
  const entry: TreeEntry = { type: "file", oid };
  return {
    ...checkout,
    tree: new Map([...checkout.tree, [path, entry]]),
    readBlobs: async (oids) => {
      const others = oids.filter((one) => one !== oid);
      const blobs = others.length === 0 ? [] : await checkout.readBlobs(others);
      let next = 0;
      return oids.map((one) => (one === oid ? content : (blobs[next++] ?? new Uint8Array())));
    },
  };
}

function unreadable(path: string, why: string): RenderFailure {
  return {
    type: "failed",
    code: "RENDER_FAILED",
    reason: `${path}: the transform of the target cannot be added: ${why}`,
    hint: "Run `kubectl kustomize` on the folder for the whole message.",
  };
}
