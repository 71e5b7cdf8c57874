import { field, isObject, type Json, type JsonObject, objectOf, sameJson } from "../model/json.ts";
import { once } from "../model/once.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { readPlainMessage } from "./mesh-text.ts";
import { pathTo } from "./place.ts";
import { listAt, withField, without } from "./sites.ts";
import type { Answer, Facts, Field, Site } from "./table.ts";

/**
 * The shared mesh configuration, over which istiod lays that of ConfigMap `istio` or `istio-<revision>` (istio
 * pilot/pkg/bootstrap/mesh.go:44-47, 130-136). Either side of a comparison may have another one. What all of them say
 * alike is known to lie under the main one; where they differ, that is told of the shared ConfigMap itself, and what the
 * main one says counts as written: its zero may take away what is shared on one side only.
 */
export interface SharedConfig {
  readonly config: JsonObject;
  /** The keys of which it is not clear what is shared. */
  readonly open: ReadonlySet<string> | "all";
  readonly name: string;
}

const nothingShared: SharedConfig = { config: {}, open: new Set(), name: "" };

/** What AKS lays under `istio-asm-1-27`, unasked (learn.microsoft.com/azure/aks/istio-meshconfig). */
const sharedPrefix = "istio-shared-configmap-";

function nameOfShared({ name }: ResourceKey, facts: Facts): string {
  const { sharedMeshConfig } = facts;
  if (name === sharedMeshConfig || name.startsWith(sharedPrefix)) return "";
  if (sharedMeshConfig !== "") return sharedMeshConfig;
  return name.startsWith("istio-asm-") ? `${sharedPrefix}${name.slice("istio-".length)}` : "";
}

const sharedOf = once<Facts, Map<string, SharedConfig>>(() => new Map());

/** What is shared under the mesh configuration at a site; `shape` is that of MeshConfig. */
export function sharedUnder({ object: { key }, facts }: Site, shape: Field): SharedConfig {
  const name = nameOfShared(key, facts);
  if (name === "") return nothingShared;
  const ofFacts = sharedOf(facts);
  const id = `${key.namespace}/${name}`;
  const found = ofFacts.get(id) ?? agree(facts, { ...key, name }, shape);
  ofFacts.set(id, found);
  return found;
}

function agree(facts: Facts, { group, kind, namespace, name }: ResourceKey, shape: Field): SharedConfig {
  const unclear: SharedConfig = { config: {}, open: "all", name };
  const versions = facts.versions(group, kind, namespace, name);
  if (versions === "unknown") return unclear;
  const configs = versions
    .map((version) => configOf(version, shape))
    .filter((config) => config !== undefined);
  const [first = {}, ...others] = configs;
  if (configs.length < versions.length) return unclear;
  const names = new Set([first, ...others].flatMap((config) => Object.keys(config)));
  const open = new Set(
    [...names].filter((one) => others.some((other) => !sameJson(field(first, one), field(other, one)))),
  );
  return { config: without(first, ...open), open, name };
}

/** The configuration in a ConfigMap, none where there is no ConfigMap; undefined where istiod cannot read it. */
function configOf(version: Resource | undefined, shape: Field): JsonObject | undefined {
  const text = field(field(version?.object, "data"), "mesh") ?? null;
  return text === null ? {} : readPlainMessage(shape, text);
}

/** Whether it is clear what lies under the setting that a site stands in, or what would have to be known. */
export function isSharedClear(at: Site, shape: Field): Answer {
  const { open, name } = sharedUnder(at, shape);
  const [, , setting = ""] = pathTo(at);
  if (open === "all") return { missing: `the shared mesh configuration (ConfigMap ${name})` };
  if (!open.has(String(setting))) return true;
  return { missing: `which shared mesh configuration holds (ConfigMap ${name}): the two sides differ in it` };
}

/** The main configuration laid over the shared one, as istiod does it (istio pkg/config/mesh/mesh.go:146-263). */
export function overlay(shared: JsonObject, main: JsonObject): JsonObject {
  const merged = over(shared, main);
  return Object.keys(shared).reduce((result, name) => {
    const [below, above] = [field(shared, name) ?? null, field(main, name) ?? null];
    const value = above === null ? below : mergeSetting(name, below, above);
    return sameJson(field(result, name), value) ? result : withField(result, name, value);
  }, merged);
}

/** Fields of `above` where it has them, else those of `below`; null says nothing. */
function over(below: JsonObject, above: JsonObject): JsonObject {
  const missing = Object.entries(below).filter(([name]) => (field(above, name) ?? null) === null);
  if (missing.length === 0) return above;
  return objectOf([...Object.entries(above).filter(([, value]) => value !== null), ...missing]);
}

/** Settings that are put together, not replaced. */
function mergeSetting(name: string, below: Json, above: Json): Json {
  if (name === "extensionProviders" || name === "trustDomainAliases")
    return [...listAt(below), ...listAt(above)];
  if (!isObject(below) || !isObject(above)) return above;
  if (name === "defaultProviders") return over(below, above);
  return name === "defaultConfig" ? mergeProxyConfig(below, above) : above;
}

/** The two names that a proxy may take, of which setting one unsets the other. */
const proxyNames = ["serviceCluster", "tracingServiceName"] as const;

/** The headers that fill up each other; all others are replaced together. */
const mergedHeaders = new Set([
  "forwardedClientCert",
  "requestId",
  "attemptCount",
  "server",
  "envoyDebugHeaders",
]);

function mergeProxyConfig(below: JsonObject, above: JsonObject): JsonObject {
  const namesItself = proxyNames.some((name) => (field(above, name) ?? null) !== null);
  const merged = over(namesItself ? without(below, ...proxyNames) : below, above);
  return ["proxyMetadata", "proxyHeaders"].reduce((result, name) => {
    const [mine, shared] = [field(above, name), field(below, name)];
    if (!isObject(mine) || !isObject(shared)) return result;
    const filling = Object.entries(shared).filter(
      ([key]) => name === "proxyMetadata" || mergedHeaders.has(key),
    );
    return withField(result, name, over(objectOf(filling), mine));
  }, merged);
}
