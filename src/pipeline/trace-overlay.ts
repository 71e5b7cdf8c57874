import { fromPointer } from "../core/model/path.ts";
import { decodeText } from "../core/manifest/decode-text.ts";
import { substitute } from "../core/manifest/substitute.ts";
import { type Ask, deepestAt, groupOfAsk } from "../core/judge/origin/ask.ts";
import { originAt } from "../core/judge/origin/locate-found.ts";
import { isKustomization, type TextFile, traceSources } from "../core/judge/origin/source-file.ts";
import { sha256 } from "../core/model/digest.ts";
import type { Origin } from "../core/model/origin.ts";
import { keyId, keyOf, type Resource } from "../core/model/resource.ts";
import type { Rendered } from "../ports/renderer.ts";
import type { Checkout } from "../ports/source.ts";
import { editedCheckout } from "./edited-checkout.ts";
import { type Room, seekAll, type SeekResult } from "./seek.ts";
import type { TraceContext, TracedObjects, TracedSide, WantedObject } from "./traced.ts";

/** A larger file is not looked into: schemas and the like. */
const maxFileBytes = 2 * 1024 * 1024;
/** More bytes than this are not looked into for one target. */
const maxBytes = 32 * 1024 * 1024;

type OverlaySide = TracedSide & { readonly desired: { readonly type: "overlay" } };

/** The origins of places of rendered objects. */
export async function traceOverlay(
  { checkout, desired }: OverlaySide,
  wanted: readonly WantedObject[],
  { renderer, openBase }: TraceContext,
): Promise<TracedObjects> {
  const { overlay, transform } = desired;
  const request = { checkout, overlay, openBase, ...(transform && { transform }) };
  const plain = await renderer.render(request);
  if (plain.type === "failed") return allUnknown(wanted, `it could not be rendered again: ${plain.reason}`);
  const values = transform?.substitute ?? {};
  const objects = wanted.map(({ resource }) => indexOf(resource, plain.resources, values));
  const asks = wanted.map(({ places }, index) =>
    places.map((place) => askFor(place, objects[index], plain.resources)),
  );
  const room: Room = {
    plain,
    render: (files) => {
      const edited = editedCheckout(checkout, files);
      return renderer.render({ ...request, checkout: edited, variant: variantOf(edited, files) });
    },
    near: await readRoom(checkout, nearFiles(plain, objects)),
    all: () => readRoom(checkout, plain.files),
  };
  const results = await seekAll(
    asks.flat().filter((ask) => ask !== undefined),
    room,
  );
  return asks.map((list) =>
    list.map((ask) => originOf(ask, results, { plain, hasTransform: transform !== undefined })),
  );
}

/** The same edits are asked for in every scan that finds the same: their renders go by what the files hold. */
function variantOf({ tree }: Checkout, files: ReadonlyMap<string, unknown>): string {
  return sha256(JSON.stringify([...files.keys()].map((file) => [file, tree.get(file)?.oid ?? ""])));
}

function allUnknown(wanted: readonly WantedObject[], reason: string): TracedObjects {
  return wanted.map(({ places }) => places.map(() => ({ type: "unknown", reason })));
}

/** Which of the rendered objects a desired one is, before its variables were put in. */
function indexOf(
  { key }: Resource,
  resources: readonly Resource[],
  values: Readonly<Record<string, string>>,
): number | undefined {
  const wantedId = keyId(key);
  const index = resources.findIndex((resource) => {
    const named = nameNow(resource, values);
    return keyId(named) === wantedId || keyId({ ...named, namespace: "" }) === wantedId;
  });
  return index < 0 ? undefined : index;
}

function nameNow(resource: Resource, values: Readonly<Record<string, string>>): Resource["key"] {
  const { key, object } = resource;
  if (!`${key.namespace}/${key.name}`.includes("$")) return key;
  const done = substitute(object, values);
  return (done.type === "substituted" ? keyOf(done.object) : undefined) ?? key;
}

function askFor(
  { pointer, line, precision = "field" }: WantedObject["places"][number],
  object: number | undefined,
  resources: readonly Resource[],
): Ask | undefined {
  const resource = object === undefined ? undefined : resources[object];
  if (object === undefined || resource === undefined) return undefined;
  const wanted = fromPointer(pointer);
  const { path, value } = deepestAt(resource.object, wanted);
  const isWhole = path.length === wanted.length;
  return {
    object,
    path,
    value,
    precision: isWhole ? precision : "around",
    isGenerated: isKustomization(resource.provenance?.file ?? ""),
    ...(line !== undefined && { line }),
  };
}

/** Without the files that hold nothing but other objects. */
function nearFiles(plain: Rendered, objects: readonly (number | undefined)[]): readonly string[] {
  const wanted = new Set(objects.map((index) => plain.resources[index ?? -1]?.provenance?.file));
  const others = new Set(plain.resources.map(({ provenance }) => provenance?.file));
  return plain.files.filter((file) => wanted.has(file) || !others.has(file) || isKustomization(file));
}

async function readRoom(checkout: Checkout, paths: readonly string[]): Promise<Room["near"]> {
  const entries = paths.flatMap((file) => {
    const entry = checkout.tree.get(file);
    return entry?.type === "file" ? [{ file, oid: entry.oid }] : [];
  });
  const blobs = await checkout.readBlobs(entries.map(({ oid }) => oid));
  const files: TextFile[] = [];
  let bytes = 0;
  for (const [index, { file }] of entries.entries()) {
    const blob = blobs[index];
    if (blob === undefined || blob.length > maxFileBytes || bytes + blob.length > maxBytes) continue;
    bytes += blob.length;
    const decoded = decodeText(blob);
    if (decoded.type === "text") files.push({ file, text: decoded.text });
  }
  return { files, ...traceSources(files) };
}

function originOf(
  ask: Ask | undefined,
  results: ReadonlyMap<Ask, SeekResult>,
  about: { readonly plain: Rendered; readonly hasTransform: boolean },
): Origin {
  if (ask === undefined) return { type: "unknown", reason: "the render does not have the object any more" };
  const result = results.get(ask);
  if (result?.type === "found") return originAt(result.found, ask);
  const reason = result?.reason ?? whyUnknown(ask, about);
  return { type: "unknown", reason };
}

function whyUnknown(
  ask: Ask,
  { plain, hasTransform }: { readonly plain: Rendered; readonly hasTransform: boolean },
): string {
  const file = plain.resources[ask.object]?.provenance?.file ?? "";
  if (file.includes("://")) return `it comes from the remote base ${file}`;
  const others = hasTransform ? ", or the target's transform sets it" : "";
  const what = groupOfAsk(ask) === "metadata" ? "label or annotation" : "value";
  return `no line of the repository alone gives the ${what}: Kustomize changes it on its way${others}`;
}
