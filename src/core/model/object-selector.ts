import { formatKind, type ResourceKey } from "./resource.ts";

/** Which objects a rule is about. A key that is absent says nothing; one that is there lists what will do. */
export interface ObjectSelector {
  /** "VirtualService", or "Gateway.networking.istio.io" where the kind alone could be two. */
  readonly kinds?: readonly string[];
  /** With * at its end for any ending. Objects of the whole cluster are in none. */
  readonly namespaces?: readonly string[];
  /** With * at its end for any ending. */
  readonly names?: readonly string[];
}

/** Whether a rule is about an object. */
export function selectsObject({ kinds, namespaces, names }: ObjectSelector, key: ResourceKey): boolean {
  const isKind = kinds === undefined || kinds.includes(key.kind) || kinds.includes(formatKind(key));
  const isPlace =
    namespaces === undefined || (key.namespace !== "" && matchesAnyName(namespaces, key.namespace));
  return isKind && isPlace && (names === undefined || matchesAnyName(names, key.name));
}

/** Whether a name is one of these, which may end in * for any ending. */
export function matchesAnyName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
