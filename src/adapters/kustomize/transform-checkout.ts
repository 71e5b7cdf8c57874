import { decodeText } from "../../core/manifest/decode-text.ts";
import { parseManifest } from "../../core/manifest/parse-manifest.ts";
import { sha256 } from "../../core/model/digest.ts";
import {
  compactJson,
  field,
  isList,
  type Json,
  type JsonObject,
  objectOf,
  textField,
} from "../../core/model/json.ts";
import type { RenderFailure } from "../../ports/renderer.ts";
import type { Checkout, TreeEntry } from "../../ports/source.ts";
import type { Transform } from "../../core/model/transform.ts";
import { DriftError } from "../../lib/errors.ts";
import { findKustomization } from "./overlay-path.ts";

/** A commit whose one kustomization says more than it does in Git, or why that cannot be. */
export type TransformedCheckout = { readonly type: "transformed"; readonly checkout: Checkout } | RenderFailure;

/**
 * Adds to an overlay's kustomization what the deployer adds, as Flux and Argo CD do it in their own copy of the folder:
 * namespace, prefix and suffix take the place of what stands there, images that of images of the same name, components
 * and patches come after those that are there. Nothing is written anywhere. What keeps something from being added fails
 * the render, never the run.
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
  const read = await readKustomization(checkout, entry.oid);
  if (read.type === "broken") return notAdded(path, read);
  const fault = findFault(read.kustomization, transform);
  if (fault !== undefined) return notAdded(path, { reason: fault, hint: "Correct the field." });
  const content = Buffer.from(compactJson(addTransform(read.kustomization, transform)));
  return { type: "transformed", checkout: withFile(checkout, path, content) };
}

type KustomizationRead =
  | { readonly type: "parsed"; readonly kustomization: JsonObject }
  | { readonly type: "broken"; readonly reason: string; readonly hint?: string };

async function readKustomization(checkout: Checkout, oid: string): Promise<KustomizationRead> {
  try {
    const [bytes = new Uint8Array()] = await checkout.readBlobs([oid]);
    return parseKustomization(bytes);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return { type: "broken", reason: error.message, hint: error.hint };
  }
}

function parseKustomization(bytes: Uint8Array): KustomizationRead {
  const decoded = decodeText(bytes);
  if (decoded.type === "refused") return { type: "broken", reason: decoded.problem.reason };
  const { documents, problems } = parseManifest(decoded.text);
  const [problem] = problems;
  if (problem !== undefined) return { type: "broken", reason: problem.reason };
  const [document, ...others] = documents;
  if (others.length > 0) return { type: "broken", reason: "it holds several documents" };
  return { type: "parsed", kustomization: document?.object ?? {} };
}

/** The fields of a kustomization that a transform writes. */
const written = ["namespace", "namePrefix", "nameSuffix", "components", "patches", "images"] as const;

/** Why a transform cannot be added: a field that it writes holds something else than a list, or is spelled otherwise. */
function findFault(kustomization: JsonObject, transform: Transform): string | undefined {
  for (const name of written) {
    const added = transform[name];
    if (added === undefined) continue;
    // Kustomize reads its file with encoding/json, for which `Patches` is `patches` too, and the last of both wins.
    const other = Object.keys(kustomization).find(
      (key) => key !== name && key.toLowerCase() === name.toLowerCase(),
    );
    if (other !== undefined) return `it spells \`${name}\` as \`${other}\``;
    const present = field(kustomization, name) ?? [];
    if (typeof added !== "string" && !isList(present)) return `\`${name}\` is no list`;
  }
  return undefined;
}

function addTransform(kustomization: JsonObject, transform: Transform): JsonObject {
  const { namespace, namePrefix, nameSuffix, components, patches, images } = transform;
  const names = new Set(images?.map(({ name }) => name));
  const kept = listOf(kustomization, "images").filter((image) => !names.has(textField(image, "name")));
  const additions: Readonly<Record<(typeof written)[number], Json | undefined>> = {
    namespace,
    namePrefix,
    nameSuffix,
    components: components && [...listOf(kustomization, "components"), ...components],
    // What the configuration holds is JSON: it was read from YAML.
    patches: patches && [...listOf(kustomization, "patches"), ...(patches as readonly JsonObject[])],
    images: images && [...kept, ...images],
  };
  const set = Object.entries(additions).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return objectOf([...Object.entries(kustomization), ...set]);
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

function notAdded(
  path: string,
  { reason, hint }: { readonly reason: string; readonly hint?: string },
): RenderFailure {
  return {
    type: "failed",
    code: "RENDER_FAILED",
    reason: `${path}: the transform of the target cannot be added: ${reason}`,
    hint: hint ?? "Run `kubectl kustomize` on the folder for the whole message.",
  };
}
