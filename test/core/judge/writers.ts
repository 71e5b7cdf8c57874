import path from "node:path";
import { readBuiltInRules } from "../../../src/config/built-in.ts";
import { classifyWriter } from "../../../src/core/judge/classify-writer.ts";
import type { AttributionContext } from "../../../src/core/judge/writers.ts";
import { createOwnersReader } from "../../../src/core/manifest/owners.ts";
import type { Change } from "../../../src/core/model/finding.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import type { Resource } from "../../../src/core/model/resource.ts";

/** The rules that come with the package. */
export const { managers: builtIn } = await readBuiltInRules(path.resolve(import.meta.dirname, "../../.."));

/** When the objects of the tests are looked at. */
export const now = new Date("2026-03-02T09:00:00Z");

export const context: AttributionContext = {
  classify: (owner, live) => classifyWriter([builtIn], owner, live),
  now,
};

/** An entry of managedFields: "kubectl-edit Update 03-01T10:00". */
export function entry(who: string, fieldsV1: Json, more: JsonObject = {}): JsonObject {
  const [manager = "", operation = "", at] = who.split(" ");
  return { manager, operation, ...(at !== undefined && { time: `2026-${at}:00Z` }), fieldsV1, ...more };
}

/** A live VirtualService, or what `object` makes of it, with these managedFields. */
export function live(managedFields: Json | undefined, object: JsonObject = {}): Resource {
  const { metadata, ...rest } = object;
  const named = { name: "reviews", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" };
  return {
    key: { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" },
    object: { ...rest, metadata: { ...named, ...(metadata as JsonObject | undefined) } },
    ...(managedFields !== undefined && { owners: createOwnersReader()({ managedFields }) }),
  };
}

/** A change of a field that both sides have; Git's side at another place than live's. */
export function changed(at: string, pointer: string): Change {
  return {
    type: "changed",
    path: at,
    desired: { pointer: "/elsewhere", value: "git" },
    live: { pointer, value: "live" },
  };
}

/** A field of Git that live lacks. */
export function removed(at: string, pointer: string): Change {
  return { type: "removed", path: at, desired: { pointer, value: "git" } };
}
