import type { FieldOwner } from "./field-owner.ts";
import { field, type JsonObject, textField } from "./json.ts";

/** A kind without its version. `group` is "" for the core group. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * What names an object of the API server: never its version, because all served versions are one object.
 * `namespace` is "" for a cluster-scoped object, `group` is "" for the core group.
 */
export interface ResourceKey extends GroupKind {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Where a rendered object comes from, as Kustomize tells it. Paths are relative to the root of the repository. A file of
 * a remote base stands as "https://github.com/acme/base@v1.0:overlays/x/vs.yaml" (repository, ref or HEAD, path): it
 * always holds "://", which no path inside a repository can.
 */
export interface Provenance {
  /** The file that holds the object, or the kustomization whose generator made it. */
  readonly file: string;
  /** Kustomizations that changed the object on its way, in order, with what they used ("PatchTransformer"). */
  readonly changedBy: readonly { readonly file: string; readonly by: string }[];
}

/** Whether the file of a provenance or origin is one of a remote base, and no path of the repository. */
export function isRemoteFile(file: string): boolean {
  return file.includes("://");
}

/** One object of either side. */
export interface Resource {
  readonly key: ResourceKey;
  readonly object: JsonObject;
  readonly provenance?: Provenance;
  /** Names of `${NAME}` in it that nobody gave a value: what they become, only the deployer knows. */
  readonly unresolved?: readonly string[];
  /** Who wrote which fields. Absent where that is not known: in Git, and where kubectl was not asked for managedFields. */
  readonly owners?: readonly FieldOwner[];
}

/** The names that namespaces can have: RFC 1123 labels. */
export const namespacePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Objects that have no namespace themselves, and whose labels selectors of namespaces look at. */
export const namespaceKind: GroupKind = { group: "", kind: "Namespace" };

/** Whether two are of one kind, whatever their versions. */
export function isSameKind(a: GroupKind, b: GroupKind): boolean {
  return a.kind === b.kind && a.group === b.group;
}

/** The group of an apiVersion: "networking.istio.io" of "networking.istio.io/v1", "" of "v1". */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The key of an object that has apiVersion, kind and metadata.name; undefined where one of them is missing. */
export function keyOf(object: JsonObject): ResourceKey | undefined {
  const apiVersion = textField(object, "apiVersion");
  const kind = textField(object, "kind");
  const metadata = field(object, "metadata");
  const name = textField(metadata, "name");
  if (apiVersion === "" || kind === "" || name === "") return undefined;
  return { group: groupOf(apiVersion), kind, namespace: textField(metadata, "namespace"), name };
}

/** One string a key, fit for a Map: two keys are the same object exactly when their ids are equal. */
export function keyId(key: ResourceKey): string {
  return JSON.stringify([key.group, key.kind, key.namespace, key.name]);
}

/** The key of a keyId. For ids that keyId made. */
export function keyOfId(id: string): ResourceKey {
  const [group = "", kind = "", namespace = "", name = ""] = JSON.parse(id) as readonly string[];
  return { group, kind, namespace, name };
}

/** Some names, the first three in full unless told otherwise: "a, b, c and 4 more". */
export function formatFew(names: readonly string[], most = 3): string {
  const few = names.slice(0, most).join(", ");
  return names.length > most ? `${few} and ${String(names.length - most)} more` : few;
}

/** A kind with its group, as kubectl writes it: "VirtualService.networking.istio.io", "Service" in the core group. */
export function formatKind(kind: GroupKind): string {
  return kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
}

/** Kinds that Istio and Gateway API both have: only these need their group to be told apart. */
const ambiguous = new Set(["Gateway"]);

/** A key as people write it: `[namespace/]Kind[.group]/name`, the group only where the kind alone is ambiguous. */
export function formatKey(key: ResourceKey): string {
  const kind = ambiguous.has(key.kind) ? formatKind(key) : key.kind;
  return `${key.namespace === "" ? "" : `${key.namespace}/`}${kind}/${key.name}`;
}

/** Orders keys by namespace, kind, group and name, by code unit: the same on every machine. */
export function compareKeys(a: ResourceKey, b: ResourceKey): number {
  return (
    order(a.namespace, b.namespace) ||
    order(a.kind, b.kind) ||
    order(a.group, b.group) ||
    order(a.name, b.name)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
