import type { ResourceKey } from "./resource.ts";

/** A key as people write it: `[namespace/]Kind[.group]/name`. */
export interface NamedKey {
  /** "" where none is written. */
  readonly namespace: string;
  readonly kind: string;
  /** Absent where none is written: any. */
  readonly group?: string;
  readonly name: string;
}

const form = /^(?:([^/]+)\/)?([^/.]+)(?:\.([^/]+))?\/([^/]+)$/;

/** Reads a key that somebody wrote; undefined where it has another form. */
export function parseNamedKey(text: string): NamedKey | undefined {
  const [, namespace = "", kind, group, name] = form.exec(text) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return { namespace, kind, name, ...(group !== undefined && { group }) };
}

/** Whether a key is the one that is written: the kind in any case, as with kubectl. */
export function isNamed({ namespace, kind, group, name }: NamedKey, key: ResourceKey): boolean {
  return (
    key.name === name &&
    key.namespace === namespace &&
    key.kind.toLowerCase() === kind.toLowerCase() &&
    (group === undefined || key.group === group)
  );
}
