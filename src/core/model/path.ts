/** A place in a raw object: field names and list positions, from the root of the object. */
export type RawPath = readonly (string | number)[];

/** The RFC 6901 pointer of a raw path: "/spec/http/0/timeout"; "" is the whole object. */
export function toPointer(path: RawPath): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The steps of an RFC 6901 pointer, names and positions alike as text; "" has none. */
export function fromPointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  const steps = pointer.slice(1).split("/");
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A field name that needs no quotes in an identity path. */
const plainName = /^[A-Za-z_$][\w$-]*$/;

/**
 * Adds a field to an identity path: `spec.http`, or `metadata.labels["istio.io/rev"]` where the name would be
 * ambiguous with dots.
 */
export function childPath(parent: string, name: string): string {
  if (!plainName.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === "" ? name : `${parent}.${name}`;
}

/** Adds a list item to an identity path: `spec.http[name=primary]`, or `spec.http[2]` where it has no identity. */
export function itemPath(parent: string, identity: string): string {
  return `${parent}[${identity}]`;
}
