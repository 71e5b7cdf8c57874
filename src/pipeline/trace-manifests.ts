import { fromPointer } from "../core/model/path.ts";
import { decodeText } from "../core/manifest/decode-text.ts";
import { readSource, type SourceNode, type SourceText } from "../core/manifest/source-nodes.ts";
import { originAt } from "../core/judge/origin/locate-found.ts";
import { deepestNode, findObject } from "../core/judge/origin/find-object.ts";
import type { Origin } from "../core/model/origin.ts";
import type { Checkout } from "../ports/source.ts";
import type { TracedObjects, WantedObject, WantedPlace } from "./traced.ts";

/** The origins of places of manifests, which stand in their files as they are. */
export async function traceManifests(
  checkout: Checkout,
  wanted: readonly WantedObject[],
): Promise<TracedObjects> {
  const texts = new Map<string, SourceText | undefined>();
  for (const { resource } of wanted) {
    const file = resource.provenance?.file ?? "";
    if (!texts.has(file)) texts.set(file, await readFile(checkout, file));
  }
  return wanted.map(({ resource, places }) => {
    const file = resource.provenance?.file ?? "";
    const content = texts.get(file);
    const root = content && findObject(content, resource);
    return places.map((place): Origin => {
      if (content === undefined) return unknown(`${file} holds something that cannot be read by place`);
      if (root === undefined) return unknown(`${file} does not name the object as it is compared`);
      return originIn({ file, content }, root, place);
    });
  });
}

function originIn(
  { file, content }: { readonly file: string; readonly content: SourceText },
  root: SourceNode,
  { pointer, line, precision = "field" }: WantedPlace,
): Origin {
  const { node, isWhole } = deepestNode(root, fromPointer(pointer));
  const source = { file, content, markables: [], tests: [] };
  const markable = { node, name: "", by: "manifest", isMetadata: false } as const;
  const ask = { precision: isWhole ? precision : ("around" as const), ...(line !== undefined && { line }) };
  return originAt({ type: "node", source, markable, node }, ask);
}

async function readFile(checkout: Checkout, file: string): Promise<SourceText | undefined> {
  const entry = checkout.tree.get(file);
  if (entry?.type !== "file") return undefined;
  const [bytes = new Uint8Array()] = await checkout.readBlobs([entry.oid]);
  const decoded = decodeText(bytes);
  return decoded.type === "text" ? readSource(decoded.text) : undefined;
}

function unknown(reason: string): Origin {
  return { type: "unknown", reason };
}
