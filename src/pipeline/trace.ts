import type { Origin } from "../core/model/origin.ts";
import { keyId, type ResourceKey } from "../core/model/resource.ts";
import { traceManifests } from "./trace-manifests.ts";
import { traceOverlay } from "./trace-overlay.ts";
import type { TraceContext, TracedSide, WantedObject, WantedPlace } from "./traced.ts";

/** Tells the origin of a place that was asked for; undefined for any other one. */
export type OriginLookup = (key: ResourceKey, place: WantedPlace) => Origin | undefined;

/**
 * Finds the file, line and column that set places of desired objects. For an overlay each answer is proved: another value
 * there arrives at the place when it is rendered; what cannot be proved is `unknown`, with the reason. Costs two renders,
 * some more where places get into each other's way. Never throws for what is wrong with the overlay; throws GIT_FAILED,
 * GIT_TIMEOUT, BLOB_TOO_LARGE where the files cannot be read, and RENDERER_DAMAGED.
 */
export async function traceOrigins(
  { checkout, desired }: TracedSide,
  wanted: readonly WantedObject[],
  context: TraceContext,
): Promise<OriginLookup> {
  const asked = wanted.filter(({ places }) => places.length > 0);
  if (asked.length === 0) return () => undefined;
  const traced =
    desired.type === "overlay"
      ? await traceOverlay({ checkout, desired }, asked, context)
      : await traceManifests(checkout, asked);
  const origins = new Map<string, Origin>();
  for (const [index, { resource, places }] of asked.entries()) {
    for (const [at, place] of places.entries()) {
      const origin = traced[index]?.[at];
      if (origin !== undefined) origins.set(idOf(resource.key, place), origin);
    }
  }
  return (key, place) => origins.get(idOf(key, place));
}

function idOf(key: ResourceKey, { pointer, line, precision }: WantedPlace): string {
  return JSON.stringify([keyId(key), pointer, line ?? 0, precision ?? "field"]);
}
